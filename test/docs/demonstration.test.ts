/** What the README shows happens: its first five minutes, lived through with the bundle. */

import { cpSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { REPOSITORY_ROOT } from '../support/generated-files.ts';
import { codeBlocks } from '../support/read-markdown.ts';
import { openSite, yaml } from '../support/site.ts';

const readme = readFileSync(join(REPOSITORY_ROOT, 'README.md'), 'utf8');
const pageOfHttp = readFileSync(join(REPOSITORY_ROOT, 'docs/http.md'), 'utf8');
const [start, edited, drifted, broken] = codeBlocks(readme, 'text');

test('the daemon in the sandbox says what the README shows', async () => {
  expect(manifest.scripts.start).toBe('npm run --silent build && node dist/databar-sync.mjs run --sandbox');
  const site = await openSite();
  cpSync(join(REPOSITORY_ROOT, 'connectors'), join(site.directory, 'connectors'), { recursive: true });
  const daemon = site.spawn(
    'run',
    '--sandbox',
    '--sandbox-port',
    '0',
    '--listen',
    '127.0.0.1:0',
    '--log-format',
    'pretty',
  );
  const log = watchText(daemon.stdout);

  await log.until(/pass took/u);
  expect(sorted(log.text())).toEqual(sorted(start));
  expect(log.text().split('\n', 1)).toEqual([expect.stringContaining('SANDBOX')]);

  const sample = join(site.directory, 'connectors', 'lead-score.yaml');
  writeFileSync(sample, readFileSync(sample, 'utf8').replace('rate_limit: 60', 'rate_limit: 45'));
  await log.until(/pass took.*pass took/su);
  expect(steady(log.text())).toContain(steady(edited));

  const url = /http:\/\/127\.0\.0\.1:\d+/u.exec(log.text())?.[0] ?? '';
  const id = /created lead-score .*\(id (\d+)\)/u.exec(log.text())?.[1] ?? '';
  await runCurl(url, id);
  utimesSync(sample, new Date(), new Date());
  await log.until(/drift healed/u);
  expect(steady(log.text())).toContain(steady(drifted));

  const file = join(site.directory, 'connectors', 'broken.yaml');
  writeFileSync(file, (/printf '(.*)' > /u.exec(readme)?.[1] ?? '').replaceAll(String.raw`\n`, '\n'));
  await log.until(/rate-limit/u);
  expect(steady(log.text())).toContain(steady(broken));
  rmSync(file);
});

test('the probes that docs/http.md lists answer, and the trigger does with a token', async () => {
  const site = await openSite({ files: { 'a.yaml': yaml('A') } });
  site.environment['DATABAR_SYNC_LISTEN'] = '127.0.0.1:0';
  site.environment['DATABAR_SYNC_TRIGGER_TOKEN'] = 'open-sesame';
  const daemon = site.start();
  const { listen } = await daemon.until('daemon.started');
  await daemon.until('pass.completed');

  const listed = [...pageOfHttp.matchAll(/^\| `(GET|POST) (\/\S+)` +\|/gmu)].map(([, method = '', path = '']) => ({
    method,
    path,
  }));
  expect(listed).toHaveLength(10);
  for (const { method, path } of listed) {
    const headers = { authorization: 'Bearer open-sesame' };
    const answer = await fetch(`${String(listen)}${path}`, { method, headers });
    expect([path, answer.status]).toEqual([path, method === 'POST' ? 202 : 200]);
    await answer.body?.cancel();
  }
});

/** What the README's curl line does, at this sandbox and with this id. */
async function runCurl(sandbox: string, id: string): Promise<void> {
  const line = codeBlocks(readme, 'sh').find((block) => block.startsWith('curl ')) ?? '';
  const [, method = '', path = '', header = '', body = ''] =
    /^curl -X (\w+) http:\/\/127\.0\.0\.1:8701(\/\S+)\/6 -H '(.*)' -d '(.*)'$/mu.exec(line) ?? [];
  const [name = '', value = ''] = header.split(': ', 2);
  const answer = await fetch(`${sandbox}${path}/${id}`, { method, headers: { [name]: value }, body });
  expect(answer.status).toBe(200);
}

/** A log without what differs from run to run: times, ids, ports and durations. */
function steady(text: string | undefined): string {
  return (text ?? '')
    .replaceAll(/^\d\d:\d\d:\d\d/gmu, 'TIME')
    .replaceAll(/127\.0\.0\.1:\d+/gu, 'HOST')
    .replaceAll(/\(id \d+\)/gu, '(ID)')
    .replaceAll(/[\d.]+ s\b/gu, 'DURATION')
    .trim();
}

/** Connectors are created side by side, in no order. */
function sorted(text: string | undefined): readonly string[] {
  return steady(text).split('\n').sort();
}

const DEADLINE_MS = 20_000;

function watchText(stream: Readable | null): { text(): string; until(pattern: RegExp): Promise<void> } {
  let text = '';
  let onText = (): void => undefined;
  stream?.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    onText();
  });
  return {
    text: () => text,
    async until(pattern) {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const timer = setTimeout(() => reject(new Error(`the daemon never said ${pattern}\n${text}`)), DEADLINE_MS);
      onText = () => {
        if (pattern.test(text)) resolve();
      };
      onText();
      await promise.finally(() => clearTimeout(timer));
    },
  };
}
