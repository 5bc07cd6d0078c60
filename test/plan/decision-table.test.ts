/** The decision table of the contract, row by row. */

import { assert, describe, expect, test } from 'vitest';
import type { Binding, Intent } from '../../src/model/baseline.ts';
import type { Change } from '../../src/model/change.ts';
import type { ConnectorConfig, LiveConnector, ValidConnector } from '../../src/model/connector.ts';
import type { InvalidDefinition } from '../../src/model/problem.ts';
import { applyBrakes } from '../../src/plan/brakes.ts';
import { computePlan } from '../../src/plan/compute-plan.ts';
import { bindingFor, CALM, clearLens, config, definition, desiredOf, invalid, live } from '../support/builders.ts';

interface Row {
  readonly row: string;
  readonly connectors?: readonly ValidConnector[];
  readonly bad?: readonly InvalidDefinition[];
  readonly bindings?: readonly Binding[];
  readonly intents?: readonly Intent[];
  readonly live?: readonly LiveConnector[];
  readonly expected: readonly Partial<Change>[];
  readonly forget?: readonly string[];
  readonly unmanaged?: number;
}

const file = definition();
const changedFile = definition({ config: { url: 'https://api.example.com/v2/score' } });
const clamped = definition({ config: { rate_limit: 100 } });

