/** What can happen to a workspace and its files, as plain data: a failing sequence can be printed, pasted and replayed. */

import fc from 'fast-check';
import type { Fault, Operation } from '../../../src/sandbox/faults.ts';
import type { Breakage, ModelDefinition } from './definition.ts';

/** An edit of the files. `which` and `other` are counted round the definitions that there are. */
export type FileAction =
  | {
      readonly do: 'add';
      readonly file: number;
      readonly header: ModelDefinition['header'];
      readonly secretName: boolean;
      readonly rate: number | null;
      /** A connector of that name is there already; its content may be the same. */
      readonly adopt: 'no' | 'same' | 'other';
    }
  | { readonly do: 'edit'; readonly which: number; readonly rate: number | null }
  | { readonly do: 'rename' | 'remove' | 'restore' | 'mend' | 'unpin'; readonly which: number }
  | { readonly do: 'move'; readonly which: number; readonly file: number }
  | { readonly do: 'swap'; readonly what: 'names' | 'paths'; readonly which: number; readonly other: number }
  | { readonly do: 'move-over'; readonly which: number; readonly other: number }
  | { readonly do: 'break'; readonly which: number; readonly how: Exclude<Breakage, 'none'> }
  | { readonly do: 'toggle'; readonly which: number; readonly what: 'suspend' | 'protect' | 'ignoreRate' };

export type Action =
  | FileAction
  | { readonly do: 'rotate-secret'; readonly to: 'set' | 'unset' }
  | { readonly do: 'edit-outside'; readonly which: number; readonly what: 'rate' | 'method' | 'name' | 'headers' }
  | { readonly do: 'pin' | 'remove-outside' | 'add-namesake'; readonly which: number }
  | { readonly do: 'fault'; readonly fault: Fault }
  | { readonly do: 'calm' | 'refuse-key' | 'accept-key' | 'restart' | 'lose-state' | 'wait' }
  | {
      readonly do: 'pass';
      /** At which request of the pass the process dies, and how far that request has come. */
      readonly kill: { readonly at: number; readonly when: KillMoment } | null;
      /** At which request of the pass the files are said to have changed. */
      readonly withdrawAt: number | null;
      readonly source: 'there' | 'missing' | 'empty';
      readonly honourBackOff: boolean;
    };

export type KillMoment = 'before it is sent' | 'while it is under way' | 'when it is answered';

/** One world of faults: what can be survived together. */
export type Family =
  /** Answers get lost, processes die. */
  | 'losses'
  /** Lists tell of the past, or half of it. Nothing else goes wrong: with both, nobody could know. */
  | 'lies';

const which = fc.nat({ max: 30 });
const rate = fc.option(fc.constantFrom(1, 7, 40, 60, 100));
const often = fc.constantFrom(1, 1, 2, 3, 6);

const FAILING = [400, 401, 403, 404, 406, 408, 409, 422, 425, 429, 500, 502, 503, 504, 507];
const FAILING_AFTER = [408, 500, 502, 503, 504, 520];
const OPERATIONS: readonly Operation[] = ['list', 'create', 'get', 'update', 'delete'];

type Effect = fc.Arbitrary<Record<string, unknown> & Pick<Fault, 'kind'>>;

const EFFECTS: readonly { readonly effect: Effect; readonly weight: number }[] = [
  { weight: 3, effect: fc.record({ kind: fc.constant('status'), status: fc.constantFrom(...FAILING) }) },
  {
    weight: 3,
    effect: fc.record({ kind: fc.constant('status-after-commit'), status: fc.constantFrom(...FAILING_AFTER) }),
  },
  {
    weight: 1,
    effect: fc.record({
      kind: fc.constant('status'),
      status: fc.constantFrom(429, 503),
      retryAfter: fc.constant('0'),
    }),
  },
  {
    weight: 6,
    effect: fc.record({
      kind: fc.constantFrom(
        'reset-before-commit',
        'reset-after-commit',
        'truncated-json',
        'cut-body',
        'html-200',
        'header-flood',
        'wrong-shape',
        'echo-422',
      ),
    }),
  },
  { weight: 1, effect: fc.record({ kind: fc.constantFrom('hang', 'hang-after-commit'), times: fc.constant(1) }) },
  {
    weight: 3,
    effect: fc.record({
      kind: fc.constant('late-commit'),
      times: fc.constant(1),
      delayMs: fc.constantFrom(1, 30, 45),
      close: fc.boolean(),
    }),
  },
  {
    weight: 1,
    effect: fc.record({ kind: fc.constant('redirect-307'), location: fc.constant('http://127.0.0.1:9/elsewhere') }),
  },
];

const losses: fc.Arbitrary<Fault> = fc
  .tuple(
    fc.record({
      on: fc.constantFrom<Fault['on'][]>(...OPERATIONS, 'create', 'update', 'any'),
      times: often,
      after: fc.constantFrom(0, 0, 1, 2),
    }),
    fc.oneof(...EFFECTS.map(({ effect, weight }) => ({ arbitrary: effect, weight }))),
  )
  // Whether it makes sense is checked where it is injected.
  .map(([trigger, effect]) => ({ ...trigger, ...effect }) as unknown as Fault);

