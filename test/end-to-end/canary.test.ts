/**
 * Canaries: a made-up value in every place that can hold a secret, every error path driven, and then every byte
 * that left the process or reached the disk is searched for them.
 */

import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { listen } from '../support/listen.ts';
import { openReceiver } from '../support/receiver.ts';
import type { Site } from '../support/site.ts';
import { openSite } from '../support/site.ts';

/** Recognisable, and unlike anything else; the suffix says where it was put. */
const canary = (place: string): string => `canaryX7q${place}Z`;
const CANARY = /canaryX7q\w*/gu;

const FULL = `name: Full
method: post
url: https://user:${canary('Userinfo')}@api.example.com/v1?api_key=${canary('Query')}&page=1
headers:
  - name: Authorization
    value: Bearer \${env:CONNECTOR_TOKEN}
  - name: X-Plain
    value: ${canary('ClearHeader')}
parameters:
  - name: q
    value: \${env:CONNECTOR_PARAMETER}
  - name: client_secret
    value: ${canary('ClearParameter')}
body:
  - name: field
    value: \${secret:body}
body_template: '{"k": "\${secret:template}"}'
`;

const NAMED = 'name: Named ${env:CONNECTOR_NAME}\nmethod: get\nurl: https://api.example.com/${env:CONNECTOR_PATH}\n';

const BROKEN: Readonly<Record<string, string>> = {
  'misspelt.yaml': `name: A\nmethod: get\nurl: https://a.example\nheaders:\n  - name: X\n    vlaue: ${canary('Misspelt')}\n`,
  'type.yaml': `name: B\nmethod: get\nurl: https://a.example\nheaders:\n  - ${canary('Scalar')}\n`,
  'syntax.yaml': `name: C\nmethod: get\nheaders:\n  - name: X\n    value: "${canary('Syntax')}" x\n`,
  'unclosed.yaml': `name: D\nmethod: get\nurl: https://a.example\nheaders:\n  - name: X\n    value: "${canary('Open')} \${env:"\n`,
  'newline.yaml':
    'name: E\nmethod: get\nurl: https://a.example\nheaders:\n  - name: X\n    value: ${env:CONNECTOR_NEWLINE}\n',
  'badurl.yaml': 'name: F\nmethod: get\nurl: ${env:CONNECTOR_TOKEN}\n',
  'long.yaml': 'name: ${env:CONNECTOR_LONG}\nmethod: get\nurl: https://a.example\n',
  'scheme.yaml': `name: G\nmethod: get\nurl: ftp://u:${canary('Ftp')}@a.example\n`,
};

const KEYS = ['full', 'named', ...Object.keys(BROKEN).map((file) => file.replace('.yaml', ''))];

async function openSecretSite(files: Readonly<Record<string, string>>): Promise<Site> {
  const site = await openSite({ files, apiKey: canary('ApiKey') });
  const secrets = join(site.directory, 'secrets');
  mkdirSync(secrets);
  writeFileSync(join(secrets, 'body'), canary('SecretFile'));
  writeFileSync(join(secrets, 'template'), `${canary('Template')}\n`);
  Object.assign(site.environment, {
    DATABAR_API_KEY: canary('ApiKey'),
    DATABAR_SYNC_TRIGGER_TOKEN: canary('Trigger'),
    DATABAR_SYNC_SECRETS_DIR: secrets,
    CONNECTOR_TOKEN: canary('EnvHeader'),
    CONNECTOR_PARAMETER: canary('EnvParameter'),
    CONNECTOR_NAME: canary('EnvName'),
    CONNECTOR_PATH: canary('EnvPath'),
    CONNECTOR_NEWLINE: `${canary('NewlineA')}\n${canary('NewlineB')}`,
    CONNECTOR_LONG: canary('Long').repeat(40),
  });
  return site;
}

