/** A real receiver of notifications on loopback. */

import { onTestFinished } from 'vitest';
import type { JsonMessage } from '../../src/notify/json-message.ts';
import type { RawHandler, RawServer } from './raw-server.ts';
import { rawAnswer, startRawServer } from './raw-server.ts';
import { waitUntil } from './wait-until.ts';

export interface Receiver extends RawServer {
  /** The address of the webhook, with a token in its path. */
  readonly webhook: string;
  /** Everything that was sent as JSON so far. */
  readonly messages: () => readonly JsonMessage[];
  /** The first message in which a sentence matches. */
  readonly until: (pattern: RegExp) => Promise<JsonMessage>;
}

export const TAKES: RawHandler = (socket) => void socket.write(rawAnswer(200, 'ok'));
/** Takes the request in, and never answers. */
export const HANGS: RawHandler = () => undefined;

/** It is gone when the test ends. */
export async function openReceiver(handler: RawHandler = TAKES, token = 'T0/B0/token'): Promise<Receiver> {
  const server = await startRawServer(handler);
  onTestFinished(server.close);
  const messages = (): readonly JsonMessage[] => server.requests.map(({ body }) => JSON.parse(body) as JsonMessage);
  const find = (pattern: RegExp): JsonMessage | undefined => messages().find(({ text }) => pattern.test(text));
  return {
    ...server,
    webhook: `${server.url}/services/${token}`,
    messages,
    async until(pattern) {
      await waitUntil(() => find(pattern) !== undefined);
      const message = find(pattern);
      if (message === undefined) throw new Error(`no message matches ${String(pattern)}`);
      return message;
    },
  };
}
