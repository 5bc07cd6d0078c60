import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { SettingsOrigins } from '../../src/config/load-settings.ts';
import { loadSettings } from '../../src/config/load-settings.ts';
import { formatSettingsProblem, SettingsError } from '../../src/config/settings-problem.ts';
import { openPlaceholders } from '../../src/desired/placeholder-source.ts';
import type { ConfigDirectory } from '../support/config-directory.ts';
import { makeConfigDirectory } from '../support/config-directory.ts';

let directory: ConfigDirectory;
beforeEach(() => {
  directory = makeConfigDirectory();
});
afterEach(() => {
  directory.remove();
});

function problemsOf(origins: Partial<SettingsOrigins>): readonly string[] {
  try {
    loadSettings({ flags: {}, environment: {}, configFile: null, isTerminal: false, ...origins });
  } catch (error) {
    if (error instanceof SettingsError) return error.problems.map(formatSettingsProblem);
    throw error;
  }
  return [];
}

describe('a secret and its file', () => {
  test('are not both given, not even in different places', () => {
    const configFile = directory.write('settings.yaml', 'api:\n  keyFile: /run/key\n');
    expect(problemsOf({ configFile, environment: { DATABAR_API_KEY: 'hunter2' } })).toEqual([
      `${configFile}:2:12: the API key is given twice. Expected either api.key or api.keyFile.`,
    ]);
  });

  test('are not both given for the trigger either', () => {
    const environment = { DATABAR_SYNC_TRIGGER_TOKEN: 'hunter2', DATABAR_SYNC_TRIGGER_TOKEN_FILE: '/run/token' };
    expect(problemsOf({ environment })).toEqual([
      'environment DATABAR_SYNC_TRIGGER_TOKEN_FILE: the trigger token is given twice. ' +
        'Expected either http.triggerToken or http.triggerTokenFile.',
    ]);
  });
});

describe('a plain http base URL', () => {
  test('is refused', () => {
    expect(problemsOf({ environment: { DATABAR_BASE_URL: 'http://api.databar.ai' } })).toEqual([
      'environment DATABAR_BASE_URL: plain http would send the API key in clear text. ' +
        'Expected an https address, a loopback address, or --allow-http.',
    ]);
  });

  test('is accepted when that was asked for, or when it is loopback', () => {
    expect(problemsOf({ flags: { 'api.baseUrl': 'http://api.internal', 'api.allowHttp': true } })).toEqual([]);
    expect(problemsOf({ flags: { 'api.baseUrl': 'http://127.0.0.1:9000/v1' } })).toEqual([]);
  });

  test('with a mistyped permission gets the one problem that matters', () => {
    const origins = { flags: { 'api.baseUrl': 'http://api.internal' }, environment: { DATABAR_SYNC_ALLOW_HTTP: 'ja' } };
    expect(problemsOf(origins)).toEqual([
      'environment DATABAR_SYNC_ALLOW_HTTP: "ja" is neither true nor false. Expected true or false.',
    ]);
  });

  test('with credentials is never shown', () => {
    expect(problemsOf({ flags: { 'api.baseUrl': 'https://me:hunter2@api.databar.ai' } }).join()).not.toContain(
      'hunter2',
    );
  });
});

describe('delays between attempts', () => {
  test('begin no longer than they may become', () => {
    expect(problemsOf({ flags: { 'retry.baseDelay': '31s' } })).toEqual([
      'flag --retry-base-delay: retry.baseDelay is longer than retry.maxDelay. ' +
        'Expected a retry.maxDelay that is not shorter.',
    ]);
    expect(problemsOf({ flags: { 'retry.baseDelay': '31s', 'retry.maxDelay': '31s' } })).toEqual([]);
  });
});

