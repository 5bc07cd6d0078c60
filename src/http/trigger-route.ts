/** `POST /api/sync`: a pass now, for whoever knows the token. The only route that changes anything. */

import type { Context } from 'hono';
import { answer, refuse } from './answers.ts';
import { createTriggerGuard } from './trigger-token.ts';

export interface TriggerOptions {
  /** Read at each request, so that the token can be rotated; null turns the trigger off. */
  readonly triggerToken: () => string | null;
  /** @param announced the commit that git-sync says it has just delivered; null when somebody else asks */
  readonly onTrigger: (announced: string | null) => void;
  /**
   * Milliseconds since the epoch, by the clock that callers sign with, and the status is told in: the system's, which may
   * be set.
   */
  readonly now: () => number;
}

/** A webhook's body is a few kilobytes at most. */
const MAX_BODY_BYTES = 64 * 1024;
const COMMIT = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/u;

export function triggerRoute({
  triggerToken,
  onTrigger,
  now,
}: TriggerOptions): (context: Context) => Promise<Response> {
  const judgeTrigger = createTriggerGuard(now);
  return async (context) => {
    const token = triggerToken();
    if (token === null) return refuse(404, 'the trigger is off: set http.triggerToken to use it');
    const body = await readBounded(context.req.raw.body, MAX_BODY_BYTES);
    if (body === null) return refuse(413, `the body is larger than ${MAX_BODY_BYTES} bytes`);
    const {
      authorization = null,
      'x-signature': signature = null,
      'x-timestamp': timestamp = null,
      'gitsync-hash': announced = null,
    } = context.req.header();
    const verdict = judgeTrigger({ token, authorization, signature, timestamp, body });
    if (!verdict.authorised) return refuse(401, verdict.reason);
    if (announced !== null && !COMMIT.test(announced)) return refuse(400, 'Gitsync-Hash must be a git commit');
    onTrigger(announced);
    // git-sync takes nothing but 200 for a yes.
    return answer({ status: 'accepted' }, announced === null ? 202 : 200);
  };
}

async function readBounded(stream: ReadableStream<Uint8Array> | null, limit: number): Promise<Buffer | null> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream ?? []) {
    size += chunk.byteLength;
    if (size > limit) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
