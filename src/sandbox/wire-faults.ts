/** Faults that need the bare connection: each writes to it, or ends it, and tells Hono that the answer is out. */

import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { Answer } from './answer-call.ts';
import type { Timers } from './timers.ts';

/** The connection ends with a TCP reset. */
export function reset(outgoing: ServerResponse): Response {
  outgoing.socket?.resetAndDestroy();
  return RESPONSE_ALREADY_SENT;
}

function writeHead(answer: Answer, outgoing: ServerResponse, answered: (status: number) => void): Buffer {
  const bytes = Buffer.from(answer.body ?? '');
  answered(answer.status);
  outgoing.writeHead(answer.status, {
    ...answer.headers,
    ...(answer.status !== 204 && { 'content-length': bytes.length }),
  });
  outgoing.flushHeaders();
  return bytes;
}

/** The answer, one byte every `intervalMs`. */
export function drip(
  answer: Answer,
  intervalMs: number,
  outgoing: ServerResponse,
  timers: Timers,
  answered: (status: number) => void,
): Response {
  const bytes = writeHead(answer, outgoing, answered);
  const next = (at: number): void => {
    if (outgoing.destroyed) return;
    if (at >= bytes.length) {
      outgoing.end();
      return;
    }
    outgoing.write(bytes.subarray(at, at + 1));
    timers.after(intervalMs, () => {
      next(at + 1);
    });
  };
  next(0);
  return RESPONSE_ALREADY_SENT;
}

/** Half of the announced body, then the end of the connection: no reset, which could overtake what was written. */
export function cut(answer: Answer, outgoing: ServerResponse, answered: (status: number) => void): Response {
  const bytes = writeHead(answer, outgoing, answered);
  outgoing.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => {
    outgoing.socket?.destroy();
  });
  return RESPONSE_ALREADY_SENT;
}

/** A JSON array of so many bytes, made no faster than the client reads it. */
export async function pour(
  bytes: number,
  outgoing: ServerResponse,
  answered: (status: number) => void,
): Promise<Response> {
  answered(200);
  outgoing.writeHead(200, { 'content-type': 'application/json', 'content-length': bytes });
  try {
    await pipeline(Readable.from(hugeArray(bytes)), outgoing);
  } catch {
    // The client has seen enough: that is what this fault is for.
  }
  return RESPONSE_ALREADY_SENT;
}

/** `[`, spaces, `]`: valid JSON of exactly so many bytes, made piece by piece. */
async function* hugeArray(bytes: number): AsyncGenerator<Buffer> {
  const piece = Buffer.alloc(65_536, ' ');
  yield Buffer.from('[');
  for (let left = bytes - 2; left > 0; left -= piece.length) {
    yield piece.subarray(0, Math.min(left, piece.length));
    await nextTurn();
  }
  yield Buffer.from(']');
}