/** Every byte below the site but the definitions and secrets themselves. */
function bytesOnDisk(site: Site): string {
  const read = (directory: string): string =>
    readdirSync(directory)
      .filter((name) => !['connectors', 'secrets'].includes(name))
      .map((name) => join(directory, name))
      .map((path) => (statSync(path).isDirectory() ? read(path) : readFileSync(path, 'latin1')))
      .join('\n');
  return read(site.directory);
}

const found = (text: string): readonly string[] => [...new Set(text.match(CANARY))];

test('no secret leaves the commands, whatever goes wrong', async () => {
  const site = await openSecretSite({ 'full.yaml': FULL, 'named.yaml': NAMED, ...BROKEN });
  let output = '';
  const run = async (...args: readonly string[]): Promise<void> => {
    const { stdout, stderr } = await site.run(...args, '--log-level', 'debug');
    output += stdout + stderr;
  };

  for (const format of ['text', 'json', 'github', 'sarif', 'junit']) {
    await run('validate', '--output', format);
    await run('validate', '--strict', '--output', format);
  }
  for (const format of ['text', 'json', 'markdown']) await run('plan', '--output', format);
  site.sandbox.inject({ on: 'create', kind: 'echo-422', times: 4 });
  await run('sync');
  await run('sync', '--output', 'json');
  site.sandbox.clearFaults();
  await run('plan', '--out', 'plan.json');
  await run('sync', '--plan', 'plan.json');
  expect(site.sandbox.connectors()).toHaveLength(2);
  // Now it is refused, and says why.
  await run('sync', '--plan', 'plan.json');
  await run('sync', '--plan', 'plan.json', '--output', 'json');

  // Drift: what somebody put there is as secret as what the file says.
  site.sandbox.edit(1, {
    headers: [{ name: 'Authorization', value: canary('LiveHeader') }],
    parameters: [{ name: 'q', value: canary('LiveParameter') }],
    url: `https://api.example.com/?token=${canary('LiveQuery')}`,
    body_template: `${canary('LiveTemplate')}\n${canary('LiveTemplate2')}\n`,
  });
  await run('plan', '--out', 'drift.json');
  for (const format of ['text', 'json', 'markdown']) await run('plan', '--output', format);
  for (const kind of ['echo-422', 'wrong-shape', 'html-200', 'truncated-json'] as const) {
    site.sandbox.inject({ on: 'update', kind, times: 5 });
    await run('sync', '--output', 'json');
    site.sandbox.clearFaults();
  }
  await run('sync');
  site.sandbox.setApiKey('another');
  await run('sync', '--output', 'json');
  await run('plan');

  // The placeholder goes from the file; its value is still live, and still secret.
  site.sandbox.setApiKey(canary('ApiKey'));
  site.write(
    'full.yaml',
    FULL.replace('${env:CONNECTOR_PARAMETER}', 'now in the open').replace(/body_template.*\n/u, ''),
  );
  await run('plan');
  await run('sync', '--output', 'json');

  // Where messages go: an address that cannot be reached, and addresses that cannot be used.
  for (const start of [
    'http://127.0.0.1:1/',
    'http://hooks.example/',
    `https://${canary('HookUser')}@hooks.example/`,
  ]) {
    site.environment['DATABAR_SYNC_NOTIFY_WEBHOOK'] = `${start}${canary('HookPath')}?token=${canary('HookQuery')}`;
    await run('notify');
  }

  expect(output).toContain('hmac:');
  expect(found(output)).toEqual([]);
  expect(found(bytesOnDisk(site))).toEqual([]);
}, 120_000);

