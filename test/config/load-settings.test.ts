import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, expectTypeOf, test } from 'vitest';
import type { SettingsOrigins } from '../../src/config/load-settings.ts';
import { loadSettings } from '../../src/config/load-settings.ts';
import type { Listen, Rate } from '../../src/config/option.ts';
import { OPTIONS } from '../../src/config/options.ts';
import type { Settings } from '../../src/config/settings.ts';
import { formatSettingsProblem, SettingsError } from '../../src/config/settings-problem.ts';
import type { ConfigDirectory } from '../support/config-directory.ts';
import { makeConfigDirectory } from '../support/config-directory.ts';
import { REPOSITORY_ROOT } from '../support/generated-files.ts';

let directory: ConfigDirectory;
beforeEach(() => {
  directory = makeConfigDirectory();
});
afterEach(() => {
  directory.remove();
});

function load(origins: Partial<SettingsOrigins> = {}): ReturnType<typeof loadSettings> {
  return loadSettings({ flags: {}, environment: {}, configFile: null, isTerminal: false, ...origins });
}

/** Every problem as a person sees it. */
function problemsOf(origins: Partial<SettingsOrigins>): readonly string[] {
  try {
    load(origins);
  } catch (error) {
    if (error instanceof SettingsError) return error.problems.map(formatSettingsProblem);
    throw error;
  }
  return [];
}

describe('the defaults', () => {
  test('are those of the contract', () => {
    expect(load().settings).toEqual({
      source: { dir: 'connectors' },
      secrets: { dir: null, envPrefix: 'CONNECTOR_' },
      api: { baseUrl: 'https://api.databar.ai', allowHttp: false, key: null, keyFile: null, timeout: 30_000 },
      sync: {
        policy: 'upsert-only',
        drift: 'heal',
        interval: 60_000,
        debounce: 250,
        maxDeletePercent: 30,
        force: false,
      },
      limits: { rate: { count: 10, intervalMs: 1000 }, concurrency: 4 },
      retry: { maxAttempts: 5, baseDelay: 500, maxDelay: 30_000 },
      state: { dir: '.databar-sync' },
      http: { listen: { host: '127.0.0.1', port: 8700 }, triggerToken: null, triggerTokenFile: null },
      metrics: { perConnector: false },
      notify: {
        webhook: null,
        webhookFile: null,
        allowHttp: false,
        format: 'json',
        secret: null,
        secretFile: null,
        events: ['drift', 'failure', 'brake', 'api', 'source', 'recovery'],
        afterPasses: 3,
      },
      log: { level: 'info', format: 'json' },
      shutdown: { grace: 25_000 },
    });
  });

  test('log for people on a terminal, unless told otherwise', () => {
    expect(load({ isTerminal: true }).settings.log.format).toBe('pretty');
    expect(load({ isTerminal: true, flags: { 'log.format': 'json' } }).settings.log.format).toBe('json');
  });

  test.each([true, false])('are what config/default.yaml gives (terminal: %s)', (isTerminal) => {
    const configFile = join(REPOSITORY_ROOT, 'config', 'default.yaml');
    expect(load({ configFile, isTerminal })).toEqual(load({ isTerminal }));
  });

  test('have the types that their declarations say', () => {
    expectTypeOf<Settings['sync']['interval']>().toEqualTypeOf<number>();
    expectTypeOf<Settings['limits']['rate']>().toEqualTypeOf<Rate | null>();
    expectTypeOf<Settings['http']['listen']>().toEqualTypeOf<Listen | null>();
    expectTypeOf<Settings['api']['key']>().toEqualTypeOf<string | null>();
    expectTypeOf<Settings['source']['dir']>().toEqualTypeOf<string>();
    expectTypeOf<Settings['sync']['policy']>().toEqualTypeOf<'create-only' | 'update-only' | 'upsert-only' | 'sync'>();
    expectTypeOf<Settings['log']['format']>().toEqualTypeOf<'json' | 'pretty'>();
    expectTypeOf<Settings['sync']['force']>().toEqualTypeOf<boolean>();
    const { settings } = load();
    const paths = Object.entries(settings).flatMap(([group, names]) =>
      Object.keys(names).map((name) => `${group}.${name}`),
    );
    expect(new Set(paths)).toEqual(new Set(OPTIONS.map(({ path }) => path)));
  });
});

