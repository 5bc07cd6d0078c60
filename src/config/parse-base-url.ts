import type { Parsed } from './parsed.ts';
import { parsed, rejected } from './parsed.ts';

/**
 * Read the address of an API, without trailing slashes and without a trailing `/v1`, which the vendor's own tools
 * write both ways. Credentials, a query and a fragment are refused: they would end up in logs, or get lost.
 */
export function parseBaseUrl(text: string): Parsed<string> {
  const url = URL.parse(text);
  if (url === null || !/^https?:\/\//i.test(text)) return rejected('is not an absolute http or https address');
  if (url.username !== '' || url.password !== '') return rejected('holds credentials');
  if (/[?#]/.test(text)) return rejected('has a query or a fragment');
  const path = url.pathname.replace(/\/+$/, '').replace(/\/v1$/, '').replace(/\/+$/, '');
  return parsed(url.origin + path);
}

/** Whether an address, as {@link parseBaseUrl} returns it, can be used without encryption: https, or loopback. */
export function staysPrivate(baseUrl: string): boolean {
  const { protocol, hostname } = new URL(baseUrl);
  // The URL parser has already turned every spelling of an IPv4 address into four decimal numbers.
  return protocol === 'https:' || hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
}
