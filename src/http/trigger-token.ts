/** Who may ask for a pass: whoever knows the token, shown as a bearer or used to sign the body. */

import { createHmac, timingSafeEqual } from 'node:crypto';

export interface Credentials {
  readonly token: string;
  /** `Authorization: Bearer <token>`. */
  readonly authorization: string | null;
  /** `X-Signature: sha256=<hex HMAC-SHA-256 of the body, keyed with the token>`. */
  readonly signature: string | null;
  readonly body: Buffer;
}

/** A wrong bearer is refused even when the body is signed; an empty token is known to everybody, so it opens nothing. */
export function isAuthorised({ token, authorization, signature, body }: Credentials): boolean {
  if (token === '') return false;
  const bearer = /^Bearer +(.+)$/iu.exec(authorization ?? '')?.[1];
  if (bearer !== undefined) return equalInConstantTime(bearer, token);
  if (signature === null) return false;
  return equalInConstantTime(signature, `sha256=${createHmac('sha256', token).update(body).digest('hex')}`);
}

/** Compares digests, so that neither content nor length shows in the time it takes. */
function equalInConstantTime(left: string, right: string): boolean {
  const digest = (text: string): Buffer => createHmac('sha256', 'compare').update(text).digest();
  return timingSafeEqual(digest(left), digest(right));
}
