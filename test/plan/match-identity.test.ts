import { describe, expect, test } from 'vitest';
import { computePlan } from '../../src/plan/compute-plan.ts';
import type { Lens } from '../../src/plan/classify-connector.ts';
import { bindingFor, clearLens, definition, desiredOf, invalid, live, planFrom as plan } from '../support/builders.ts';

const alpha = definition({ key: 'alpha', config: { name: 'Alpha' } });
const beta = definition({ key: 'beta', config: { name: 'Beta' } });
const liveAlpha = live(1, { name: 'Alpha' });
const liveBeta = live(2, { name: 'Beta' });

describe('a definition that moves', () => {
  test('keeps its connector when its file is renamed', () => {
    const renamed = definition({ key: 'moved/alpha', config: { name: 'Alpha' } });
    const { changes, moves } = plan({
      desired: desiredOf([renamed]),
      bindings: [bindingFor(alpha, 1)],
      live: [liveAlpha],
    });
    expect(moves).toEqual([{ from: 'alpha', to: 'moved/alpha', file: 'moved/alpha.yaml' }]);
    expect(changes).toMatchObject([{ key: 'moved/alpha', action: 'none', cause: 'in_sync', id: 1 }]);
  });

  test('keeps its connector when two files swap their contents', () => {
    const { changes, moves } = plan({
      desired: desiredOf([
        definition({ key: 'alpha', config: { name: 'Beta' } }),
        definition({ key: 'beta', config: { name: 'Alpha' } }),
      ]),
      bindings: [bindingFor(alpha, 1), bindingFor(beta, 2)],
      live: [liveAlpha, liveBeta],
    });
    expect(moves.map(({ from, to }) => [from, to])).toEqual([
      ['beta', 'alpha'],
      ['alpha', 'beta'],
    ]);
    expect(changes).toMatchObject([
      { key: 'alpha', id: 2, action: 'none' },
      { key: 'beta', id: 1, action: 'none' },
    ]);
  });

  test('that takes the name of one that takes a new one has not moved: both are renamed in place', () => {
    const { changes, moves } = plan({
      desired: desiredOf([
        definition({ key: 'alpha', config: { name: 'New' } }),
        definition({ key: 'beta', config: { name: 'Alpha' } }),
        definition({ key: 'gamma', config: { name: 'Beta' } }),
      ]),
      bindings: [
        bindingFor(alpha, 1),
        bindingFor(beta, 2),
        bindingFor(definition({ key: 'gamma', config: { name: 'Gamma' } }), 3),
      ],
      live: [liveAlpha, liveBeta, live(3, { name: 'Gamma' })],
    });
    expect(moves).toEqual([]);
    expect(changes).toMatchObject([
      { key: 'alpha', id: 1, action: 'update' },
      { key: 'beta', id: 2, action: 'update' },
      { key: 'gamma', id: 3, action: 'update' },
    ]);
  });

  test('to a new path keeps its connector, also when another one takes its old path', () => {
    const { changes } = plan({
      desired: desiredOf([
        definition({ key: 'alpha', config: { name: 'New' } }),
        definition({ key: 'moved', config: { name: 'Alpha' } }),
      ]),
      bindings: [bindingFor(alpha, 1)],
      live: [liveAlpha],
    });
    expect(changes).toMatchObject([
      { key: 'alpha', action: 'create' },
      { key: 'moved', id: 1, action: 'none' },
    ]);
  });

  test('keeps its connector when it swaps its file with one that is pinned', () => {
    const { changes } = plan({
      desired: desiredOf([
        definition({ key: 'alpha', config: { name: 'Beta' } }),
        definition({ key: 'beta', id: 1, config: { name: 'Alpha' } }),
      ]),
      bindings: [bindingFor(alpha, 1), bindingFor(beta, 2)],
      live: [liveAlpha, liveBeta],
    });
    expect(changes).toMatchObject([
      { key: 'alpha', id: 2, action: 'none' },
      { key: 'beta', id: 1, action: 'adopt', fields: [] },
    ]);
  });

  test('leaves the connector whose path it took over as an orphan, not forgotten', () => {
    const { changes } = plan({
      desired: desiredOf([definition({ key: 'beta', config: { name: 'Alpha' } })]),
      bindings: [bindingFor(alpha, 1), bindingFor(beta, 2)],
      live: [liveAlpha, liveBeta],
    });
    expect(changes).toMatchObject([
      { key: 'beta', id: 1, action: 'none' },
      { key: 'beta@2', id: 2, action: 'delete' },
    ]);
  });

  test('is not recognised by a new name: that is a rename in place, an update', () => {
    const { changes, moves } = plan({
      desired: desiredOf([definition({ key: 'alpha', config: { name: 'Alpha, better' } })]),
      bindings: [bindingFor(alpha, 1)],
      live: [liveAlpha],
    });
    expect(moves).toEqual([]);
    expect(changes).toMatchObject([{ action: 'update', cause: 'file_changed', id: 1, fields: [{ path: '/name' }] }]);
  });
});

