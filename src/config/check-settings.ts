/** What settings ask of each other. */

import { isOwnVariable } from '../model/own-variable.ts';
import { findExposure } from './find-exposure.ts';
import { quote } from './given-value.ts';
import type { OptionPath } from './options.ts';
import { OPTIONS } from './options.ts';
import { staysPrivate } from './parse-base-url.ts';
import { parseWebhook } from './parse-webhook.ts';
import type { Settings } from './settings.ts';
import type { SettingsProblem } from './settings-problem.ts';

/** One rule over several settings: what is wrong when it is broken, and null when it holds. */
interface Rule {
  /** The settings it looks at. The problem is placed where the last given of them was given. */
  readonly about: readonly [OptionPath, ...OptionPath[]];
  readonly broken: (settings: Settings, configFile: string | null) => Breach | null;
}

interface Breach {
  readonly message: string;
  readonly expected: string;
}

/**
 * Check the rules over settings that were all read.
 *
 * @param configFile path of the config file; null for none
 * @param unread settings whose value did not do; rules about them say nothing
 * @param sourceOf where the value of a setting comes from; null for a default
 */
export function checkSettings(
  settings: Settings,
  configFile: string | null,
  unread: ReadonlySet<OptionPath>,
  sourceOf: (path: OptionPath) => string | null,
): readonly SettingsProblem[] {
  return RULES.flatMap(({ about, broken }): readonly SettingsProblem[] => {
    const problem = about.some((path) => unread.has(path)) ? null : broken(settings, configFile);
    if (problem === null) return [];
    const given = about.map((path) => ({ path, source: sourceOf(path) })).findLast(({ source }) => source !== null);
    const { path, source } = given ?? { path: about[0], source: null };
    return [{ source: source ?? `default of ${path}`, setting: path, ...problem, suggestion: null }];
  });
}

const RULES: readonly Rule[] = [
  {
    about: ['api.key', 'api.keyFile'],
    broken: ({ api }) =>
      api.key !== null && api.keyFile !== null
        ? { message: 'the API key is given twice', expected: 'either api.key or api.keyFile' }
        : null,
  },
  {
    about: ['http.triggerToken', 'http.triggerTokenFile'],
    broken: ({ http }) =>
      http.triggerToken !== null && http.triggerTokenFile !== null
        ? { message: 'the trigger token is given twice', expected: 'either http.triggerToken or http.triggerTokenFile' }
        : null,
  },
  {
    about: ['notify.webhook', 'notify.webhookFile'],
    broken: ({ notify }) =>
      notify.webhook !== null && notify.webhookFile !== null
        ? { message: 'the webhook is given twice', expected: 'either notify.webhook or notify.webhookFile' }
        : null,
  },
  {
    about: ['notify.secret', 'notify.secretFile'],
    broken: ({ notify }) =>
      notify.secret !== null && notify.secretFile !== null
        ? {
            message: 'the key that signs messages is given twice',
            expected: 'either notify.secret or notify.secretFile',
          }
        : null,
  },
  {
    about: ['notify.allowHttp', 'notify.webhook'],
    broken: ({ notify }) => {
      const webhook = notify.webhook === null ? null : parseWebhook(notify.webhook, notify.allowHttp);
      return webhook === null || webhook.ok
        ? null
        : {
            message: `the address of the webhook ${webhook.wrong}`,
            expected: 'an https address, a loopback address, or --notify-allow-http',
          };
    },
  },
  {
    about: ['api.allowHttp', 'api.baseUrl'],
    broken: ({ api }) =>
      api.allowHttp || staysPrivate(api.baseUrl)
        ? null
        : {
            message: 'plain http would send the API key in clear text',
            expected: 'an https address, a loopback address, or --allow-http',
          },
  },
  {
    about: ['retry.baseDelay', 'retry.maxDelay'],
    broken: ({ retry }) =>
      retry.baseDelay > retry.maxDelay
        ? { message: 'retry.baseDelay is longer than retry.maxDelay', expected: 'a retry.maxDelay that is not shorter' }
        : null,
  },
  {
    about: ['secrets.envPrefix'],
    broken: ({ secrets: { envPrefix } }) => {
      const expected = 'a prefix that no setting of databar-sync has, such as CONNECTOR_';
      const exposed = OPTIONS.find(({ env }) => env?.startsWith(envPrefix));
      if (exposed !== undefined) {
        return { message: `definitions could read ${String(exposed.env)}, which begins with this prefix`, expected };
      }
      if (!isOwnVariable(envPrefix)) return null;
      const message = `variables that begin with ${quote(envPrefix)} belong to databar-sync, and definitions could read none`;
      return { message, expected };
    },
  },
  {
    about: ['api.keyFile', 'secrets.dir'],
    broken: ({ api, secrets }) => exposedBy(secrets.dir, api.keyFile, 'the file of api.keyFile'),
  },
  {
    about: ['http.triggerTokenFile', 'secrets.dir'],
    broken: ({ http, secrets }) => exposedBy(secrets.dir, http.triggerTokenFile, 'the file of http.triggerTokenFile'),
  },
  {
    about: ['notify.webhookFile', 'secrets.dir'],
    broken: ({ notify, secrets }) => exposedBy(secrets.dir, notify.webhookFile, 'the file of notify.webhookFile'),
  },
  {
    about: ['notify.secretFile', 'secrets.dir'],
    broken: ({ notify, secrets }) => exposedBy(secrets.dir, notify.secretFile, 'the file of notify.secretFile'),
  },
  {
    // Whatever it gives now: it is read as it is then, and somebody may write a key into it before the next start.
    about: ['secrets.dir'],
    broken: ({ secrets }, configFile) => exposedBy(secrets.dir, configFile, 'the config file'),
  },
];

function exposedBy(secretsDir: string | null, file: string | null, what: string): Breach | null {
  const reason = secretsDir === null || file === null ? null : findExposure(secretsDir, file);
  if (reason === null) return null;
  return {
    message: `definitions could read ${what}, for ${reason}`,
    expected: 'a directory for the secrets of definitions alone',
  };
}
