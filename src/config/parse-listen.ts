import { isIPv6 } from 'node:net';
import type { Listen } from './option.ts';
import type { Parsed } from './parsed.ts';
import { parsed, rejected } from './parsed.ts';

const HOST_AND_PORT = /^(?:\[(?<address>[^\]]*)\]|(?<name>[A-Za-z0-9._-]+)):(?<port>\d{1,5})$/;

/** Read `127.0.0.1:8700`, `localhost:8700` or `[::1]:8700`; `off` is null. */
export function parseListen(text: string): Parsed<Listen | null> {
  if (text === 'off') return parsed(null);
  const { address, name, port } = HOST_AND_PORT.exec(text)?.groups ?? {};
  const host = address ?? name;
  if (host === undefined || port === undefined) return rejected('is not host:port');
  if (address !== undefined && !isIPv6(address)) return rejected('has no IPv6 address between its brackets');
  return Number(port) > 65_535 ? rejected('has a port above 65535') : parsed({ host, port: Number(port) });
}
