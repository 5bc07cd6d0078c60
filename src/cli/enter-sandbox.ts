/** `run --sandbox`: the daemon against an embedded imitation of the API, with nothing to set up and nothing kept. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Environment } from '../config/environment.ts';
import type { Settings } from '../config/settings.ts';
import { startSandbox } from '../sandbox/start-sandbox.ts';
import { parsePort } from './parse-port.ts';
import { UsageError } from './usage-error.ts';

export interface EnteredSandbox {
  readonly settings: Settings;
  readonly environment: Environment;
  close(): Promise<void>;
}

/** What the imitated plan allows; below what a sample asks for, so that `connector.adjusted` can be seen. */
const PLAN_CAPS = { rate_limit: 50, max_concurrency: 10 };

/**
 * Start a sandbox, and turn the settings to it. The state is kept in a temporary directory, because the
 * sandbox forgets everything too; placeholders that are not set get made-up values.
 *
 * @throws UsageError when the port is taken
 */
export async function enterSandbox(
  settings: Settings,
  environment: Environment,
  port: string,
): Promise<EnteredSandbox> {
  const wanted = parsePort('--sandbox-port', port);
  const sandbox = await startSandbox({ port: wanted, caps: PLAN_CAPS }).catch(() => {
    throw new UsageError(
      `the sandbox cannot listen on port ${wanted}; choose another with --sandbox-port, or 0 for any`,
    );
  });
  const stateDir = await mkdtemp(join(tmpdir(), 'databar-sync-sandbox-'));
  return {
    settings: {
      ...settings,
      api: { ...settings.api, baseUrl: sandbox.url, key: null, keyFile: null },
      state: { ...settings.state, dir: stateDir },
    },
    environment: withMadeUpValues(environment, settings.secrets.envPrefix),
    async close() {
      await sandbox.close();
      await rm(stateDir, { recursive: true, force: true });
    },
  };
}

/** The environment, in which every variable that a definition may name has a value. */
function withMadeUpValues(environment: Environment, prefix: string): Environment {
  const valueOf = (name: string | symbol): string | undefined => {
    if (typeof name !== 'string') return undefined;
    return environment[name] ?? (name.startsWith(prefix) ? `made-up-${name.toLowerCase()}` : undefined);
  };
  return new Proxy<Record<string, string | undefined>>(
    {},
    {
      get: (_, name) => valueOf(name),
      getOwnPropertyDescriptor: (_, name) => {
        const value = valueOf(name);
        return value === undefined ? undefined : { value, configurable: true, enumerable: true };
      },
    },
  );
}
