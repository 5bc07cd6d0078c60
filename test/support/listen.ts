/** A client of the event stream, over a real connection. */

import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:http';
import { onTestFinished } from 'vitest';

export interface Listener {
  /** Resolves when the stream has said it, from the last such moment on. */
  until(text: string): Promise<void>;
  /** Read nothing for a while. */
  pause(): void;
  resume(): void;
  leave(): void;
  readonly ended: Promise<void>;
  hasEnded(): boolean;
  /** Everything so far. */
  text(): string;
}

export async function listen(
  { host, port }: { readonly host: string; readonly port: number },
  path = '/api/stream',
): Promise<Listener> {
  const asked = request({ host, port, path, agent: false });
  asked.on('error', () => undefined);
  asked.end();
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  onTestFinished(() => void asked.destroy());

  let said = '';
  let read = 0;
  let isOpen = true;
  response.setEncoding('utf8').on('data', (chunk: string) => {
    said += chunk;
  });
  response.on('error', () => undefined);
  const { promise: ended, resolve } = Promise.withResolvers<void>();
  let wake = (): void => undefined;
  response.on('data', () => wake());
  response.once('close', () => {
    isOpen = false;
    resolve();
    wake();
  });

  return {
    async until(text) {
      for (;;) {
        const at = said.indexOf(text, read);
        if (at !== -1) {
          read = at + text.length;
          return;
        }
        if (!isOpen) throw new Error(`the stream ended before it said ${text}`);
        const news = Promise.withResolvers<void>();
        wake = news.resolve;
        await news.promise;
      }
    },
    pause: () => void response.pause(),
    resume: () => void response.resume(),
    leave: () => void asked.destroy(),
    ended,
    hasEnded: () => !isOpen,
    text: () => said,
  };
}
