import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { FieldChange } from '../../src/model/change.ts';
import type { ConnectorConfig } from '../../src/model/connector.ts';
import { carryIgnored, compareConfigs } from '../../src/plan/compare-connector.ts';
import { sameConfig } from '../../src/model/same-config.ts';
import { config } from '../support/builders.ts';

const compare = (live: Partial<ConnectorConfig>, desired: Partial<ConnectorConfig>): readonly FieldChange[] =>
  compareConfigs({ config: config(live), shown: config(live) }, { config: config(desired), shown: config(desired) });

const pair = (name: string, value: string): { name: string; value: string } => ({ name, value });

test('equal configurations do not differ', () => {
  expect(compare({}, {})).toEqual([]);
});

test('a header inserted at the top is one difference', () => {
  expect(compare({ headers: [pair('B', '2')] }, { headers: [pair('A', '1'), pair('B', '2')] })).toEqual([
    { path: '/headers/0', live: undefined, desired: pair('A', '1') },
  ]);
});

test('a removed header is one difference', () => {
  expect(compare({ headers: [pair('A', '1'), pair('B', '2')] }, { headers: [pair('B', '2')] })).toEqual([
    { path: '/headers/0', live: pair('A', '1'), desired: undefined },
  ]);
});

test('a renamed header shows both sides at its place', () => {
  expect(compare({ headers: [pair('A', '1')] }, { headers: [pair('B', '1')] })).toEqual([
    { path: '/headers/0', live: pair('A', '1'), desired: pair('B', '1') },
  ]);
});

test('a changed value points at the value', () => {
  expect(compare({ body: [pair('A', '1')] }, { body: [pair('A', '2')] })).toEqual([
    { path: '/body/0/value', live: '1', desired: '2' },
  ]);
});

test('a mere change of order is told as such', () => {
  expect(
    compare({ parameters: [pair('A', '1'), pair('B', '2')] }, { parameters: [pair('B', '2'), pair('A', '1')] }),
  ).toEqual([{ path: '/parameters', live: ['A', 'B'], desired: ['B', 'A'] }]);
});

test('names in a changed order are shown as they may be shown', () => {
  const [one, two] = [
    config({ body: [pair('A', ''), pair('B', '')] }),
    config({ body: [pair('B', ''), pair('A', '')] }),
  ];
  const hidden = config({ body: [pair('hmac:1', ''), pair('hmac:2', '')] });
  expect(compareConfigs({ config: one, shown: hidden }, { config: two, shown: hidden })).toEqual([
    { path: '/body', live: ['hmac:1', 'hmac:2'], desired: ['hmac:1', 'hmac:2'] },
  ]);
});

test('what is shown comes from the shown side, what is compared does not', () => {
  const changes = compareConfigs(
    { config: config({ headers: [pair('A', 'old')] }), shown: config({ headers: [pair('A', 'hmac:1')] }) },
    { config: config({ headers: [pair('A', 'new')] }), shown: config({ headers: [pair('A', 'hmac:2')] }) },
  );
  expect(changes).toEqual([{ path: '/headers/0/value', live: 'hmac:1', desired: 'hmac:2' }]);
});

test('ignored places take the live value, and what lies nowhere is left as it is', () => {
  const desired = config({ rate_limit: 5, headers: [pair('A', '1')] });
  const live = config({ rate_limit: 9, headers: [pair('A', '2')] });
  expect(carryIgnored(desired, live, ['/rate_limit', '/headers/0/value', '/body/3/value'])).toEqual(live);
});

const texts = fc.string({ maxLength: 3 });
const pairs = fc.array(fc.record({ name: texts, value: texts }), { maxLength: 4 });
const configs = fc
  .record({ name: texts, headers: pairs, parameters: pairs, rate_limit: fc.option(fc.nat(3)) })
  .map((changes) => config(changes));

test('there are differences exactly when the configurations are not the same', () => {
  fc.assert(
    fc.property(configs, configs, (left, right) => {
      const changes = compareConfigs({ config: left, shown: left }, { config: right, shown: right });
      expect(changes.length === 0).toBe(sameConfig(left, right));
      expect(new Set(changes.map(({ path }) => path)).size).toBe(changes.length);
    }),
  );
});
