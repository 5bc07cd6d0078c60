/** The least that a first sync takes: `undici.request` for each body, so many at once. Arguments: URL, count, concurrency. */

import { Agent, request } from 'undici';
import { connectorBody } from '../definitions.ts';

const [url = '', count = '0', concurrency = '1'] = process.argv.slice(2);
const dispatcher = new Agent({ connections: Number(concurrency) });
let next = 0;

await Promise.all(Array.from({ length: Number(concurrency) }, work));
await dispatcher.close();

async function work(): Promise<void> {
  while (next < Number(count)) {
    const body = JSON.stringify(connectorBody(next));
    next += 1;
    const headers = { 'x-apikey': 'bench', 'content-type': 'application/json' };
    const answer = await request(`${url}/v1/connectors/`, { method: 'POST', headers, body, dispatcher });
    await answer.body.json();
  }
}
