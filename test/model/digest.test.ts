import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ConnectorConfig } from '../../src/model/connector.ts';
import { CONNECTOR_FIELDS } from '../../src/model/connector.ts';
import type { FieldHashes } from '../../src/model/digest.ts';
import { createDigests, differingFields, hashFields } from '../../src/model/digest.ts';
import { createFingerprint } from '../../src/state/fingerprint.ts';
import { config, definition } from '../support/builders.ts';

const fingerprint = createFingerprint(Buffer.from('a key of the installation'));
const hash = (changes: Partial<ConnectorConfig> = {}, ignore: readonly string[] = []): FieldHashes =>
  hashFields(config(changes), ignore, fingerprint);

const OTHERS: { readonly [Field in keyof ConnectorConfig]: ConnectorConfig[Field] } = {
  name: 'Other',
  type: 'other',
  method: 'get',
  url: 'https://other.example.com',
  headers: [{ name: 'A', value: '1' }],
  parameters: [{ name: 'A', value: '1' }],
  body: [{ name: 'A', value: '1' }],
  body_template: '{}',
  rate_limit: 0,
  max_concurrency: 0,
};

test('equal configurations have equal hashes, one a field', () => {
  expect(hash()).toEqual(hash());
  expect(Object.keys(hash())).toEqual([...CONNECTOR_FIELDS]);
});

test.each(CONNECTOR_FIELDS)('a change of %s shows in its hash alone', (field) => {
  expect(differingFields(hash(), hash({ [field]: OTHERS[field] }))).toEqual([field]);
});

test('the order of a list counts, and equal values of two fields do not look equal', () => {
  const [a, b] = [
    { name: 'A', value: '1' },
    { name: 'B', value: '2' },
  ];
  expect(differingFields(hash({ headers: [a, b] }), hash({ headers: [b, a] }))).toEqual(['headers']);
  expect(new Set(Object.values(hash({ headers: [a], parameters: [a], body: [a] }))).size).toBe(CONNECTOR_FIELDS.length);
});

test('what lies at an ignored place does not count, and what lies beside it does', () => {
  const headers = (first: string, second: string) => ({
    headers: [
      { name: 'A', value: first },
      { name: 'B', value: second },
    ],
  });
  const ignore = ['/headers/0/value', '/rate_limit'];
  const before = hash({ ...headers('1', '2'), rate_limit: 5 }, ignore);
  expect(differingFields(before, hash({ ...headers('x', '2'), rate_limit: 9 }, ignore))).toEqual([]);
  expect(differingFields(before, hash({ ...headers('1', 'x'), rate_limit: 5 }, ignore))).toEqual(['headers']);
});

test('no hash holds a value, and another key makes other hashes', () => {
  const secret = { headers: [{ name: 'Authorization', value: 'Bearer abcdef' }] };
  expect(JSON.stringify(hash(secret))).not.toContain('abcdef');
  const other = hashFields(config(secret), [], createFingerprint(Buffer.from('another key')));
  expect(differingFields(hash(secret), other)).toEqual([...CONNECTOR_FIELDS]);
});

test('what is hashed once, or not at all because it is the same, has the hashes that it would have by itself', () => {
  const digests = createDigests(fingerprint);
  const fields = fc.subarray([...CONNECTOR_FIELDS]);
  const ignored = fc.subarray(['/rate_limit', '/headers/0/value', '/url', '/body']);
  const pick = (from: readonly (keyof ConnectorConfig)[]): Partial<ConnectorConfig> =>
    Object.fromEntries(from.map((field) => [field, OTHERS[field]]));
  fc.assert(
    fc.property(fields, fields, ignored, (ours, theirs, ignore) => {
      const desired = definition({ config: pick(ours), sync: { ignore } });
      const live = structuredClone(config(pick(theirs)));
      for (let time = 0; time < 2; time += 1) {
        expect(digests.ofDefinition(desired)).toEqual(hashFields(desired.config, ignore, fingerprint));
        expect(digests.ofLive(live, desired)).toEqual(hashFields(live, ignore, fingerprint));
      }
    }),
  );
});