describe('precedence', () => {
  const file = 'limits:\n  rate: 1/s\n  concurrency: 1\nretry:\n  maxAttempts: 1\n';

  test('the file overrides the default, the environment the file, a flag the environment', () => {
    const { settings } = load({
      configFile: directory.write('settings.yaml', file),
      environment: { DATABAR_SYNC_RATE: '2/s', DATABAR_SYNC_CONCURRENCY: '2' },
      flags: { 'limits.rate': '3/s' },
    });
    expect(settings.retry.maxAttempts).toBe(1);
    expect(settings.limits.concurrency).toBe(2);
    expect(settings.limits.rate).toEqual({ count: 3, intervalMs: 1000 });
    expect(settings.retry.maxDelay).toBe(30_000);
  });

  test('an empty environment variable overrides nothing', () => {
    const environment = { DATABAR_SYNC_CONCURRENCY: '', DATABAR_SYNC_RATE: ' \n' };
    expect(load({ configFile: directory.write('settings.yaml', file), environment }).settings.limits).toEqual({
      rate: { count: 1, intervalMs: 1000 },
      concurrency: 1,
    });
  });

  test('a flag that was not given overrides nothing', () => {
    const flags = { 'limits.concurrency': undefined };
    expect(load({ flags, environment: { DATABAR_SYNC_CONCURRENCY: '2' } }).settings.limits.concurrency).toBe(2);
  });

  test('a bad value is told even where a good one overrides it', () => {
    const origins = { environment: { DATABAR_SYNC_RATE: 'fast' }, flags: { 'limits.rate': '3/s' } };
    expect(problemsOf(origins)).toEqual([
      'environment DATABAR_SYNC_RATE: "fast" is not a rate. Expected a rate such as 10/s or 300/m, or off.',
    ]);
  });

  test('white space around a value counts for nothing', () => {
    const { settings } = load({ environment: { DATABAR_API_KEY: ' the-key\r\n', DATABAR_SYNC_TIMEOUT: '5s\n' } });
    expect(settings.api).toMatchObject({ key: 'the-key', timeout: 5000 });
  });
});

describe('every setting', () => {
  const SAMPLES: Readonly<Record<string, string>> = {
    duration: '1s',
    rate: 'off',
    integer: '7',
    percent: '7',
    boolean: 'true',
    list: 'brake, drift',
    string: 'https://abc.example',
    path: 'some/where',
    listen: 'off',
    url: 'https://example.com/v1/',
  };
  const VALUES: Readonly<Record<string, unknown>> = {
    duration: 1000,
    rate: null,
    integer: 7,
    percent: 7,
    boolean: true,
    list: ['drift', 'brake'],
    string: 'https://abc.example',
    path: 'some/where',
    listen: null,
    url: 'https://example.com',
  };

  test.each(OPTIONS.map((option) => [option.path, option] as const))(
    '%s can be given wherever it is declared',
    (path, option) => {
      const text = option.type === 'enum' ? String(option.choices.at(-1)) : String(SAMPLES[option.type]);
      const expected = option.type === 'enum' ? text : VALUES[option.type];
      const [group = '', name = ''] = path.split('.');
      const valueIn = (origins: Partial<SettingsOrigins>): unknown =>
        (load(origins).settings as unknown as Record<string, Record<string, unknown>>)[group]?.[name];

      const flag = option.type === 'boolean' ? true : text;
      const origins: readonly Partial<SettingsOrigins>[] = [
        { configFile: directory.write('s.yaml', `${group}: {${name}: '${text}'}`) },
        ...(option.env === null ? [] : [{ environment: { [option.env]: text } }]),
        ...(option.flag === null ? [] : [{ flags: { [path]: flag } }]),
      ];
      expect(origins.map(valueIn)).toEqual(origins.map(() => expected));
    },
  );

  test('has a path, a variable and a flag of its own', () => {
    for (const names of [
      OPTIONS.map(({ path }) => path),
      OPTIONS.map(({ env }) => env),
      OPTIONS.map(({ flag }) => flag),
    ]) {
      const given = names.filter((name) => name !== null);
      expect(new Set(given).size).toBe(given.length);
    }
  });

  test('that is a secret has no flag, for the process list shows flags', () => {
    expect(OPTIONS.filter(({ secret, flag }) => secret && flag !== null)).toEqual([]);
  });
});

