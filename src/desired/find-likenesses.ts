/** Definitions that people, and some file systems, will take for one another. */

import type { Candidate } from './check-set.ts';
import type { Fault } from './fault.ts';
import { fault, quoteName } from './fault.ts';

/** Names and files that differ only in case, or in spaces; each is told of the first of the others. */
export function findLikenesses<T extends Candidate>(candidates: readonly T[]): ReadonlyMap<T, readonly Fault[]> {
  const faults = new Map<T, Fault[]>();
  const add = (one: T, found: Fault): void => {
    faults.set(one, [...(faults.get(one) ?? []), found]);
  };

  const named = candidates.filter(({ name, hasSecretName }) => name !== null && !hasSecretName);
  for (const group of Map.groupBy(named, ({ name }) => fold(name ?? '')).values()) {
    const different = distinct(group, ({ name }) => name);
    for (const one of group) {
      const other = different.find(({ name }) => name !== one.name);
      if (other !== undefined) add(one, similarName(one, other));
    }
  }
  const firsts = distinct(candidates, ({ file }) => file);
  for (const group of Map.groupBy(firsts, ({ file }) => fold(file)).values()) {
    for (const one of group) {
      const other = group.find(({ file }) => file !== one.file);
      if (other !== undefined) add(one, similarFile(other));
    }
  }
  return faults;
}

/** The first of each kind. */
function distinct<T>(all: readonly T[], kindOf: (one: T) => unknown): readonly T[] {
  return [...Map.groupBy(all, kindOf).values()].flatMap(([first]) => first ?? []);
}

function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase().replaceAll(/\s+/gu, ' ').trim();
}

function similarName({ name }: Candidate, other: Candidate): Fault {
  const message = `The name ${quoteName(name ?? '')} is nearly that of ${other.file}, ${quoteName(other.name ?? '')}.`;
  const hint = 'They are two connectors; give them names that people can tell apart.';
  return fault('similar_name', '/name', message, { hint, severity: 'warning' });
}

function similarFile({ file }: Candidate): Fault {
  const message = `The path of this file differs from ${quoteName(file)} only in case or spaces.`;
  const hint = 'Rename one of them: where case makes no difference, as on macOS and Windows, git checks out only one.';
  return fault('similar_file', '', message, { hint, severity: 'warning' });
}