const TABLE: readonly Row[] = [
  { row: 'unbound, no live: create', connectors: [file], expected: [{ action: 'create', cause: 'new', id: null }] },
  {
    row: 'unbound, one match, L = D: adopt without a write',
    connectors: [file],
    live: [live(7)],
    expected: [{ action: 'adopt', cause: 'adopted', id: 7, fields: [] }],
  },
  {
    row: 'unbound, one match, L != D: adopt and update',
    connectors: [file],
    live: [live(7, { method: 'get' })],
    expected: [
      { action: 'adopt', cause: 'adopted', id: 7, fields: [{ path: '/method', live: 'get', desired: 'post' }] },
    ],
  },
  {
    row: 'unbound, several by name: blocked, naming both ids',
    connectors: [file],
    live: [live(7), live(9)],
    unmanaged: 2,
    expected: [
      {
        action: 'blocked',
        cause: 'ambiguous_name',
        reason: '2 live connectors have this name (ids 7, 9); pin one with `id`',
      },
    ],
  },
  {
    row: 'bound, D = A, L = E: nothing',
    connectors: [file],
    bindings: [bindingFor(file, 7)],
    live: [live(7)],
    expected: [{ action: 'none', cause: 'in_sync', outcome: 'unchanged', record: null }],
  },
  {
    row: 'bound, the server clamped a value long ago: nothing, for ever',
    connectors: [clamped],
    bindings: [bindingFor(clamped, 7, { rate_limit: 10 })],
    live: [live(7, { rate_limit: 10 })],
    expected: [{ action: 'none', cause: 'in_sync', record: null }],
  },
  {
    row: 'bound, L = D, D != A, L != E: record the baseline',
    connectors: [changedFile],
    bindings: [bindingFor(file, 7)],
    live: [live(7, { url: 'https://api.example.com/v2/score' })],
    expected: [
      { action: 'none', cause: 'in_sync', record: { desired: changedFile, live: expect.anything() as never } },
    ],
  },
  {
    row: 'bound, D != A, L = E: update, the file changed',
    connectors: [changedFile],
    bindings: [bindingFor(file, 7)],
    live: [live(7)],
    expected: [
      {
        action: 'update',
        cause: 'file_changed',
        fields: [
          { path: '/url', live: 'https://api.example.com/v1/score', desired: 'https://api.example.com/v2/score' },
        ],
      },
    ],
  },
  {
    row: 'bound, D = A, L != E: drift',
    connectors: [file],
    bindings: [bindingFor(file, 7)],
    live: [live(7, { method: 'get' })],
    expected: [
      { action: 'update', cause: 'remote_changed', fields: [{ path: '/method', live: 'get', desired: 'post' }] },
    ],
  },
  {
    row: 'bound, D != A, L != E: both changed, and what is overwritten is told',
    connectors: [changedFile],
    bindings: [bindingFor(file, 7)],
    live: [live(7, { method: 'get' })],
    expected: [
      {
        action: 'update',
        cause: 'both_changed',
        fields: [
          { path: '/method', live: 'get', desired: 'post' },
          { path: '/url', live: 'https://api.example.com/v1/score', desired: 'https://api.example.com/v2/score' },
        ],
      },
    ],
  },
  {
    row: 'bound, no live: drift, create again',
    connectors: [file],
    bindings: [bindingFor(file, 7)],
    expected: [{ action: 'create', cause: 'remote_deleted', id: 7 }],
  },
  {
    row: 'bound, no live, but another one of its name, L = D: drift, adopt it',
    connectors: [file],
    bindings: [bindingFor(file, 7)],
    live: [live(8)],
    expected: [{ action: 'adopt', cause: 'remote_deleted', id: 8, replaces: 7, fields: [] }],
  },
  {
    row: 'bound, no live, but another one of its name, L != D: drift, adopt it and update',
    connectors: [file],
    bindings: [bindingFor(file, 7)],
    live: [live(8, { method: 'get' })],
    expected: [
      {
        action: 'adopt',
        cause: 'remote_deleted',
        id: 8,
        replaces: 7,
        fields: [{ path: '/method', live: 'get', desired: 'post' }],
      },
    ],
  },
  {
    row: 'bound, no live, but several others of its name: blocked, naming them',
    connectors: [file],
    bindings: [bindingFor(file, 7)],
    live: [live(8), live(9)],
    unmanaged: 2,
    expected: [
      { action: 'blocked', cause: 'ambiguous_name', id: null, reason: expect.stringContaining('8, 9') as string },
    ],
  },
  {
    row: 'bound, no live, and the other one of its name is bound to another definition: create again',
    connectors: [file, definition({ key: 'other', config: { method: 'get' } })],
    bindings: [bindingFor(file, 7), bindingFor(definition({ key: 'other', config: { method: 'get' } }), 8)],
    live: [live(8, { method: 'get' })],
    expected: [
      { key: 'lead-score', action: 'create', cause: 'remote_deleted', id: 7 },
      { key: 'other', action: 'none', cause: 'in_sync' },
    ],
  },
  {
    row: 'pinned and bound, no live: blocked',
    connectors: [definition({ id: 7 })],
    bindings: [bindingFor(file, 7)],
    expected: [{ action: 'blocked', cause: 'pinned_id_missing', id: 7 }],
  },
  {
    row: 'pinned and unbound, no live: blocked',
    connectors: [definition({ id: 7 })],
    expected: [{ action: 'blocked', cause: 'pinned_id_missing', id: 7 }],
  },
  {
    row: 'pinned, unbound, live under another name: adopt and update',
    connectors: [definition({ id: 7 })],
    live: [live(7, { name: 'Old name' }), live(8)],
    unmanaged: 1,
    expected: [
      {
        action: 'adopt',
        cause: 'adopted',
        id: 7,
        fields: [{ path: '/name', live: 'Old name', desired: 'Lead score' }],
      },
    ],
  },
  {
    row: 'invalid and bound: held, whatever is live',
    bad: [invalid()],
    bindings: [bindingFor(file, 7)],
    live: [live(7, { method: 'get' })],
    expected: [{ action: 'held', cause: 'invalid', id: 7 }],
  },
  {
    row: 'invalid and unbound: held, without an id',
    bad: [invalid()],
    expected: [{ action: 'held', cause: 'invalid', id: null }],
  },
  {
    row: 'no definition, bound, live: delete',
    bindings: [bindingFor(file, 7)],
    live: [live(7)],
    expected: [{ action: 'delete', cause: 'removed_from_source', id: 7 }],
  },
  {
    row: 'no definition, bound, no live: forget the binding',
    bindings: [bindingFor(file, 7)],
    expected: [],
    forget: ['lead-score'],
  },
  { row: 'no definition, not bound, live: unmanaged, counted', live: [live(7)], expected: [], unmanaged: 1 },
];

describe('the decision table', () => {
  test.each(TABLE)('$row', ({ connectors = [], bad = [], bindings = [], intents = [], live: listed = [], ...row }) => {
    const plan = computePlan({ desired: desiredOf(connectors, bad), bindings, intents, live: listed }, clearLens);
    expect(plan.changes).toEqual(row.expected.map((change) => expect.objectContaining(change) as Change));
    expect(plan.forget).toEqual(row.forget ?? []);
    expect(plan.unmanaged).toBe(row.unmanaged ?? 0);
  });
});

