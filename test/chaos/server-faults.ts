/** Every fault that a server can be asked for and that can be survived without knowing the future. */

import type { Fault, FaultKind, Operation } from '../../src/sandbox/faults.ts';
import type { Random } from './random.ts';
import { LATEST_COMMIT_MS } from './scene.ts';

type Effect = Readonly<Record<string, unknown>> & { readonly kind: FaultKind };

type MakeEffect = (random: Random) => Effect;

const EFFECTS: readonly [MakeEffect, ...MakeEffect[]] = [
  (random) => ({ kind: 'status', status: random.pick([500, 502, 503, 504, 507]) }),
  (random) => ({ kind: 'status', status: random.pick([400, 401, 403, 404, 406, 408, 409, 422, 425]) }),
  () => ({ kind: 'status', status: 429 }),
  () => ({ kind: 'status', status: 503, retryAfter: '1' }),
  (random) => ({ kind: 'status-after-commit', status: random.pick([408, 500, 502, 503, 504]) }),
  (random) => ({ kind: 'status-after-commit', status: random.pick([500, 502, 503, 504]) }),
  () => ({ kind: 'reset-before-commit' }),
  () => ({ kind: 'reset-after-commit' }),
  () => ({ kind: 'hang', times: 1 }),
  () => ({ kind: 'hang-after-commit', times: 1 }),
  (random) => ({ kind: 'late-commit', delayMs: random.below(LATEST_COMMIT_MS), close: random.chance(0.5), times: 2 }),
  () => ({ kind: 'slow-drip', intervalMs: 1, times: 1 }),
  () => ({ kind: 'truncated-json' }),
  () => ({ kind: 'cut-body' }),
  () => ({ kind: 'html-200' }),
  () => ({ kind: 'wrong-shape' }),
  () => ({ kind: 'header-flood' }),
  () => ({ kind: 'redirect-307', location: 'http://127.0.0.1:9/elsewhere' }),
  () => ({ kind: 'huge-answer', bytes: 80_000_000, times: 1 }),
  (random) => ({ kind: 'echo-422', shape: random.pick(['list', 'text']) }),
];

const OPERATIONS: readonly [Operation | 'any', ...(Operation | 'any')[]] = [
  'any',
  'any',
  'any',
  'list',
  'create',
  'update',
  'update',
  'delete',
];

export function anyFault(random: Random): Fault {
  const effect = random.pick(EFFECTS)(random);
  // Whether it makes sense is checked where it is injected.
  return { on: random.pick(OPERATIONS), times: 1 + random.below(5), ...effect } as unknown as Fault;
}