describe('a connector is never given to two definitions', () => {
  test('a bound connector is no candidate for adoption by name', () => {
    const { changes } = plan({
      desired: desiredOf([alpha, definition({ key: 'gamma', config: { name: 'Alpha' }, id: 9 })]),
      bindings: [bindingFor(alpha, 1)],
      live: [liveAlpha],
    });
    expect(changes).toMatchObject([
      { key: 'alpha', action: 'none' },
      { key: 'gamma', action: 'blocked', cause: 'pinned_id_missing' },
    ]);
  });

  test('a definition whose connector another one pins is blocked, not created anew', () => {
    const { changes } = plan({
      desired: desiredOf([alpha, definition({ key: 'gamma', config: { name: 'Gamma' }, id: 1 })]),
      bindings: [bindingFor(alpha, 1)],
      live: [liveAlpha],
    });
    expect(changes).toMatchObject([
      { key: 'alpha', action: 'blocked', code: 'id_claimed', id: 1 },
      { key: 'gamma', action: 'adopt', id: 1 },
    ]);
  });

  test('nor is one that two definitions ask for by name, of which one was bound under another name', () => {
    const [renamed, newcomer] = [
      definition({ key: 'alpha', config: { name: 'Free' } }),
      definition({ key: 'newcomer', config: { name: 'Free' } }),
    ];
    const { changes } = plan({
      desired: desiredOf([definition({ key: 'moved', config: { name: 'Alpha' } }), newcomer, renamed]),
      bindings: [bindingFor(alpha, 1)],
      live: [liveAlpha, live(3, { name: 'Free' })],
    });
    expect(changes).toMatchObject([
      { key: 'alpha', action: 'adopt', id: 3 },
      { key: 'moved', action: 'none', id: 1 },
      { key: 'newcomer', action: 'create' },
    ]);
  });

  test('a copy of a definition whose own file is broken is blocked, not created as a twin', () => {
    const { changes } = plan({
      desired: desiredOf([definition({ key: 'copy', config: { name: 'Alpha' } })], [invalid({ key: 'alpha' })]),
      bindings: [bindingFor(alpha, 1)],
      live: [liveAlpha],
    });
    expect(changes).toMatchObject([
      { key: 'alpha', action: 'held', id: 1 },
      { key: 'copy', action: 'blocked', code: 'name_held', id: 1 },
    ]);
  });
});