describe('masked and ignored values', () => {
  const secret = definition({ config: { headers: [{ name: 'Authorization', value: 'Bearer abc' }] } });
  const headers = (value: string): ConnectorConfig['headers'] => [{ name: 'Authorization', value }];
  const masked = headers('********');

  test('a server that masks what it echoed in clear is not drift, and the mask is remembered', () => {
    const plan = computePlan(
      {
        desired: desiredOf([secret]),
        bindings: [bindingFor(secret, 7)],
        intents: [],
        live: [live(7, { headers: masked })],
      },
      clearLens,
    );
    expect(plan.changes).toMatchObject([{ action: 'none', cause: 'in_sync', record: { live: { id: 7 } } }]);
  });

  test('a masked value is in sync while its mask stays the same', () => {
    const plan = computePlan(
      {
        desired: desiredOf([secret]),
        bindings: [bindingFor(secret, 7, { headers: masked })],
        intents: [],
        live: [live(7, { headers: masked })],
      },
      clearLens,
    );
    expect(plan.changes).toMatchObject([{ action: 'none', record: null }]);
  });

  test('a mask that changed is drift', () => {
    const plan = computePlan(
      {
        desired: desiredOf([secret]),
        bindings: [bindingFor(secret, 7, { headers: masked })],
        intents: [],
        live: [live(7, { headers: [{ name: 'Authorization', value: 'xyz*****' }] })],
      },
      clearLens,
    );
    expect(plan.changes).toMatchObject([{ action: 'update', cause: 'remote_changed' }]);
  });

  test('an ignored place may move without drift, and its live value travels along in the next PUT', () => {
    const relaxed = definition({ config: { rate_limit: 20 }, sync: { ignore: ['/rate_limit'] } });
    const moved = live(7, { rate_limit: 55 });
    const bindings = [bindingFor(relaxed, 7)];
    const still = computePlan({ desired: desiredOf([relaxed]), bindings, intents: [], live: [moved] }, clearLens);
    expect(still.changes).toMatchObject([{ action: 'none', cause: 'in_sync' }]);

    const edited = definition({ config: { rate_limit: 20, method: 'get' }, sync: { ignore: ['/rate_limit'] } });
    const plan = computePlan({ desired: desiredOf([edited]), bindings, intents: [], live: [moved] }, clearLens);
    expect(plan.changes).toMatchObject([
      { action: 'update', send: config({ method: 'get', rate_limit: 55 }), fields: [{ path: '/method' }] },
    ]);
  });

  const CREDENTIAL = ['/headers/0/value'];
  test.each<[string, readonly string[], Partial<ConnectorConfig>, Partial<ConnectorConfig>, readonly string[]]>([
    ['masked', CREDENTIAL, secret.config, { headers: masked }, CREDENTIAL],
    ['masked in part', CREDENTIAL, secret.config, { headers: headers('Bearer ****') }, CREDENTIAL],
    ['masked, as a whole entry', ['/headers/0'], secret.config, { headers: masked }, ['/headers/0']],
    ['masked, as a whole list', ['/headers'], secret.config, { headers: masked }, ['/headers']],
    ['masked, and the file holds the mask', CREDENTIAL, { headers: masked }, { headers: masked }, CREDENTIAL],
    ['masked, and not ignored', ['/rate_limit'], secret.config, { headers: masked }, []],
    ['in clear', CREDENTIAL, secret.config, { headers: headers('Bearer new') }, []],
    ['a text of asterisks that the file has too', ['/name'], { name: 'A *** b' }, { name: 'A *** b' }, []],
    ['not there', CREDENTIAL, { headers: masked }, { headers: [] }, []],
    ['masked, and the file has no such entry', CREDENTIAL, { headers: [] }, { headers: masked }, []],
  ])('an ignored value that is %s', (_, ignore, ours, theirs, places) => {
    const edited = definition({ id: 7, config: { ...ours, method: 'get' }, sync: { ignore } });
    const bound = { desired: desiredOf([edited]), intents: [], live: [live(7, theirs)] };
    for (const bindings of [[], [bindingFor(definition({ config: ours, sync: { ignore } }), 7)]]) {
      const [change] = computePlan({ ...bound, bindings }, clearLens).changes;
      assert(change?.action === 'update' || change?.action === 'adopt');
      const { changes } = applyBrakes({ changes: [change], moves: [], forget: [], unmanaged: 0 }, CALM).plan;
      const reason = expect.stringContaining(`at ${places.join(', ')}, which`) as string;
      expect(changes).toMatchObject([
        places.length > 0 ? { action: 'blocked', code: 'masked_value', held: 'update', reason } : change,
      ]);
    }
  });

  test('a clamped value is not listed among the differences of another change', () => {
    const edited = definition({ config: { rate_limit: 100, method: 'get' } });
    const plan = computePlan(
      {
        desired: desiredOf([edited]),
        bindings: [bindingFor(clamped, 7, { rate_limit: 10 })],
        intents: [],
        live: [live(7, { rate_limit: 10 })],
      },
      clearLens,
    );
    expect(plan.changes[0]?.fields.map(({ path }) => path)).toEqual(['/method']);
  });
});