test('no secret leaves the daemon: not in logs, state, probes, status, metrics, stream, page or the status command', async () => {
  const site = await openSecretSite({ 'full.yaml': FULL, 'named.yaml': NAMED, ...BROKEN });
  site.sandbox.inject({ on: 'create', kind: 'echo-422', times: 2 });
  const receiver = await openReceiver(undefined, `${canary('HookPath')}?token=${canary('HookQuery')}`);
  Object.assign(site.environment, {
    DATABAR_SYNC_NOTIFY_WEBHOOK: receiver.webhook,
    DATABAR_SYNC_NOTIFY_SECRET: canary('HookSecret'),
    DATABAR_SYNC_NOTIFY_AFTER_PASSES: '1',
  });
  const daemon = site.start(
    '--interval',
    '200ms',
    '--listen',
    '127.0.0.1:0',
    '--drift',
    'heal',
    '--metrics-per-connector',
  );
  const { listen: url } = await daemon.until('daemon.started');
  const { hostname: host, port } = new URL(String(url));
  const stream = await listen({ host, port: Number(port) });
  let answers = '';
  const ask = async (path: string): Promise<string> => {
    const answer = await fetch(`${String(url)}${path}`);
    const text = JSON.stringify([...answer.headers]) + (await answer.text());
    answers += text;
    return text;
  };
  /** Everything that is shown of this moment. */
  const look = async (): Promise<void> => {
    for (const path of ['/', '/healthz', '/readyz', '/startupz', '/metrics', '/nothing']) await ask(path);
    for (const path of ['/api/status', '/api/connectors', '/api/passes', '/api/recent']) await ask(path);
    for (const key of KEYS) await ask(`/api/connector?key=${key}`);
    for (const format of ['text', 'json']) {
      const { stdout, stderr } = await site.run('status', '--url', String(url), '--output', format);
      expect(stdout).toContain('full');
      answers += stdout + stderr;
    }
  };

  await daemon.until('pass.completed', ({ failed }) => failed === 2);
  await look();
  daemon.signal('SIGHUP');
  await daemon.until('pass.completed', ({ created }) => created === 2);
  await look();
  site.sandbox.inject({ on: 'update', kind: 'echo-422', times: 1 });
  site.sandbox.edit(1, { headers: [{ name: 'Authorization', value: canary('LiveHeader') }] });
  await daemon.until('connector.failed');
  await look();
  expect(answers).toContain('hmac:');
  expect(answers).toContain('"frame":"');
  daemon.signal('SIGHUP');
  await daemon.until('drift.healed');
  site.environment['CONNECTOR_TOKEN'] = 'rotated';
  const refused = await fetch(`${String(url)}/api/sync`, { method: 'POST', headers: { authorization: 'Bearer x' } });
  answers += await refused.text();
  expect(refused.status).toBe(401);
  site.sandbox.setApiKey('another');
  await daemon.until('api.unauthorized');
  await look();
  await daemon.stop();

  const told = receiver.requests.map(({ headers, body }) => JSON.stringify(headers) + body).join('\n');
  for (const subject of ['failed', 'invalid', 'drift', 'unauthorized'])
    expect(told).toContain(`"subject":"${subject}"`);
  expect(found(told)).toEqual([]);
  expect(told).not.toContain('hmac:');
  const log = daemon.lines.map((line) => JSON.stringify(line)).join('\n');
  expect(stream.text()).toContain('event: changed');
  expect(found(log + daemon.stderr() + answers + stream.text())).toEqual([]);
  expect(found(bytesOnDisk(site))).toEqual([]);
});

test('a change of a secret is visible, and the secret is not', async () => {
  const site = await openSecretSite({ 'full.yaml': FULL });
  expect((await site.run('sync')).code).toBe(0);
  site.environment['CONNECTOR_TOKEN'] = canary('Rotated');
  const plan = await site.run('plan', '--output', 'json');
  const [change] = (
    JSON.parse(plan.stdout) as { changes: { fields: { path: string; live: string; desired: string }[] }[] }
  ).changes;
  expect(change?.fields).toEqual([
    {
      path: '/headers/0/value',
      live: expect.stringMatching(/^hmac:[0-9a-f]{8}$/u) as string,
      desired: expect.stringMatching(/^hmac:[0-9a-f]{8}$/u) as string,
    },
  ]);
  expect(change?.fields[0]?.live).not.toBe(change?.fields[0]?.desired);
});