describe('a pinned definition', () => {
  const pinned = (key: string, name: string): ReturnType<typeof definition> =>
    definition({ key, config: { name }, id: 1 });

  test('takes its binding along to another path, so that the old path is free, at once for another one', () => {
    const bindings = [bindingFor(pinned('alpha', 'Alpha'), 1)];
    const moves = [{ from: 'alpha', to: 'moved', file: 'moved.yaml' }];
    const kept = { key: 'moved', action: 'none', cause: 'in_sync', id: 1 };
    const renamed = plan({ desired: desiredOf([pinned('moved', 'Alpha')]), bindings, live: [liveAlpha] });
    expect(renamed).toMatchObject({ moves, changes: [kept] });

    const newcomer = definition({ key: 'alpha', config: { name: 'Newcomer' } });
    const replaced = plan({ desired: desiredOf([pinned('moved', 'Alpha'), newcomer]), bindings, live: [liveAlpha] });
    expect(replaced).toMatchObject({ moves, changes: [{ key: 'alpha', action: 'create', cause: 'new' }, kept] });
  });

  test('leaves no record of its connector under another path, which would be deleted later', () => {
    const { changes, forget } = plan({
      desired: desiredOf([pinned('gamma', 'Gamma')]),
      bindings: [bindingFor(alpha, 1), bindingFor(pinned('gamma', 'Gamma'), 1)],
      live: [live(1, { name: 'Gamma' })],
    });
    expect(forget).toEqual(['alpha']);
    expect(changes).toMatchObject([{ key: 'gamma', action: 'none', id: 1 }]);
  });

  test('that is pinned no more keeps its connector; the one that had it before stays blocked', () => {
    const gamma = definition({ key: 'gamma', config: { name: 'Gamma' } });
    const { changes } = plan({
      desired: desiredOf([alpha, gamma]),
      bindings: [bindingFor(alpha, 1), bindingFor(gamma, 1)],
      live: [live(1, { name: 'Gamma' })],
    });
    expect(changes).toMatchObject([
      { key: 'alpha', action: 'blocked', code: 'id_claimed', id: 1 },
      { key: 'gamma', action: 'none', id: 1 },
    ]);
  });

  test('that is gone together with another one of the same connector is deleted once, or not at all when protected', () => {
    const protectedAlpha = definition({ key: 'alpha', config: { name: 'Alpha' }, sync: { protect: true } });
    const { changes, forget } = plan({
      desired: desiredOf([beta]),
      bindings: [bindingFor(pinned('gamma', 'Gamma'), 1), bindingFor(protectedAlpha, 1), bindingFor(beta, 2)],
      live: [liveAlpha, liveBeta],
    });
    expect(changes.filter(({ action }) => action === 'delete')).toMatchObject([
      { key: 'alpha', id: 1, binding: { protect: true } },
    ]);
    expect(forget).toEqual(['gamma']);
  });

  test('keeps its connector while it is invalid, even from a definition of the same name', () => {
    const { changes } = plan({
      desired: desiredOf([alpha], [invalid({ key: 'gamma', id: 1, name: null })]),
      live: [liveAlpha],
    });
    expect(changes).toMatchObject([
      { key: 'alpha', action: 'blocked', code: 'name_held', id: 1 },
      { key: 'gamma', action: 'held', id: 1 },
    ]);
  });
});

test('a connector that is adopted by a pin keeps the secrets that it was given by another definition', () => {
  const hiding: Lens = {
    ...clearLens,
    mask: (shown, places) => ({ ...shown, name: places.includes('name') ? 'hidden' : shown.name }),
  };
  const facts = {
    desired: desiredOf([definition({ key: 'pinned', id: 1, config: { name: 'Beta' } })]),
    bindings: [bindingFor(alpha, 1, {}, { secretPlaces: ['name'] }), bindingFor(beta, 2, {}, { key: 'pinned' })],
    intents: [],
    live: [liveAlpha, liveBeta],
  };
  const pinned = computePlan(facts, hiding).changes.find(({ key }) => key === 'pinned');
  expect(pinned).toMatchObject({ action: 'adopt', id: 1, fields: [{ path: '/name', live: 'hidden' }] });
});

