/** Small builders of the types that stages exchange. */

import type { Binding } from '../../src/model/baseline.ts';
import type { Plan } from '../../src/model/change.ts';
import type { ConnectorConfig, LiveConnector, SyncOptions, ValidConnector } from '../../src/model/connector.ts';
import type { Fingerprint } from '../../src/model/digest.ts';
import { createDigests, hashFields } from '../../src/model/digest.ts';
import type { Desired, InvalidDefinition, Problem } from '../../src/model/problem.ts';
import type { BrakeFacts } from '../../src/plan/brakes.ts';
import type { Lens } from '../../src/plan/classify-connector.ts';
import type { PlanInput } from '../../src/plan/compute-plan.ts';
import { computePlan } from '../../src/plan/compute-plan.ts';

/** Readable in failures: the text is its own fingerprint. */
export const plainFingerprint: Fingerprint = (text) => text;

/** Shows everything as it is. */
export const clearLens: Lens = {
  fingerprint: plainFingerprint,
  digests: createDigests(plainFingerprint),
  mask: (config) => config,
};

export function config(changes: Partial<ConnectorConfig> = {}): ConnectorConfig {
  return {
    name: 'Lead score',
    type: 'enrichment',
    method: 'post',
    url: 'https://api.example.com/v1/score',
    headers: [],
    parameters: [],
    body: [],
    body_template: null,
    rate_limit: null,
    max_concurrency: null,
    ...changes,
  };
}

type DefinitionChanges = Partial<Omit<ValidConnector, 'config' | 'sync'>> & {
  readonly config?: Partial<ConnectorConfig>;
  readonly sync?: Partial<SyncOptions>;
};

export function definition({ config: fields, sync, ...rest }: DefinitionChanges = {}): ValidConnector {
  return {
    key: 'lead-score',
    file: `${(rest.key ?? 'lead-score').split('#', 1)[0] ?? ''}.yaml`,
    document: 0,
    id: null,
    secretPaths: [],
    ...rest,
    config: config(fields),
    sync: { ref: null, suspend: false, protect: false, ignore: [], ...sync },
  } as unknown as ValidConnector;
}

/** The plan of these facts; there is nothing else. */
export function planFrom(facts: Partial<PlanInput>): Plan {
  return computePlan({ desired: desiredOf([]), bindings: [], intents: [], live: [], ...facts }, clearLens);
}

export function live(id: number, changes: Partial<ConnectorConfig> = {}): LiveConnector {
  return { id, config: config(changes) };
}

/** The binding that would be stored after `desired` was written and the server answered `echo`. */
export function bindingFor(
  desired: ValidConnector,
  id: number,
  echo: Partial<ConnectorConfig> = {},
  changes: Partial<Binding> = {},
): Binding {
  return {
    key: desired.key,
    id,
    name: desired.config.name,
    file: desired.file,
    protect: desired.sync.protect,
    sent: hashFields(desired.config, desired.sync.ignore, plainFingerprint),
    echo: hashFields({ ...desired.config, ...echo }, desired.sync.ignore, plainFingerprint),
    secretPlaces: [],
    ...changes,
  };
}

export function problem(changes: Partial<Problem> = {}): Problem {
  return {
    code: 'wrong_type',
    severity: 'error',
    file: 'lead-score.yaml',
    line: 3,
    column: 9,
    path: '/method',
    message: 'method must be a string',
    hint: null,
    ...changes,
  };
}

export function invalid(changes: Partial<InvalidDefinition> = {}): InvalidDefinition {
  return {
    key: 'lead-score',
    file: `${(changes.key ?? 'lead-score').split('#', 1)[0] ?? ''}.yaml`,
    wholeFile: false,
    id: null,
    name: null,
    problems: [problem()],
    ...changes,
  };
}

export function desiredOf(connectors: readonly ValidConnector[], bad: readonly InvalidDefinition[] = []): Desired {
  return { connectors, invalid: bad, warnings: [], files: connectors.length + bad.length };
}

/** Nothing is wrong, so that no brake holds. */
export const CALM: BrakeFacts = {
  source: 'ok',
  definitions: 10,
  invalid: 0,
  bound: 10,
  boundMissing: 0,
  plannedDeletes: null,
  driftRewrites: new Map(),
  unsettledCreates: new Map(),
  maxDeletePercent: 30,
  force: false,
};
