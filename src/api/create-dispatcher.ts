/** The connections to the API: kept alive, HTTP/1.1, through a proxy where the environment asks for one. */

import type { Dispatcher } from 'undici';
// The parts by themselves: `undici` brings fetch, caches, mocks and WebSockets along, a megabyte to load at each start.
import connect from 'undici/lib/api/api-connect.js';
import EnvHttpProxyAgent from 'undici/lib/dispatcher/env-http-proxy-agent.js';
import Pool from 'undici/lib/dispatcher/pool.js';

/** What HTTPS_PROXY, HTTP_PROXY and NO_PROXY say; null for what is unset. */
export interface ProxySettings {
  readonly httpsProxy: string | null;
  readonly httpProxy: string | null;
  readonly noProxy: string | null;
}

export interface DispatcherOptions {
  /** For TCP and TLS together, in milliseconds. */
  readonly connectTimeoutMs: number;
  /** Requests beyond it wait for a connection; null for no bound. */
  readonly maxConnections: number | null;
  readonly proxy: ProxySettings | null;
}

/** Said aloud, or NODE_TLS_REJECT_UNAUTHORIZED=0 would hand the key to whoever answers. */
const VERIFIED = { rejectUnauthorized: true } as const;

/**
 * Connections to one origin. A proxy is used for the scheme it was named for, and never towards loopback.
 * Further certificate authorities are Node's affair (NODE_EXTRA_CA_CERTS); certificates are verified in any case.
 *
 * @throws Error when the proxy's address is not a URL; the message does not quote it, for it may hold a password
 */
export function createDispatcher(
  baseUrl: URL,
  { connectTimeoutMs, maxConnections, proxy }: DispatcherOptions,
): Dispatcher {
  const options = {
    // Servers of this kind (uvicorn, Node) drop idle connections after 5 s; a request on a dropped one is a reset.
    keepAliveTimeout: 3_000,
    keepAliveMaxTimeout: 60_000,
    keepAliveTimeoutThreshold: 2_000,
    // The deadline of the exchange covers both; these would be two more timers a request.
    headersTimeout: 0,
    bodyTimeout: 0,
    connectTimeout: connectTimeoutMs,
    connections: maxConnections,
    // Over HTTP/2 undici repeats requests of its own accord when a session ends.
    allowH2: false,
    connect: VERIFIED,
  };
  const address = proxyFor(baseUrl, proxy);
  if (address === null) return new Pool(baseUrl.origin, options);
  // All three are given, or undici would read the environment itself.
  return new EnvHttpProxyAgent({
    ...options,
    requestTls: VERIFIED,
    proxyTls: VERIFIED,
    httpProxy: address,
    httpsProxy: address,
    noProxy: proxy?.noProxy ?? '',
    // Only all together do undici's dispatchers have this method, by which tunnels are opened.
    clientFactory: (origin, settings) => Object.assign(new Pool(origin, settings), { connect }),
  });
}

function proxyFor(baseUrl: URL, proxy: ProxySettings | null): string | null {
  if (proxy === null || isLoopback(baseUrl.hostname)) return null;
  const isHttps = baseUrl.protocol === 'https:';
  const address = isHttps ? proxy.httpsProxy : proxy.httpProxy;
  if (address === null || address === '') return null;
  const url = address.includes('://') ? address : `http://${address}`;
  if (!URL.canParse(url)) {
    throw new Error(`The proxy address in ${isHttps ? 'HTTPS_PROXY' : 'HTTP_PROXY'} is not a URL`);
  }
  return url;
}

function isLoopback(hostname: string): boolean {
  return (
    hostname === 'localhost' || hostname.endsWith('.localhost') || hostname === '[::1]' || hostname.startsWith('127.')
  );
}
