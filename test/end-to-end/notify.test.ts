/** The released daemon and a real receiver: what is told, and that no receiver can hold anything up. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Daemon } from '../support/daemon.ts';
import { HANGS, openReceiver } from '../support/receiver.ts';
import { rawAnswer } from '../support/raw-server.ts';
import type { Site } from '../support/site.ts';
import { openSite, yaml } from '../support/site.ts';

/** One connector, synced. */
async function settled(
  webhook: string,
  ...flags: readonly string[]
): Promise<{ readonly site: Site; readonly daemon: Daemon }> {
  const site = await openSite({ files: { 'a.yaml': yaml('A') } });
  site.environment['DATABAR_SYNC_NOTIFY_WEBHOOK'] = webhook;
  const daemon = site.start('--interval', '100ms', ...flags);
  await daemon.until('connector.created');
  await daemon.until('pass.completed');
  return { site, daemon };
}

describe('the daemon tells', () => {
  test('of drift that it healed, with the path and without a value', async () => {
    const receiver = await openReceiver();
    const { site, daemon } = await settled(receiver.webhook);
    site.sandbox.edit(1, { method: 'delete', url: 'https://theirs.example' });
    const { notices, databar_sync } = await receiver.until(/was changed outside of git/u);
    expect(notices).toHaveLength(1);
    expect(notices[0]).toMatchObject({
      kind: 'drift',
      state: 'healed',
      text: 'a "A" (id 1) was changed outside of git: /method, /url; healed',
      items: [{ connector: { key: 'a', id: 1, name: 'A' }, file: 'a.yaml', cause: 'remote_changed' }],
    });
    expect(databar_sync).toMatchObject({ workspace: new URL(site.sandbox.url).host, source: 'connectors' });
    expect(JSON.stringify(receiver.messages())).not.toContain('theirs.example');
    expect(await daemon.stop()).toBe(0);
  });

  test('of a refused key, and of its end with the last message', async () => {
    const receiver = await openReceiver();
    const { site, daemon } = await settled(receiver.webhook);
    site.sandbox.setApiKey('another');
    await receiver.until(/the API refuses the key/u);
    site.sandbox.setApiKey('test-key');
    await daemon.until('api.recovered');
    await daemon.until('pass.completed');
    // Ten seconds have not passed: the end of the daemon does not wait for them.
    expect(await daemon.stop()).toBe(0);
    expect(receiver.messages().map(({ text }) => text.split('\n').at(-1))).toEqual([
      expect.stringMatching(/^the API refuses the key/u),
      'the API accepts the key again',
    ]);
  });

  test('of an invalid definition once, after some passes, to Slack, where a hostile name stays text', async () => {
    const receiver = await openReceiver();
    const { site, daemon } = await settled(receiver.webhook, '--notify-format', 'slack', '--notify-after-passes', '2');
    site.write(
      'b.yaml',
      'name: "<!channel> @here `x` [l](https://evil.example)"\nmethod: get\nurl: https://b.example\nurll: x\n',
    );
    const { text } = await receiver.until(/invalid definition/u);
    expect(text).toMatch(/unknown field at `b\.yaml:4:1`/u);
    expect(text).not.toMatch(/<|@here|:\/\//u);
    for (let passes = 0; passes < 3; passes += 1) await daemon.until('pass.completed');
    await daemon.stop();
    expect(receiver.requests).toHaveLength(1);
  });

  test('nothing in a dry run, and nothing of what was not asked for', async () => {
    const receiver = await openReceiver();
    const site = await openSite({ files: { 'a.yaml': yaml('A') } });
    site.environment['DATABAR_SYNC_NOTIFY_WEBHOOK'] = receiver.webhook;
    await site.run('sync');
    site.sandbox.edit(1, { method: 'delete' });
    const dry = site.start('--dry-run', '--drift', 'report', '--interval', '100ms');
    await dry.until('drift.detected');
    await dry.until('pass.completed');
    expect(await dry.stop()).toBe(0);
    const other = site.start('--drift', 'report', '--interval', '100ms', '--notify-events', 'brake,recovery');
    await other.until('drift.detected');
    await other.until('pass.completed');
    expect(await other.stop()).toBe(0);
    expect(receiver.requests).toEqual([]);
  });
});

describe('a receiver that', () => {
  test('hangs holds up no pass, and not the end of the daemon', async () => {
    const receiver = await openReceiver(HANGS);
    const { site, daemon } = await settled(receiver.webhook);
    site.sandbox.edit(1, { method: 'delete' });
    await receiver.until(/was changed/u);
    site.write('b.yaml', yaml('B'));
    await daemon.until('connector.created');
    for (let passes = 0; passes < 5; passes += 1) await daemon.until('pass.completed');
    expect(receiver.requests).toHaveLength(1);
    // It has its attempt's ten seconds left, and the daemon goes without them.
    expect(daemon.said('notify.failed')).toEqual([]);
    expect(await daemon.stop()).toBe(0);
    expect(daemon.said('notify.failed')).toMatchObject([
      { error: 'it was given up, for the process stops', waiting: 1 },
    ]);
  });

  test('is away holds up nothing either', async () => {
    const receiver = await openReceiver();
    await receiver.close();
    const { site, daemon } = await settled(receiver.webhook);
    site.sandbox.edit(1, { method: 'delete' });
    await daemon.until('drift.healed');
    for (let passes = 0; passes < 5; passes += 1) await daemon.until('pass.completed');
    expect(await daemon.stop()).toBe(0);
    expect(daemon.said('notify.failed')).toMatchObject([{ error: 'the webhook cannot be reached: ECONNREFUSED' }]);
    expect(JSON.stringify(daemon.lines) + daemon.stderr()).not.toContain('T0/B0');
  });

  test.each([
    [404, rawAnswer(404, 'no_service')],
    [301, rawAnswer(301, '', { location: 'https://evil.example' })],
  ])('answers %i is logged once, without the token of its address', async (status, answer) => {
    const receiver = await openReceiver((socket) => void socket.write(answer));
    const { site, daemon } = await settled(receiver.webhook, '--drift', 'report');
    site.sandbox.edit(1, { method: 'delete' });
    expect(await daemon.until('notify.failed')).toMatchObject({ level: 'warn', status });
    for (let passes = 0; passes < 3; passes += 1) await daemon.until('pass.completed');
    expect(await daemon.stop()).toBe(0);
    expect(daemon.said('notify.failed')).toHaveLength(1);
    expect(JSON.stringify(daemon.lines) + daemon.stderr()).not.toContain('T0/B0');
  });
});

test('a webhook file that is not there is told at the start, and used when it comes', async () => {
  const receiver = await openReceiver();
  const site = await openSite({ files: { 'a.yaml': yaml('A') } });
  const daemon = site.start('--interval', '100ms', '--notify-webhook-file', './webhook');
  expect(await daemon.until('notify.failed')).toMatchObject({ error: 'The file "./webhook" does not exist' });
  await daemon.until('connector.created');
  writeFileSync(join(site.directory, 'webhook'), `${receiver.webhook}\n`);
  site.sandbox.edit(1, { method: 'delete' });
  await receiver.until(/was changed/u);
  await daemon.until('notify.recovered');
  expect(await daemon.stop()).toBe(0);
});

describe('databar-sync notify', () => {
  test('sends a test message that says so, and tells what became of it', async () => {
    const receiver = await openReceiver();
    const site = await openSite();
    site.environment['DATABAR_SYNC_NOTIFY_WEBHOOK'] = receiver.webhook;
    site.environment['DATABAR_SYNC_NOTIFY_SECRET'] = 'whisper';
    expect(await site.run('notify')).toEqual({
      code: 0,
      stdout: `${new URL(receiver.url).host} took the test message (200).\n`,
      stderr: '',
    });
    expect(receiver.messages()).toMatchObject([{ test: true, notices: [] }]);
    expect(receiver.requests[0]?.headers['x-signature']).toMatch(/^sha256=[0-9a-f]{64}$/u);
    await receiver.close();
    const { code, stdout } = await site.run('notify');
    expect(code).toBe(1);
    expect(stdout).toMatch(/ did not take the test message: the webhook cannot be reached: ECONNREFUSED\.\n$/u);
  });

  test('needs a webhook', async () => {
    const { code, stderr } = await (await openSite()).run('notify');
    expect(code).toBe(1);
    expect(stderr).toContain('error: there is no webhook: set DATABAR_SYNC_NOTIFY_WEBHOOK_FILE');
  });
});
