import { staysPrivate } from './parse-base-url.ts';
import type { Parsed } from './parsed.ts';
import { parsed, rejected } from './parsed.ts';

/**
 * Read the address of a webhook. Path and query may hold a secret token, so that no message here quotes any of it. User
 * information is refused, for it would not be sent, and so is a fragment.
 *
 * @param allowHttp whether plain http may be used for more than loopback
 */
export function parseWebhook(text: string, allowHttp: boolean): Parsed<URL> {
  const url = URL.parse(text);
  if (url === null || !/^https?:\/\//i.test(text)) return rejected('is not an absolute http or https address');
  if (url.username !== '' || url.password !== '') return rejected('holds a user name or a password, which is not sent');
  if (text.includes('#')) return rejected('has a fragment, which is not sent');
  if (!allowHttp && !staysPrivate(url.origin)) return rejected('would carry messages over plain http');
  return parsed(url);
}
