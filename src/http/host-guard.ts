/**
 * Which names a request may call us by. A page on the internet can have its own name resolve to 127.0.0.1 and then read,
 * through the browser of whoever visits it, what is served to this machine alone (DNS rebinding). Its requests carry
 * that name in `Host`, and so give themselves away.
 */

/**
 * Whether to refuse a request: it reached us on loopback by a name that is not one of loopback. Behind an address that
 * others reach, the names by which they do so are not known.
 *
 * @param listenHost the address that is listened on, without brackets
 * @param hostHeader the request's `Host`; null when there is none, which no browser does
 */
export function isForeignHost(listenHost: string, hostHeader: string | null): boolean {
  return isLoopback(listenHost) && hostHeader !== null && !isLoopback(withoutPort(hostHeader));
}

function withoutPort(host: string): string {
  return /^\[(?<address>[^\]]*)\](?::\d*)?$/u.exec(host)?.groups?.['address'] ?? host.replace(/:\d*$/u, '');
}

function isLoopback(host: string): boolean {
  const name = host.toLowerCase().replace(/\.$/u, '');
  return name === 'localhost' || name.endsWith('.localhost') || name === '::1' || /^127(?:\.\d{1,3}){3}$/u.test(name);
}
