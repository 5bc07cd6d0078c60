/**
 * Who may ask for a pass: whoever knows the token, shown as a bearer or used to sign.
 *
 *   Authorization: Bearer <token>
 *   Authorization: Basic <base64 of anybody:token>                 what git-sync and others make of http://anybody:token@host
 *   X-Signature: sha256=<hex HMAC-SHA-256, keyed with the token>     over the body: whoever records it can repeat it
 *   X-Timestamp: <Unix seconds>, and the signature over             <timestamp>.<body>: good for five minutes, and once
 */

import { createHmac, timingSafeEqual } from 'node:crypto';

export interface Credentials {
  readonly token: string;
  /** The header `Authorization`; null when there is none, as with the two below. */
  readonly authorization: string | null;
  /** The header `X-Signature`. */
  readonly signature: string | null;
  /** The header `X-Timestamp`. */
  readonly timestamp: string | null;
  readonly body: Buffer;
}

export type TriggerVerdict =
  | { readonly authorised: true }
  /** What was wrong, for whoever sent it. More than "a valid token is needed" is told only to who knows the token. */
  | { readonly authorised: false; readonly reason: string };

export type TriggerGuard = (credentials: Credentials) => TriggerVerdict;

/** How far a signed time may lie from ours, either way; clocks differ, and requests wait. */
const WINDOW_MS = 300_000;
/** Signatures that are remembered. Only whoever knows the token can fill it; beyond it, nothing signed with a time is taken. */
const MAX_REMEMBERED = 10_000;
/** A body of this shape could be a signed time and body, recorded and sent again without the header that gives the time. */
const LIKE_A_SIGNED_TIME = /^\d+\./u;

const NO_TOKEN: TriggerVerdict = { authorised: false, reason: 'a valid token is needed' };

/**
 * A guard that remembers, in this process, which signatures with a time were used. A wrong bearer or password is refused even when
 * the body is signed; an empty token is known to everybody, so it opens nothing.
 *
 * @param now milliseconds since the epoch
 */
export function createTriggerGuard(now: () => number): TriggerGuard {
  /** By signature: until when it could be used again, in the order of use. */
  const used = new Map<string, number>();

  const judgeTime = (signature: string, seconds: string): TriggerVerdict => {
    const [at, time] = [now(), Number(seconds) * 1000];
    if (Math.abs(at - time) > WINDOW_MS) {
      return refused(`the signed time is more than ${WINDOW_MS / 60_000} minutes away from the time here`);
    }
    for (const [known, until] of used) if (until < at) used.delete(known);
    if (used.has(signature)) return refused('this signature was used before');
    if (used.size >= MAX_REMEMBERED) return refused('too many signed requests within a few minutes');
    used.set(signature, time + WINDOW_MS);
    return { authorised: true };
  };

  return ({ token, authorization, signature, timestamp, body }) => {
    if (token === '') return NO_TOKEN;
    const shown = shownToken(authorization ?? '');
    if (shown !== null) return equalInConstantTime(shown, token) ? { authorised: true } : NO_TOKEN;
    if (signature === null) return NO_TOKEN;
    if (timestamp === null) {
      const isSigned = equalInConstantTime(signature, sign(token, body));
      return isSigned && !LIKE_A_SIGNED_TIME.test(body.toString('latin1')) ? { authorised: true } : NO_TOKEN;
    }
    const isSigned = equalInConstantTime(signature, sign(token, `${timestamp}.`, body));
    return isSigned && /^\d{1,12}$/u.test(timestamp) ? judgeTime(signature, timestamp) : NO_TOKEN;
  };
}

/** What the header gives as the token, be it right or wrong; null when it is of another kind. */
function shownToken(authorization: string): string | null {
  const bearer = /^Bearer +(.+)$/iu.exec(authorization)?.[1];
  if (bearer !== undefined) return bearer;
  const encoded = /^Basic +([\w+/-]+=*)$/iu.exec(authorization)?.[1];
  return encoded === undefined ? null : (/:(.*)$/su.exec(Buffer.from(encoded, 'base64').toString('utf8'))?.[1] ?? null);
}

function refused(reason: string): TriggerVerdict {
  return { authorised: false, reason };
}

function sign(token: string, ...parts: readonly (string | Buffer)[]): string {
  const hmac = createHmac('sha256', token);
  for (const part of parts) hmac.update(part);
  return `sha256=${hmac.digest('hex')}`;
}

/** Compares digests, so that neither content nor length shows in the time it takes. */
function equalInConstantTime(left: string, right: string): boolean {
  const digest = (text: string): Buffer => createHmac('sha256', 'compare').update(text).digest();
  return timingSafeEqual(digest(left), digest(right));
}