describe('a value out of its bounds', () => {
  test.each([
    ['api.timeout', '0s', 'is too small', 'a duration from 1ms to 1h, in ms, s, m or h'],
    ['sync.interval', '99ms', 'is too small', 'a duration from 100ms to 168h, in ms, s, m or h'],
    ['sync.interval', '169h', 'is too large', 'a duration from 100ms to 168h, in ms, s, m or h'],
    ['sync.debounce', '6s', 'is too large', 'a duration from 0ms to 5s, in ms, s, m or h'],
    ['sync.maxDeletePercent', '101', 'is too large', 'a percentage: a whole number from 0 to 100'],
    ['sync.maxDeletePercent', '-1', 'is too small', 'a percentage: a whole number from 0 to 100'],
    ['sync.maxDeletePercent', '30%', 'is not a whole number', 'a percentage: a whole number from 0 to 100'],
    ['limits.concurrency', '0', 'is too small', 'a whole number from 1 to 64'],
    ['limits.concurrency', '65', 'is too large', 'a whole number from 1 to 64'],
    ['limits.concurrency', '4.5', 'is not a whole number', 'a whole number from 1 to 64'],
    ['limits.concurrency', '9'.repeat(30), 'is too large', 'a whole number from 1 to 64'],
    ['retry.maxAttempts', '0', 'is too small', 'a whole number from 1 to 100'],
    ['source.dir', 'a\0b', 'holds a NUL character', 'a path'],
  ])('%s %s is refused', (path, text, wrong, expected) => {
    const flag = OPTIONS.find((option) => option.path === path)?.flag ?? '';
    expect(problemsOf({ flags: { [path]: text } })).toEqual([
      `flag ${flag}: ${JSON.stringify(text)} ${wrong}. Expected ${expected}.`,
    ]);
  });

  test('and an empty one is refused from a flag', () => {
    expect(problemsOf({ flags: { 'source.dir': ' ' } })).toEqual([
      'flag --dir: the value of source.dir is empty. Expected a path.',
    ]);
  });
});

describe('a message', () => {
  test('asks whether the nearest choice was meant', () => {
    expect(problemsOf({ flags: { 'sync.policy': 'upsert' } })).toEqual([
      'flag --policy: "upsert" is not one of the choices. Expected create-only, update-only, upsert-only or sync.',
    ]);
    expect(problemsOf({ flags: { 'sync.policy': 'upsertonly' } })[0]).toMatch(/ Did you mean upsert-only\?$/);
    expect(problemsOf({ environment: { DATABAR_SYNC_LOG_LEVEL: 'INFO' } })[0]).toMatch(/ Did you mean info\?$/);
    expect(problemsOf({ environment: { DATABAR_SYNC_ALLOW_HTTP: 'True' } })[0]).toMatch(/ Did you mean true\?$/);
  });

  test('offers the unit that is missing', () => {
    expect(problemsOf({ flags: { 'sync.interval': '60' } })[0]).toMatch(/"60" has no unit\..* Did you mean 60s\?$/);
  });

  test('is cut when the value is long', () => {
    expect(problemsOf({ flags: { 'limits.rate': 'x'.repeat(5000) } })[0]?.length).toBeLessThan(200);
  });

  test('escapes control characters', () => {
    expect(problemsOf({ flags: { 'limits.rate': 'a\nb\u001b[31m' } })[0]).toContain(String.raw`"a\nb\u001b[31m"`);
  });
});

