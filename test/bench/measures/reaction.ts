import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BenchServer } from '../bench-server.ts';
import { definitionPath, definitionText } from '../definitions.ts';
import { peerScript, startNode, watchProcess } from '../program.ts';
import type { Measure } from '../row.ts';
import { inMs, median } from '../row.ts';
import { openSite, pause, untilIdle } from '../site.ts';
import { systemNow } from '../system-clock.ts';

const DEBOUNCE_MS = 250;

/** From a file written to its PUT on the wire, without the debounce. */
export const reaction: Measure = async ({ runs }) => [await rowOf(100, runs, 30), await rowOf(10_000, runs, 250)];

async function rowOf(count: number, runs: number, mostMore: number) {
  await using site = await openSite(count, { stored: count });
  const running = await site.daemon('--interval', '10m', '--debounce', `${DEBOUNCE_MS}ms`);
  const ours = await timeEdits(site.server, runs + 4, (edit) =>
    writeFileSync(join(site.definitions, definitionPath(edit)), definitionText(edit, 31 + edit)),
  );
  await running.stop();

  const lonely = join(site.definitions, '..', 'lonely');
  mkdirSync(lonely);
  const peer = watchProcess(startNode([peerScript('watch-one'), lonely, site.server.url]));
  await untilIdle(peer);
  const bare = await timeEdits(site.server, runs + 4, (edit) =>
    writeFileSync(join(lonely, 'a.yaml'), definitionText(0, 200 + edit)),
  );
  await peer.stop();

  const more = median(ours) - DEBOUNCE_MS - median(bare);
  return {
    what: `file written to PUT on the wire, without debounce, ${count} definitions, against fs.watch and a PUT`,
    ours: inMs(median(ours) - DEBOUNCE_MS),
    peer: inMs(median(bare)),
    ratio: null,
    target: `<= ${mostMore} ms more`,
    met: more <= mostMore,
  };
}

async function timeEdits(
  server: BenchServer,
  edits: number,
  write: (edit: number) => void,
): Promise<readonly number[]> {
  const times: number[] = [];
  for (let edit = 0; edit < edits; edit += 1) {
    await server.clear();
    const writtenAt = systemNow();
    write(edit);
    let put: number | undefined;
    while (put === undefined) {
      await pause(50);
      put = (await server.requests()).find(({ method }) => method === 'PUT')?.at;
    }
    times.push(put - writtenAt);
    await pause(500);
  }
  return times;
}