test('candidates of one name are told in the same order, whatever order the list has', () => {
  const twins = [live(7, { name: 'Alpha' }), live(3, { name: 'Alpha' })];
  const { changes } = plan({ desired: desiredOf([alpha]), live: twins });
  expect(changes).toMatchObject([{ action: 'blocked', reason: expect.stringContaining('ids 3, 7') as string }]);
});

describe('a create whose answer was lost', () => {
  const intent = { key: 'alpha', name: 'Alpha', at: 0 };

  test('is found by its name and adopted', () => {
    const { changes } = plan({ desired: desiredOf([alpha]), intents: [intent], live: [liveAlpha] });
    expect(changes).toMatchObject([{ action: 'adopt', id: 1, fields: [] }]);
  });

  test('is found by the name it was sent under, also when the file has another name now', () => {
    const { changes } = plan({
      desired: desiredOf([definition({ key: 'alpha', config: { name: 'Alpha, better' } })]),
      intents: [intent],
      live: [liveAlpha],
    });
    expect(changes).toMatchObject([{ action: 'adopt', id: 1, fields: [{ path: '/name' }] }]);
  });

  test('is found by the name it was sent under, also where that name is a secret and only its fingerprint is known', () => {
    const { changes } = plan({
      desired: desiredOf([definition({ key: 'alpha', config: { name: 'Alpha, better' }, secretPaths: ['/name'] })]),
      intents: [{ ...intent, name: 'hmac:Alpha' }],
      live: [liveBeta, liveAlpha],
    });
    expect(changes).toMatchObject([{ action: 'adopt', id: 1, fields: [{ path: '/name' }] }]);
  });
});

describe('a create whose answer was lost, in the place of a connector that is gone', () => {
  const bound = { desired: desiredOf([alpha]), bindings: [bindingFor(alpha, 1)] };
  const intent = { key: 'alpha', name: 'Alpha', at: 0 };
  const replacement = live(5, alpha.config);

  test('is found by its name and adopted, rather than made again', () => {
    const { changes } = plan({ ...bound, intents: [intent], live: [replacement] });
    expect(changes).toMatchObject([{ action: 'adopt', id: 5, fields: [] }]);
  });

  test('is made again when there is none', () => {
    const { changes } = plan({ ...bound, intents: [intent], live: [liveBeta] });
    expect(changes).toMatchObject([{ action: 'create', cause: 'remote_deleted', id: 1 }]);
  });

  test('is not looked for while the connector is there', () => {
    const { changes } = plan({ ...bound, intents: [intent], live: [liveAlpha, replacement] });
    expect(changes).toMatchObject([{ action: 'none', id: 1 }]);
  });
});

describe('a connector that is gone, where another one has its name', () => {
  const gone = { bindings: [bindingFor(alpha, 1)], live: [live(5, alpha.config)] };

  test('gives its place to that one, for a second one would be a duplicate', () => {
    const { changes, forget } = plan({ ...gone, desired: desiredOf([alpha]) });
    expect(changes).toMatchObject([{ action: 'adopt', cause: 'remote_deleted', id: 5, replaces: 1 }]);
    expect(forget).toEqual([]);
  });

  test('has no claim on one that a new definition takes', () => {
    const newcomer = definition({ key: 'new', id: 5, config: { name: 'Alpha' } });
    const { changes } = plan({ ...gone, desired: desiredOf([alpha, newcomer]) });
    expect(changes).toMatchObject([
      { key: 'alpha', action: 'create', cause: 'remote_deleted' },
      { key: 'new', action: 'adopt', id: 5 },
    ]);
  });
});

test('a plan lists its changes by key, whatever order files and answers come in', () => {
  const forward = plan({ desired: desiredOf([alpha, beta]), live: [liveAlpha, liveBeta] });
  const backward = plan({ desired: desiredOf([beta, alpha]), live: [liveBeta, liveAlpha] });
  expect(backward).toEqual(forward);
});
