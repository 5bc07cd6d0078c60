import type { ProxySettings } from '../api/create-dispatcher.ts';
import type { Environment } from '../config/environment.ts';

/** The proxies that the environment asks for. Both spellings are in use; the lower-case one wins, as in curl. */
export function proxyOf(environment: Environment): ProxySettings {
  const read = (name: string): string | null => environment[name.toLowerCase()] ?? environment[name] ?? null;
  return { httpsProxy: read('HTTPS_PROXY'), httpProxy: read('HTTP_PROXY'), noProxy: read('NO_PROXY') };
}
