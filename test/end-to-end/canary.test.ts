/**
 * Canaries: a made-up value in every place that can hold a secret, every error path driven, and then every byte
 * that left the process or reached the disk is searched for them.
 */

import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { listen } from '../support/listen.ts';
import { openReceiver } from '../support/receiver.ts';
import type { Site } from '../support/site.ts';
import { openSite } from '../support/site.ts';

const CANARIES = new Set<string>();

/** Recognisable, and unlike anything else; the suffix says where it was put. */
function canary(place: string): string {
  const value = `canaryX7q${place}Z`;
  CANARIES.add(value);
  return value;
}
const CANARY = /canaryX7q\w*/giu;

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

const NAMED = `name: Named \${env:CONNECTOR_NAME}
method: get
url: https://api.example.com/\${env:CONNECTOR_PATH}
headers:
  - name: X-\${env:CONNECTOR_HEADER_NAME}
    value: x
parameters:
  - name: \${env:CONNECTOR_PARAMETER_NAME}
    value: x
`;

const BROKEN: Readonly<Record<string, string>> = {
  'misspelt.yaml': `name: A\nmethod: get\nurl: https://a.example\nheaders:\n  - name: X\n    vlaue: ${canary('Misspelt')}\n`,
  'type.yaml': `name: B\nmethod: get\nurl: https://a.example\nheaders:\n  - ${canary('Scalar')}\n`,
  'syntax.yaml': `name: C\nmethod: get\nheaders:\n  - name: X\n    value: "${canary('Syntax')}" x\n`,
  'unclosed.yaml': `name: D\nmethod: get\nurl: https://a.example\nheaders:\n  - name: X\n    value: "${canary('Open')} \${env:"\n`,
  'newline.yaml':
    'name: E\nmethod: get\nurl: https://a.example\nheaders:\n  - name: X\n    value: ${env:CONNECTOR_NEWLINE}\n',
  'badmethod.yaml': 'name: Q\nmethod: ${env:CONNECTOR_TOKEN}\nurl: https://a.example\n',
  'badtype.yaml': 'name: R\ntype: ${env:CONNECTOR_TOKEN}\nmethod: get\nurl: https://a.example\n',
  'badheader.yaml':
    'name: S\nmethod: get\nurl: https://a.example\nheaders:\n  - name: "bad ${env:CONNECTOR_TOKEN}"\n    value: x\n',
  'badurl.yaml': 'name: F\nmethod: get\nurl: ${env:CONNECTOR_TOKEN}\n',
  'long.yaml': 'name: ${env:CONNECTOR_LONG}\nmethod: get\nurl: https://a.example\n',
  'key.yaml': `name: H\nmethod: get\nurl: https://a.example\nsk_live_9${canary('AsKey')}: 1\n`,
  'twice.yaml': `name: I\nmethod: get\nurl: https://a.example\n9${canary('Twice')}: 1\n9${canary('Twice')}: 2\n`,
  'nested.yaml': `name: J\nmethod: get\nurl: https://a.example\nbody:\n  - 9${canary('Nested')}: "\${env:"\n`,
  'as-name.yaml': `name: K\nmethod: get\nurl: https://a.example\nbody: [{name: a, value: "\${secret:9${canary('AsName')}}"}]\n`,
  'as-variable.yaml': `name: L\nmethod: get\nurl: https://a.example\nbody: [{name: a, value: "\${env:9${canary('AsVariable')}}"}]\n`,
  'map.yaml': `name: M\nmethod: get\nurl: https://a.example\nheaders:\n  Authorization: ${canary('Map')}\n`,
  'anchor.yaml': `name: N\nmethod: get\nurl: https://a.example\nbody: &${canary('Anchor')}\n  - *${canary('Alias')}\n`,
  'tag.yaml': `name: O\nmethod: get\nurl: https://a.example\nbody: [{name: a, value: !${canary('Tag')} x}] # ${canary('Comment')}\n`,
  'directive.yaml': `%${canary('Directive')} x\n---\nname: P\n`,
  'scheme.yaml': `name: G\nmethod: get\nurl: ftp://u:${canary('Ftp')}@a.example\n`,
};

const KEYS = ['full', 'named', ...Object.keys(BROKEN).map((file) => file.replace('.yaml', ''))];

