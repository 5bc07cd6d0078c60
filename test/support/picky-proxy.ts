/** A server in front of another that cannot bear some connectors: whatever is written of them is answered 500. */

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface PickyProxy {
  readonly url: string;
  /** Names of what was refused, in order. */
  readonly refused: readonly string[];
}

/**
 * @param isPoison decides by the name that is written
 * @param onOpened told how to remove it
 */
export async function startPickyProxy(
  target: string,
  isPoison: (name: string) => boolean,
  onOpened: (remove: () => void) => void,
): Promise<PickyProxy> {
  const refused: string[] = [];
  const server = createServer((incoming, outgoing) => {
    const answer = async (): Promise<void> => {
      const chunks: Buffer[] = [];
      for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk);
      const body = Buffer.concat(chunks).toString('utf8');
      const name = body === '' ? '' : String((JSON.parse(body) as { name?: unknown }).name);
      if (body !== '' && isPoison(name)) {
        refused.push(name);
        outgoing.writeHead(500, { 'content-type': 'application/json' }).end('{"detail": "poison"}');
        return;
      }
      const headers = { 'x-apikey': String(incoming.headers['x-apikey']), 'content-type': 'application/json' };
      const method = incoming.method ?? 'GET';
      const passed = await fetch(`${target}${incoming.url ?? ''}`, {
        method,
        headers,
        body: body === '' ? null : body,
      });
      outgoing.writeHead(passed.status, { 'content-type': 'application/json' }).end(await passed.text());
    };
    // When the one behind has gone, or who asked, there is nobody left to answer.
    answer().catch(() => outgoing.destroy());
  });
  const listening = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', listening.resolve);
  await listening.promise;
  onOpened(() => {
    server.close();
    server.closeAllConnections();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, refused };
}