const lies: fc.Arbitrary<Fault> = fc.oneof(
  fc
    .record({ times: often, changesAgo: fc.option(fc.nat({ max: 12 }), { nil: undefined }) })
    .map(({ times, changesAgo }) => ({
      on: 'list' as const,
      kind: 'stale-list' as const,
      times,
      ...(changesAgo !== undefined && { changesAgo }),
    })),
  fc
    .record({ times: often, count: fc.nat({ max: 6 }) })
    .map((list) => ({ on: 'list' as const, kind: 'short-list' as const, ...list })),
  often.map((times) => ({ on: 'list' as const, kind: 'wrong-shape' as const, body: [], times })),
);

/** Null otherwise. */
function seldom<T>(arbitrary: fc.Arbitrary<T>, timesInTen: number): fc.Arbitrary<T | null> {
  return fc.oneof({ arbitrary: fc.constant(null), weight: 10 - timesInTen }, { arbitrary, weight: timesInTen });
}

function anyAction(family: Family): fc.Arbitrary<Action> {
  const withLosses = family === 'losses';
  const simple = <const D extends Action['do']>(...names: readonly D[]): fc.Arbitrary<{ readonly do: D }> =>
    fc.constantFrom(...names).map((name) => ({ do: name }));
  const chosen = <const D extends string>(
    ...names: readonly D[]
  ): fc.Arbitrary<{ readonly do: D; readonly which: number }> => fc.record({ do: fc.constantFrom(...names), which });
  const kill = fc.record({
    at: fc.nat({ max: 8 }),
    when: fc.constantFrom<KillMoment[]>('before it is sent', 'while it is under way', 'when it is answered'),
  });
  const pass = fc.record({
    do: fc.constant('pass' as const),
    kill: seldom(kill, withLosses ? 3 : 0),
    withdrawAt: seldom(fc.nat({ max: 6 }), 1),
    source: fc.constantFrom('there' as const, 'there', 'there', 'there', 'there', 'there', 'missing', 'empty'),
    honourBackOff: fc.boolean(),
  });
  const add = fc.record({
    do: fc.constant('add' as const),
    file: fc.nat({ max: 11 }),
    header: fc.constantFrom('none' as const, 'literal' as const, 'placeholder' as const),
    secretName: fc.constantFrom(false, false, false, true),
    rate,
    adopt: withLosses ? fc.constantFrom('no' as const, 'no', 'no', 'same', 'other') : fc.constant('no' as const),
  });
  return fc.oneof(
    { arbitrary: add, weight: 8 },
    { arbitrary: pass, weight: 18 },
    { arbitrary: fc.record({ do: fc.constant('fault' as const), fault: withLosses ? losses : lies }), weight: 7 },
    { arbitrary: fc.record({ do: fc.constant('edit' as const), which, rate }), weight: 4 },
    { arbitrary: chosen('rename', 'remove', 'remove', 'restore', 'mend', 'mend', 'pin', 'unpin'), weight: 9 },
    { arbitrary: fc.record({ do: fc.constant('move' as const), which, file: fc.nat({ max: 11 }) }), weight: 3 },
    {
      arbitrary: fc.record({
        do: fc.constant('swap' as const),
        what: fc.constantFrom('names' as const, 'paths' as const),
        which,
        other: which,
      }),
      weight: 1,
    },
    { arbitrary: fc.record({ do: fc.constant('move-over' as const), which, other: which }), weight: 1 },
    {
      arbitrary: fc.record({
        do: fc.constant('break' as const),
        which,
        how: fc.constantFrom('syntax' as const, 'schema' as const, 'empty' as const),
      }),
      weight: 2,
    },
    {
      arbitrary: fc.record({
        do: fc.constant('toggle' as const),
        which,
        what: fc.constantFrom('suspend' as const, 'protect' as const, 'ignoreRate' as const),
      }),
      weight: 2,
    },
    {
      arbitrary: fc.record({
        do: fc.constant('rotate-secret' as const),
        to: fc.constantFrom('set' as const, 'set', 'unset'),
      }),
      weight: 1,
    },
    {
      arbitrary: fc.record({
        do: fc.constant('edit-outside' as const),
        which,
        what: fc.constantFrom('rate' as const, 'method' as const, 'name' as const, 'headers' as const),
      }),
      weight: 4,
    },
    { arbitrary: chosen('remove-outside', 'add-namesake'), weight: 2 },
    { arbitrary: simple('calm', 'restart', 'wait', ...(withLosses ? (['lose-state'] as const) : [])), weight: 6 },
    { arbitrary: simple('refuse-key', 'accept-key', 'accept-key'), weight: 1 },
  );
}

export interface Setting {
  readonly family: Family;
  readonly policy: 'create-only' | 'update-only' | 'upsert-only' | 'sync';
  readonly drift: 'heal' | 'report';
  readonly concurrency: number;
  readonly maskHeaders: boolean;
}

export interface Story {
  readonly setting: Setting;
  readonly actions: readonly Action[];
}

export function anyStory(longest: number): fc.Arbitrary<Story> {
  const setting = fc.record({
    family: fc.constantFrom<Family[]>('losses', 'losses', 'losses', 'lies'),
    policy: fc.constantFrom(
      'upsert-only' as const,
      'upsert-only',
      'upsert-only',
      'sync',
      'sync',
      'sync',
      'create-only',
      'update-only',
    ),
    drift: fc.constantFrom('heal' as const, 'heal', 'heal', 'heal', 'report'),
    concurrency: fc.constantFrom(1, 1, 4),
    maskHeaders: fc.constantFrom(false, false, false, true),
  });
  return setting.chain((chosen) =>
    fc.record({
      setting: fc.constant(chosen),
      actions: fc.array(anyAction(chosen.family), { minLength: 3, maxLength: longest, size: 'max' }),
    }),
  );
}
