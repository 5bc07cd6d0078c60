/** What was parsed is kept for the next start: that shows in nothing but the time. */

import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { deletesTo, writesTo } from '../support/requests.ts';
import type { Ended, Site } from '../support/site.ts';
import { openSite, yaml } from '../support/site.ts';

const COUNT = 250;
const LITERAL = 'literal-canary-4711';
const SECRET = 'secret-canary-0815';
const BEARER = ", {name: Authorization, value: 'Bearer ${env:CONNECTOR_TOKEN}'}";
/** Every tenth rests on a secret, and every one holds a value that should have been one. */
const FILES = Object.fromEntries(
  Array.from({ length: COUNT }, (_, index) => [
    `c${String(index).padStart(3, '0')}.yaml`,
    yaml(`Connector ${index}`, `headers: [{name: X-Literal, value: ${LITERAL}}${index % 10 === 0 ? BEARER : ''}]\n`),
  ]),
);

const UNTHROTTLED = ['--rate', 'off', '--concurrency', '16', '--log-level', 'error', '--output', 'json'];
const kept = (site: Site): string => join(site.directory, '.databar-sync', 'parsed.cache');
const summaryOf = ({ stdout }: Ended): unknown => (JSON.parse(stdout) as { readonly summary: unknown }).summary;

async function openSynced(): Promise<Site> {
  const site = await openSite({ files: FILES });
  site.environment['CONNECTOR_TOKEN'] = SECRET;
  const ended = await site.run('sync', ...UNTHROTTLED);
  expect(ended).toMatchObject({ code: 0, stderr: '' });
  site.sandbox.clearRequests();
  return site;
}

describe('files that an earlier process parsed', () => {
  test('are what they were: in sync, with a value in clear nowhere in the state', async () => {
    const site = await openSynced();
    expect(statSync(kept(site)).mode & 0o777).toBe(0o600);
    const state = join(site.directory, '.databar-sync');
    for (const name of readdirSync(state)) {
      const bytes = readFileSync(join(state, name));
      expect([LITERAL, SECRET].filter((value) => bytes.includes(value))).toEqual([]);
    }
    const before = statSync(kept(site));
    const again = await site.run('sync', ...UNTHROTTLED);
    expect(again.code).toBe(0);
    expect(summaryOf(again)).toMatchObject({ unchanged: COUNT });
    expect(writesTo(site.sandbox)).toEqual([]);
    expect(statSync(kept(site)).ino).toBe(before.ino);
    const planned = await site.run('plan', '--output', 'json', '--detailed-exitcode');
    expect(planned.code).toBe(0);
  });

  test('are read anew where they, or their secrets, are others', async () => {
    const site = await openSynced();
    site.write('c001.yaml', yaml('Connector 1', 'rate_limit: 7\n'));
    site.write('c002.yaml', 'name: [\n');
    site.environment['CONNECTOR_TOKEN'] = `${SECRET}-rotated`;
    const ended = await site.run('sync', ...UNTHROTTLED);
    expect(ended.code).toBe(1);
    expect(summaryOf(ended)).toMatchObject({ applied: 1 + COUNT / 10, held: 1, unchanged: COUNT - 2 - COUNT / 10 });
    expect(deletesTo(site.sandbox)).toEqual([]);
    const headers = site.sandbox.connectors().flatMap((connector) => connector.headers ?? []);
    expect(headers.filter(({ value }) => value === `Bearer ${SECRET}-rotated`)).toHaveLength(COUNT / 10);
  });

  test('are read anew where what was kept has been tampered with, or the API key is another', async () => {
    const site = await openSynced();
    const bytes = readFileSync(kept(site));
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
    writeFileSync(kept(site), bytes);
    const damaged = await site.run('sync', ...UNTHROTTLED);
    expect(damaged).toMatchObject({ code: 0, stderr: '' });
    expect(summaryOf(damaged)).toMatchObject({ unchanged: COUNT });
    expect(readFileSync(kept(site)).equals(bytes)).toBe(false);

    const before = readFileSync(kept(site));
    site.environment['DATABAR_API_KEY'] = 'another-key-of-the-same-workspace';
    expect(summaryOf(await site.run('sync', ...UNTHROTTLED))).toMatchObject({ unchanged: COUNT });
    expect(readFileSync(kept(site)).equals(before)).toBe(false);
    expect(writesTo(site.sandbox)).toEqual([]);
  });
});
