/** The API to measure against, in a process of its own, so that neither side of a comparison shares its event loop. */

import { startSandbox } from '../../src/sandbox/start-sandbox.ts';
import { connectorBody } from './definitions.ts';
import type { ServeAnswer, ServeRequest } from './bench-server.ts';
import { systemNow } from './system-clock.ts';

const [latencyMs = '0', stored = '0'] = process.argv.slice(2);
const sandbox = await startSandbox({
  latencyMs: Number(latencyMs),
  now: systemNow,
  connectors: Array.from({ length: Number(stored) }, (_, index) => ({
    ...connectorBody(index),
    method: 'post',
    url: `https://api.example.com/v1/companies/${index}`,
  })),
});

process.on('message', (request: ServeRequest) => {
  switch (request) {
    case 'url':
      answer({ url: sandbox.url });
      break;
    case 'empty':
      for (const { id } of sandbox.connectors()) sandbox.remove(id);
      sandbox.clearRequests();
      answer({});
      break;
    case 'requests':
      answer({ requests: sandbox.requests.map(({ at, method }) => ({ at, method })) });
      break;
    case 'clear':
      sandbox.clearRequests();
      answer({});
      break;
    case 'count':
      answer({ count: sandbox.connectors().length });
      break;
  }
});
process.on('disconnect', () => process.exit());

function answer(message: ServeAnswer): void {
  process.send?.(message);
}
