/**
 * Files, memory and workspace in; a list of changes out. Pure: no I/O, clock, randomness or log.
 */

import type { Binding, Intent } from '../model/baseline.ts';
import type { Change, Plan } from '../model/change.ts';
import type { LiveConnector } from '../model/connector.ts';
import type { Desired, InvalidDefinition, Problem } from '../model/problem.ts';
import type { Classify, Lens } from './classify-connector.ts';
import { classifyConnector } from './classify-connector.ts';
import { matchIdentities } from './match-identity.ts';

export interface PlanInput {
  readonly desired: Desired;
  readonly bindings: readonly Binding[];
  /** Creates whose answer was never recorded. */
  readonly intents: readonly Intent[];
  readonly live: readonly LiveConnector[];
}

/** Compute what would make the workspace equal to the files, before policy has its say. */
export function computePlan(input: PlanInput, lens: Lens, classify: Classify = classifyConnector): Plan {
  const { desired, bindings, intents, live } = inOrder(input);
  const { matches, moves, held, orphans, superseded } = matchIdentities(
    desired,
    bindings,
    intents,
    live,
    lens.fingerprint,
  );
  const liveById = new Map(live.map((connector) => [connector.id, connector]));

  const wanted = [...matches].map(([definition, match]) => classify(definition, match, lens));
  const kept = holdInvalid(desired.invalid, held);
  const removed = orphans.flatMap((binding) => removeOrphan(binding, liveById.get(binding.id)));
  const changes = sortByKey([...wanted, ...kept, ...removed]);

  const spokenOf = new Set([...changes.map(({ id }) => id), ...bindings.map(({ id }) => id)]);
  return {
    changes,
    moves,
    forget: [...orphans.filter(({ id }) => !liveById.has(id)), ...superseded].map(({ key }) => key),
    unmanaged: live.filter(({ id }) => !spokenOf.has(id)).length,
  };
}

/** The same plan comes of the same facts, in whatever order files, memory and answers tell them. */
function inOrder({ desired, bindings, intents, live }: PlanInput): PlanInput {
  return {
    desired: { ...desired, connectors: sortByKey(desired.connectors), invalid: sortByKey(desired.invalid) },
    bindings: sortByKey(bindings),
    intents,
    live: live.toSorted((a, b) => a.id - b.id),
  };
}

function sortByKey<T extends { readonly key: string }>(items: readonly T[]): readonly T[] {
  return items.toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
}

/** Invalid definitions, and the connectors bound to them, stay as they are. */
function holdInvalid(invalid: readonly InvalidDefinition[], held: readonly Binding[]): readonly Change[] {
  const byKey = new Map<string, Change>();
  for (const { key, file, id, name, problems } of invalid) {
    // Two files may claim one key, and documents without a ref all have that of their file: the first speaks for all.
    if (byKey.has(key)) continue;
    const binding = held.find((candidate) => candidate.key === key);
    byKey.set(key, {
      action: 'held',
      cause: 'invalid',
      key,
      file,
      id: binding?.id ?? id,
      name: binding?.name ?? name,
      reason: reasonOf(problems),
      fields: [],
    });
  }
  for (const { key, file, id, name } of held) {
    if (byKey.has(key)) continue;
    byKey.set(key, {
      action: 'held',
      cause: 'invalid',
      key,
      file,
      id,
      name,
      reason: `${file} holds an invalid definition`,
      fields: [],
    });
  }
  return [...byKey.values()];
}

function reasonOf([first]: readonly Problem[]): string {
  if (first === undefined) return 'the definition is invalid';
  return `${first.file}:${first.line}:${first.column}: ${first.message}`;
}

function removeOrphan(binding: Binding, live: LiveConnector | undefined): readonly Change[] {
  if (live === undefined) return [];
  const { key, file, id, name } = binding;
  return [
    {
      action: 'delete',
      cause: 'removed_from_source',
      key,
      file,
      id,
      name,
      reason: `${file} no longer defines it`,
      fields: [],
      binding,
      live,
    },
  ];
}