async function openSecretSite(files: Readonly<Record<string, string>>): Promise<Site> {
  const site = await openSite({ files, apiKey: canary('ApiKey') });
  const secrets = join(site.directory, 'secrets');
  // As Kubernetes mounts a Secret.
  mkdirSync(join(secrets, '..2026_11_26'), { recursive: true });
  symlinkSync('..2026_11_26', join(secrets, '..data'));
  for (const [name, value] of [
    ['body', canary('SecretFile')],
    ['template', `${canary('Template')}\n`],
  ] as const) {
    writeFileSync(join(secrets, '..2026_11_26', name), value);
    symlinkSync(join('..data', name), join(secrets, name));
  }
  Object.assign(site.environment, {
    DATABAR_API_KEY: canary('ApiKey'),
    DATABAR_SYNC_TRIGGER_TOKEN: canary('Trigger'),
    DATABAR_SYNC_SECRETS_DIR: secrets,
    CONNECTOR_TOKEN: canary('EnvHeader'),
    CONNECTOR_PARAMETER: canary('EnvParameter'),
    CONNECTOR_NAME: canary('EnvName'),
    CONNECTOR_PATH: canary('EnvPath'),
    CONNECTOR_HEADER_NAME: canary('HeaderName'),
    CONNECTOR_PARAMETER_NAME: canary('ParameterName'),
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

/**
 * Canaries in a text, also encoded ones. That the last line had to step in is a find as well: what is shown goes through
 * redaction by place first.
 */
function found(text: string): readonly string[] {
  const encoded = [...CANARIES].flatMap((value) => encodings(value).filter((spelling) => text.includes(spelling)));
  return [...new Set([...(text.match(CANARY) ?? []), ...encoded, ...(text.match(/\[secret\]/gu) ?? [])])];
}

/** In base64 a value looks otherwise depending on how much stands before it; the digits at both ends belong to others, too. */
function encodings(value: string): readonly string[] {
  const base64 = ['', 'x', 'xx'].map((before) =>
    btoa(before + value)
      .replaceAll('=', '')
      .slice(4, -2),
  );
  return [...base64, Buffer.from(value).toString('hex')];
}

/** What a server may say that repeats values in another spelling. */
function encodedEchoes(): readonly unknown[] {
  const value = `Bearer ${canary('EnvHeader')}`;
  const spellings = [
    btoa(`Authorization: ${value}`),
    Buffer.from(value).toString('hex'),
    encodeURIComponent(JSON.stringify({ value })),
    value.toUpperCase(),
    btoa(canary('ApiKey')),
  ];
  return spellings.flatMap((said) => [
    `cannot use ${said}`,
    [{ loc: ['body', 'headers', 0, 'value'], msg: `cannot use ${said}`, type: 'value_error' }],
  ]);
}

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
  for (const detail of encodedEchoes()) {
    site.sandbox.inject({ on: 'create', kind: 'status', status: 422, detail, times: 2 });
    await run('sync', '--output', 'json');
  }
  site.sandbox.clearFaults();
  await run('sync', '--log-format', 'pretty');
  await run('plan', '--out', 'plan.json');
  await run('sync', '--plan', 'plan.json');
  expect(site.sandbox.connectors()).toHaveLength(2);
  // Now it is refused, and says why.
  await run('sync', '--plan', 'plan.json');
  await run('sync', '--plan', 'plan.json', '--output', 'json');

  // An import writes files: what the server holds is in none of them, whether or not definitions are there.
  await run('import', '--dir', 'imported');
  await run('import', '--dir', 'imported-too', '--single-file', '--output', 'json');
  await run('import', '--dir', 'connectors', '--overwrite');

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

/** Makes the program die of what it is told to, once secrets are known: after a signal. */
const SABOTAGE = `
  process.on('SIGCONT', () => {
    const { CONNECTOR_TOKEN: token, DATABAR_API_KEY: key, HOW } = process.env;
    const cause = new Error('because of ' + key);
    const error = Object.assign(new Error('cannot use ' + token, { cause }), { answer: { sent: token, key } });
    if (HOW === 'rejection') void Promise.reject(error);
    else throw error;
  });
`;

describe('a crash', () => {
  test.each(['exception', 'rejection'])(
    'by an %s nobody handles ends with 1, and tells where but no secret',
    async (how) => {
      const site = await openSecretSite({ 'full.yaml': FULL });
      writeFileSync(join(site.directory, 'sabotage.mjs'), SABOTAGE);
      Object.assign(site.environment, { NODE_OPTIONS: `--import=${join(site.directory, 'sabotage.mjs')}`, HOW: how });
      const daemon = site.start();
      await daemon.until('pass.completed');
      daemon.signal('SIGCONT');
      expect(await daemon.exited).toBe(1);
      const log = daemon.lines.map((line) => JSON.stringify(line)).join('\n');
      for (const text of [log, daemon.stderr()]) {
        expect(text).toContain('cannot use [secret]');
        expect(text).toContain('sabotage.mjs');
        expect(text).not.toMatch(CANARY);
      }
      expect(bytesOnDisk(site)).not.toMatch(CANARY);
    },
  );
});

test.each([
  ['a flag that there is not', ['run', `--api-key=${canary('Flag')}`], "unknown option '--api-key'"],
  ['the same with a quote', ['run', `--api-key='${canary('QuotedFlag')}'`], "unknown option '--api-key'"],
  ['a short one', ['run', `-k=${canary('ShortFlag')}`], "unknown option '-k'"],
  ['no flag', ['run', canary('Argument')], 'too many arguments'],
  ['the flag of a file', ['run', `--api-key-file=${canary('AsFile')}`], 'does not exist'],
])('a secret that is given by %s is not repeated', async (_, args, said) => {
  const site = await openSite();
  delete site.environment['DATABAR_API_KEY'];
  const { code, stdout, stderr } = await site.run(...args);
  expect(code).toBe(1);
  expect(stderr).toContain(said);
  expect(found(stdout + stderr)).toEqual([]);
});

test('a secret of one character is hidden in its place, and the text around it stays readable', async () => {
  const site = await openSecretSite({
    'everything.yaml':
      'name: Everything else\nmethod: get\nurl: https://e.example/e\nheaders:\n  - name: E\n    value: ${env:CONNECTOR_TOKEN}\n',
  });
  site.environment['CONNECTOR_TOKEN'] = 'e';
  expect((await site.run('sync')).code).toBe(0);
  site.environment['CONNECTOR_TOKEN'] = 'f';
  const { stdout } = await site.run('plan');
  expect(stdout).toContain('everything');
  expect(stdout).toMatch(/\/headers\/0\/value \(E\): "hmac:[0-9a-f]{8}" → "hmac:[0-9a-f]{8}"/u);
  expect(stdout).not.toContain('[secret]');
});
