/** A signature that a receiver can check: that we sent a message, and when. */

import { createHmac } from 'node:crypto';

/**
 * `X-Signature: sha256=<hex HMAC-SHA-256 of the timestamp, a full stop and the body>`, and `X-Timestamp`. Since the time is
 * signed too, a receiver that refuses old ones refuses replays.
 *
 * @param now milliseconds since the epoch; the header holds whole seconds
 */
export function signatureHeaders(secret: string, body: string, now: number): Record<string, string> {
  const timestamp = String(Math.floor(now / 1_000));
  const signature = createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex');
  return { 'x-timestamp': timestamp, 'x-signature': `sha256=${signature}` };
}
