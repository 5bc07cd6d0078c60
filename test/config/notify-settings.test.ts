/** Where messages go is a secret, and travels on no open line. */

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { SettingsOrigins } from '../../src/config/load-settings.ts';
import { loadSettings } from '../../src/config/load-settings.ts';
import { parseWebhook } from '../../src/config/parse-webhook.ts';
import { readNotifySecret, readWebhook } from '../../src/config/read-webhook.ts';
import type { Settings } from '../../src/config/settings.ts';
import { formatSettingsProblem, SettingsError } from '../../src/config/settings-problem.ts';
import type { ConfigDirectory } from '../support/config-directory.ts';
import { makeConfigDirectory } from '../support/config-directory.ts';

let directory: ConfigDirectory;
beforeEach(() => {
  directory = makeConfigDirectory();
});
afterEach(() => {
  directory.remove();
});

function load(origins: Partial<SettingsOrigins>): Settings {
  return loadSettings({ flags: {}, environment: {}, configFile: null, isTerminal: false, ...origins }).settings;
}

function problemsOf(origins: Partial<SettingsOrigins>): readonly string[] {
  try {
    load(origins);
  } catch (error) {
    if (error instanceof SettingsError) return error.problems.map(formatSettingsProblem);
    throw error;
  }
  return [];
}

describe('a webhook', () => {
  test.each([
    ['https://hooks.example/services/T0/B0/hunter2', true],
    ['https://hooks.example:8443/?token=hunter2', true],
    ['http://127.0.0.1:9/hunter2', true],
    ['http://[::1]:9/hunter2', true],
    ['http://hooks.example/hunter2', false],
    ['ftp://hooks.example/hunter2', false],
    ['hooks.example/hunter2', false],
    ['https://me:hunter2@hooks.example/', false],
    ['https://hooks.example/#hunter2', false],
  ])('%s may be used: %s', (address, isFit) => {
    const problems = problemsOf({ environment: { DATABAR_SYNC_NOTIFY_WEBHOOK: address } });
    expect(problems).toHaveLength(isFit ? 0 : 1);
    expect(problems.join('')).not.toContain('hunter2');
    expect(parseWebhook(address, false).ok).toBe(isFit);
  });

  test('over plain http needs its own permission, not that of the API', () => {
    const environment = { DATABAR_SYNC_NOTIFY_WEBHOOK: 'http://hooks.internal/hunter2' };
    expect(problemsOf({ environment, flags: { 'api.allowHttp': true } })).toEqual([
      'environment DATABAR_SYNC_NOTIFY_WEBHOOK: the address of the webhook would carry messages over plain http. ' +
        'Expected an https address, a loopback address, or --notify-allow-http.',
    ]);
    expect(problemsOf({ environment, flags: { 'notify.allowHttp': true } })).toEqual([]);
  });

  test('is read again from its file each time, and judged again', () => {
    const webhookFile = directory.write('webhook', 'https://hooks.example/one\n');
    const settings = load({ flags: { 'notify.webhookFile': webhookFile } });
    expect(readWebhook(settings)).toEqual({ status: 'ok', url: new URL('https://hooks.example/one') });
    directory.write('webhook', 'http://hooks.example/hunter2\n');
    expect(readWebhook(settings)).toEqual({
      status: 'unreadable',
      message: 'The address of the webhook would carry messages over plain http.',
    });
    expect(readWebhook(load({}))).toEqual({ status: 'missing' });
  });

  test('and the key that signs are each given once', () => {
    const environment = {
      DATABAR_SYNC_NOTIFY_WEBHOOK: 'https://hooks.example/hunter2',
      DATABAR_SYNC_NOTIFY_WEBHOOK_FILE: '/run/webhook',
      DATABAR_SYNC_NOTIFY_SECRET: 'hunter2',
      DATABAR_SYNC_NOTIFY_SECRET_FILE: '/run/secret',
    };
    expect(problemsOf({ environment })).toEqual([
      'environment DATABAR_SYNC_NOTIFY_WEBHOOK_FILE: the webhook is given twice. ' +
        'Expected either notify.webhook or notify.webhookFile.',
      'environment DATABAR_SYNC_NOTIFY_SECRET_FILE: the key that signs messages is given twice. ' +
        'Expected either notify.secret or notify.secretFile.',
    ]);
  });

  test.each(['notify.webhookFile', 'notify.secretFile'])('%s lies where no definition can name it', (path) => {
    expect(problemsOf({ flags: { 'secrets.dir': '/run/secrets', [path]: '/run/secrets/ours' } })[0]).toContain(
      `definitions could read the file of ${path}`,
    );
  });
});

test('the key that signs is given, read from its file, or missing', () => {
  expect(readNotifySecret(load({ environment: { DATABAR_SYNC_NOTIFY_SECRET: 'k' } }))).toEqual({
    status: 'ok',
    secret: 'k',
  });
  const secretFile = directory.write('key', 'from-file\n');
  expect(readNotifySecret(load({ flags: { 'notify.secretFile': secretFile } }))).toMatchObject({ secret: 'from-file' });
  expect(readNotifySecret(load({}))).toEqual({ status: 'missing' });
});

describe('a list of what is told', () => {
  test('is written with commas, or as a list in the config file', () => {
    const configFile = directory.write('s.yaml', 'notify:\n  events: [recovery, drift]\n');
    expect(load({ configFile }).notify.events).toEqual(['drift', 'recovery']);
    expect(load({ flags: { 'notify.events': ' brake,drift ' } }).notify.events).toEqual(['drift', 'brake']);
  });

  test('holds nothing else', () => {
    const configFile = directory.write('s.yaml', 'notify:\n  events: [drift, {a: b}]\n');
    expect(problemsOf({ configFile })[0]).toContain(
      ':2:11: the value of notify.events holds something that is not a word',
    );
    expect(problemsOf({ flags: { 'notify.events': 'drift,barke' } })).toEqual([
      'flag --notify-events: "drift,barke" holds something that is not one of the choices. Expected one or more of ' +
        'drift, failure, brake, api, source, recovery, with commas between them. Did you mean drift,brake?',
    ]);
    expect(problemsOf({ flags: { 'notify.events': 'everything' } })[0]).not.toContain('Did you mean');
  });
});