describe("databar-sync's own secrets", () => {
  test.each(['D', 'DATABAR_', 'DATABAR_API_KEY', 'DATABAR_SYNC_TRIGGER'])(
    'are not within reach of the prefix %s',
    (prefix) => {
      expect(problemsOf({ flags: { 'secrets.envPrefix': prefix } })[0]).toMatch(
        /^flag --secrets-env-prefix: definitions could read DATABAR_\w+, which begins with this prefix\./,
      );
    },
  );

  test.each(['DATABAR_SYNC_MY_', 'DATABAR_API_KEY_OF_', 'DATABAR_API_KEYS'])(
    'have names that begin unlike those which definitions may read: the prefix %s is refused',
    (prefix) => {
      const open = openPlaceholders({ environment: { [`${prefix}X`]: 'x' }, envPrefix: prefix, secretsDir: null });
      expect(open('env', `${prefix}X`)).toMatchObject({ code: 'placeholder_forbidden' });
      expect(problemsOf({ flags: { 'secrets.envPrefix': prefix } })).toEqual([
        `flag --secrets-env-prefix: variables that begin with "${prefix}" belong to databar-sync, ` +
          'and definitions could read none. Expected a prefix that no setting of databar-sync has, such as CONNECTOR_.',
      ]);
    },
  );

  test.each(['CONNECTOR_', 'DATABAR_CONNECTOR_', 'X'])('are out of reach of the prefix %s', (prefix) => {
    expect(problemsOf({ flags: { 'secrets.envPrefix': prefix } })).toEqual([]);
  });

  test('do not lie in the directory that definitions may read, however it is spelled', () => {
    const secrets = join(directory.path, 'secrets');
    mkdirSync(secrets);
    symlinkSync(secrets, join(directory.path, 'link'));
    for (const spelling of [
      secrets,
      `${secrets}/`,
      `${directory.path}/./secrets/../secrets`,
      `${directory.path}/link`,
    ]) {
      expect(problemsOf({ flags: { 'secrets.dir': spelling, 'api.keyFile': join(secrets, 'api-key') } })).toEqual([
        'flag --secrets-dir: definitions could read the file of api.keyFile, for it lies in secrets.dir. ' +
          'Expected a directory for the secrets of definitions alone.',
      ]);
    }
    const flags = { 'secrets.dir': 'not/there', 'http.triggerTokenFile': './not/there/token' };
    expect(problemsOf({ flags })[0]).toContain('definitions could read the file of http.triggerTokenFile');
  });

  test.each(['api.keyFile', 'http.triggerTokenFile', 'notify.webhookFile', 'notify.secretFile'])(
    'do not lie where a name in that directory leads to the file of %s',
    (path) => {
      const secrets = join(directory.path, 'secrets');
      mkdirSync(join(secrets, '..2026'), { recursive: true });
      directory.write('secrets/..2026/ours', 'hunter2');
      symlinkSync('..2026', join(secrets, '..data'));
      symlinkSync('..data/ours', join(secrets, 'ours'));
      symlinkSync('secrets/ours', join(directory.path, 'link'));
      const expected = 'Expected a directory for the secrets of definitions alone.';
      for (const file of [join(secrets, '..data', 'ours'), join(directory.path, 'link')]) {
        expect(problemsOf({ flags: { 'secrets.dir': secrets, [path]: file } })).toEqual([
          `flag --secrets-dir: definitions could read the file of ${path}, ` +
            `for "ours" in secrets.dir leads to it. ${expected}`,
        ]);
      }
    },
  );

  test.each([
    ['gives a key', 'api:\n  key: hunter2\n'],
    ['may be given one', 'sync:\n  interval: 5m\n'],
  ])('are not read with the config file, which %s', (_, content) => {
    const configFile = directory.write('config.yaml', content);
    expect(problemsOf({ configFile, flags: { 'secrets.dir': directory.path } })).toEqual([
      'flag --secrets-dir: definitions could read the config file, for it lies in secrets.dir. ' +
        'Expected a directory for the secrets of definitions alone.',
    ]);
  });

  test('are not read with a config file that a name in that directory leads to', () => {
    const secrets = join(directory.path, 'secrets');
    mkdirSync(join(secrets, 'deeper'), { recursive: true });
    const text = `secrets:\n  dir: ${secrets}\n`;
    const configFile = directory.write('secrets/deeper/config.yaml', text);
    expect(problemsOf({ configFile })).toEqual([]);
    symlinkSync('deeper/config.yaml', join(secrets, 'config'));
    expect(problemsOf({ configFile })[0]).toBe(
      `${configFile}:2:8: definitions could read the config file, for "config" in secrets.dir leads to it. ` +
        'Expected a directory for the secrets of definitions alone.',
    );
  });

  test('may lie beside that directory, or deeper', () => {
    for (const keyFile of ['/run/key', '/run/secrets/ours/key']) {
      expect(problemsOf({ flags: { 'secrets.dir': '/run/secrets', 'api.keyFile': keyFile } })).toEqual([]);
    }
  });
});
