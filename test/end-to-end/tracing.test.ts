/** Spans for whoever registers an OpenTelemetry SDK with `node --import`, out of the bundle. */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { REPOSITORY_ROOT } from '../support/generated-files.ts';
import type { Site } from '../support/site.ts';
import { openSite, yaml } from '../support/site.ts';
import type { SpanData } from '../support/tiny-otel-sdk.ts';

function trace(site: Site): () => readonly SpanData[] {
  const file = join(site.directory, 'spans');
  writeFileSync(file, '');
  site.environment['TINY_OTEL_FILE'] = file;
  site.environment['NODE_OPTIONS'] = `--import ${join(REPOSITORY_ROOT, 'test', 'support', 'tiny-otel-sdk.ts')}`;
  return () =>
    readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as SpanData);
}

test('each pass has a span, and each request one below it, retries included', async () => {
  const site = await openSite({ files: { 'a.yaml': yaml('A'), 'b.yaml': yaml('B') } });
  const spans = trace(site);
  site.sandbox.inject({ on: 'list', kind: 'status', status: 503, times: 1 });
  expect((await site.run('sync', '--concurrency', '1')).code).toBe(0);

  const pass = spans().find(({ name }) => name === 'databar_sync.pass');
  expect(pass).toMatchObject({
    parent: null,
    scope: `databar-sync@${manifest.version}`,
    attributes: { 'databar_sync.pass.result': 'ok', 'databar_sync.pass.created': 2 },
    status: null,
  });
  const requests = spans().filter(({ id }) => id !== pass?.id);
  expect(requests.map(({ name, parent }) => [name, parent])).toEqual([
    ['GET /v1/connectors/', pass?.id],
    ['GET /v1/connectors/', pass?.id],
    ['POST /v1/connectors/', pass?.id],
    ['POST /v1/connectors/', pass?.id],
  ]);
  expect(requests[0]).toMatchObject({
    kind: 2,
    attributes: { 'http.response.status_code': 503, 'error.type': '503', 'server.address': '127.0.0.1' },
    status: { code: 2 },
  });
  expect(requests[1]).toMatchObject({ status: null, attributes: { 'databar_sync.operation': 'list' } });
});

test('the daemon traces every pass, and no span carries a secret, a query or a name', async () => {
  const secret = 'canaryX7qTracing';
  const files = {
    'a.yaml': `name: ${secret}Name\nmethod: get\nurl: https://api.example.com/?api_key=${secret}\nheaders:\n  - name: X\n    value: ${secret}\n`,
  };
  const site = await openSite({ files, apiKey: `${secret}Key` });
  site.environment['DATABAR_API_KEY'] = `${secret}Key`;
  const spans = trace(site);
  site.sandbox.inject({ on: 'create', kind: 'echo-422', times: 1 });
  const daemon = site.start('--interval', '1h');
  await daemon.until('connector.failed');
  daemon.signal('SIGHUP');
  await daemon.until('connector.created');
  site.sandbox.edit(1, { method: 'post' });
  daemon.signal('SIGHUP');
  await daemon.until('drift.healed');
  expect(await daemon.stop()).toBe(0);
  expect(spans().filter(({ name }) => name === 'databar_sync.pass')).toHaveLength(3);
  expect(spans().find(({ name }) => name === 'PUT /v1/connectors/{id}')?.attributes).toMatchObject({
    'databar_sync.connector.id': 1,
  });
  expect(JSON.stringify(spans())).not.toContain(secret);
});

test('an SDK with an API older than ours is told of, and nothing breaks', async () => {
  const site = await openSite({ files: { 'a.yaml': yaml('A') } });
  const sdk = join(site.directory, 'old.mjs');
  writeFileSync(sdk, `globalThis[Symbol.for('opentelemetry.js.api.1')] = { version: '1.2.0', trace: {} };\n`);
  site.environment['NODE_OPTIONS'] = `--import ${sdk}`;
  const { code, stderr } = await site.run('sync');
  expect(code).toBe(0);
  expect(stderr).toContain('through version 1.2.0 of @opentelemetry/api, which is older than 1.9; nothing is traced');
});