describe('problems', () => {
  test('are told all together, in the order file, environment, flags', () => {
    const configFile = directory.write('settings.yaml', 'sync:\n  intervall: 5m\n  drift: mend\n');
    const environment = { DATABAR_SYNC_CONCURRENCY: 'many' };
    expect(problemsOf({ configFile, environment, flags: { 'limits.rate': '0/s', 'sync.force': 'perhaps' } })).toEqual([
      `${configFile}:2:3: unknown setting "sync.intervall". Did you mean sync.interval?`,
      `${configFile}:3:10: "mend" is not one of the choices. Expected heal or report.`,
      'environment DATABAR_SYNC_CONCURRENCY: "many" is not a whole number. Expected a whole number from 1 to 64.',
      'flag --rate: "0/s" would let nothing through. Expected a rate such as 10/s or 300/m, or off.',
      'flag --force: "perhaps" is neither true nor false. Expected true or false.',
    ]);
  });

  test('make the message of the error, a line each', () => {
    const flags = { 'limits.rate': 'a', 'sync.drift': 'b' };
    expect(() => load({ flags })).toThrow(problemsOf({ flags }).join('\n'));
  });

  test('name the setting they concern', () => {
    expect(() => load({ flags: { 'limits.rate': 'a' } })).toThrow(
      expect.objectContaining({ problems: [expect.objectContaining({ setting: 'limits.rate' })] }),
    );
  });
});

describe('a flag', () => {
  test('that is no setting is refused with the nearest name', () => {
    expect(problemsOf({ flags: { 'limits.rat': '1/s' } })).toEqual([
      'flag limits.rat: "limits.rat" cannot be set by a flag. Did you mean limits.rate?',
    ]);
  });

  test('cannot carry the API key, and the message does not show it', () => {
    expect(problemsOf({ flags: { 'api.key': 'hunter2' } })).toEqual([
      'flag api.key: "api.key" cannot be set by a flag.',
    ]);
  });

  test('without its value is refused', () => {
    expect(problemsOf({ flags: { 'limits.rate': true } })).toEqual([
      'flag --rate: the flag has no value. Expected a rate such as 10/s or 300/m, or off.',
    ]);
  });
});

describe('an environment variable with our prefix that is no setting', () => {
  function warningsOf(environment: Readonly<Record<string, string>>): readonly string[] {
    return load({ environment }).warnings.map(formatSettingsProblem);
  }
  const ignored = 'there is no such setting, and the variable is ignored.';

  test('is a warning with the nearest name, and its value is not shown', () => {
    expect(
      warningsOf({ DATABAR_SYNC_INTERVL: 'hunter2', DATABAR_SYNC_API_KEY: 'hunter2', DATABAR_SYNC_ZZZ: '' }),
    ).toEqual([
      `environment DATABAR_SYNC_API_KEY: ${ignored} Did you mean DATABAR_API_KEY?`,
      `environment DATABAR_SYNC_INTERVL: ${ignored} Did you mean DATABAR_SYNC_INTERVAL?`,
      `environment DATABAR_SYNC_ZZZ: ${ignored}`,
    ]);
  });

  test('is one for sync.force, which no environment can set', () => {
    expect(warningsOf({ DATABAR_SYNC_FORCE: 'true' })).toHaveLength(1);
    expect(load({ environment: { DATABAR_SYNC_FORCE: 'true' } }).settings.sync.force).toBe(false);
  });

  test('is none when Kubernetes put it there', () => {
    const environment = {
      DATABAR_SYNC_SERVICE_HOST: '10.0.0.1',
      DATABAR_SYNC_SERVICE_PORT_HTTP: '8700',
      DATABAR_SYNC_PORT: 'tcp://10.0.0.1:8700',
      DATABAR_SYNC_PORT_8700_TCP_ADDR: '10.0.0.1',
    };
    expect(warningsOf(environment)).toEqual([]);
  });

  test('cannot be meant for the definitions, which may read none of ours', () => {
    const environment = { DATABAR_SYNC_SECRETS_ENV_PREFIX: 'DATABAR_SYNC_MY_', DATABAR_SYNC_MY_TOKEN: 'x' };
    expect(problemsOf({ environment })).toEqual([
      'environment DATABAR_SYNC_SECRETS_ENV_PREFIX: variables that begin with "DATABAR_SYNC_MY_" belong to ' +
        'databar-sync, and definitions could read none. ' +
        'Expected a prefix that no setting of databar-sync has, such as CONNECTOR_.',
    ]);
  });

  test('is none without the prefix', () => {
    expect(warningsOf({ DATABAR_OTHER: 'x', PATH: '/bin' })).toEqual([]);
  });
});
