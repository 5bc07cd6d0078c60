/** What is invalid keeps its connector: it is held, and nobody else gets it. */

import { describe, expect, test } from 'vitest';
import { bindingFor, definition, desiredOf, invalid, live, planFrom as plan } from '../support/builders.ts';

const alpha = definition({ key: 'alpha', config: { name: 'Alpha' } });
const beta = definition({ key: 'beta', config: { name: 'Beta' } });
const liveAlpha = live(1, { name: 'Alpha' });
const liveBeta = live(2, { name: 'Beta' });

describe('invalid files', () => {
  test('a file that is not YAML holds every connector bound to it', () => {
    const [eu, us] = [
      definition({ key: 'registry#eu', config: { name: 'EU' } }),
      definition({ key: 'registry#us', config: { name: 'US' } }),
    ];
    const { changes } = plan({
      desired: desiredOf([], [invalid({ key: 'registry', wholeFile: true })]),
      bindings: [bindingFor(eu, 1), bindingFor(us, 2)],
      live: [live(1, { name: 'EU' }), live(2, { name: 'US' })],
    });
    expect(changes).toMatchObject([
      { key: 'registry', action: 'held', id: null },
      { key: 'registry#eu', action: 'held', id: 1 },
      { key: 'registry#us', action: 'held', id: 2 },
    ]);
  });

  test.each([
    ['c#/crm', 'c#/crm.yaml'],
    ['crm#1', 'crm#1.yaml'],
    ['crm#1#eu', 'crm#1.yaml'],
    ['crm', 'crm.yaml'],
    ['crm#eu', 'crm.yaml'],
  ])('hold the connector of %s when %s is one', (key, file) => {
    const { changes } = plan({
      desired: desiredOf([], [invalid({ key: file.replace('.yaml', ''), file })]),
      bindings: [bindingFor(definition({ key, config: { name: 'Alpha' } }), 1)],
      live: [liveAlpha],
    });
    expect(changes).toContainEqual(expect.objectContaining({ key, action: 'held', id: 1 }));
    expect(changes.map(({ action }) => action)).not.toContain('delete');
  });

  test.each([
    ['team/crm', 'held'],
    ['team/deep/crm#eu', 'held'],
    ['teams/crm', 'delete'],
    ['other/team/crm', 'delete'],
  ])('a link to a directory that cannot be followed: what becomes of %s is %s', (key, action) => {
    const { changes } = plan({
      desired: desiredOf([], [invalid({ key: 'team', file: 'team', wholeFile: true })]),
      bindings: [bindingFor(definition({ key, config: { name: 'Alpha' } }), 1)],
      live: [liveAlpha],
    });
    expect(changes).toContainEqual(expect.objectContaining({ key, action, id: 1 }));
  });

  test('that claim one key are one change, told as the first of them', () => {
    const both = ['alpha.yaml', 'alpha.yml'].map((file) => invalid({ key: 'alpha', file }));
    const { changes } = plan({ desired: desiredOf([], both), bindings: [bindingFor(alpha, 1)], live: [liveAlpha] });
    expect(changes).toMatchObject([{ key: 'alpha', action: 'held', file: 'alpha.yaml', id: 1 }]);
  });

  test('a connector pinned by an invalid definition is held, wherever its file went', () => {
    const { changes } = plan({
      desired: desiredOf([], [invalid({ key: 'elsewhere', id: 1 })]),
      bindings: [bindingFor(alpha, 1)],
      live: [liveAlpha],
    });
    expect(changes).toMatchObject([
      { key: 'alpha', action: 'held', id: 1 },
      { key: 'elsewhere', action: 'held', id: 1 },
    ]);
  });
});

test('a connector whose path another definition took over is held for the invalid one that is pinned to it', () => {
  const { changes } = plan({
    desired: desiredOf(
      [definition({ key: 'alpha', config: { name: 'Beta' } })],
      [invalid({ key: 'gamma', id: 1, name: 'Alpha' })],
    ),
    bindings: [bindingFor(alpha, 1), bindingFor(beta, 2)],
    live: [liveAlpha, liveBeta],
  });
  expect(changes).toMatchObject([
    { key: 'alpha', id: 2 },
    { key: 'alpha@1', id: 1, action: 'held' },
    { key: 'gamma', id: 1, action: 'held' },
  ]);
});
