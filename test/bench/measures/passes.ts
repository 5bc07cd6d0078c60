import { peerScript, runNode } from '../program.ts';
import type { Measure } from '../row.ts';
import { inMs, median } from '../row.ts';
import { openSite, pause } from '../site.ts';

const COUNT = 10_000;

/** Passes over 10,000 connectors that are as they should be. */
export const passes: Measure = async ({ runs }) => {
  await using site = await openSite(COUNT, { stored: COUNT });
  const [cold, kept, bare]: [number[], number[], number[]] = [[], [], []];
  for (let run = 0; run < runs; run += 1) {
    const peer = await runNode([peerScript('compare-all'), site.definitions, site.server.url]);
    site.forget();
    const first = await runNode(site.sync, site.environment);
    const second = await runNode(site.sync, site.environment);
    bare.push(peer.wallMs);
    cold.push(first.wallMs);
    kept.push(second.wallMs);
  }
  const againstBare = median(cold) / median(bare);
  const againstCold = median(kept) / median(cold);
  return [
    {
      what: 'cold `sync`, 10,000 in sync, against read, yaml.parse, Ajv, list and compare in one thread',
      ours: inMs(median(cold)),
      peer: inMs(median(bare)),
      ratio: againstBare,
      target: '<= 0.8',
      met: againstBare <= 0.8,
    },
    {
      what: '`sync` with state kept, against the cold one',
      ours: inMs(median(kept)),
      peer: inMs(median(cold)),
      ratio: againstCold,
      target: '<= 0.4',
      met: againstCold <= 0.4,
    },
    await warmPass(site),
  ];
};

async function warmPass(site: Awaited<ReturnType<typeof openSite>>) {
  const running = await site.daemon('--interval', '10m');
  const spent: number[] = [];
  for (let pass = 0; pass < 15; pass += 1) {
    await site.server.clear();
    const before = running.cpuMs();
    running.signal('SIGHUP');
    while ((await site.server.requests()).length === 0) await pause(20);
    await pause(1_000);
    // The first ones are run by code that is not compiled yet.
    if (pass >= 5) spent.push(running.cpuMs() - before);
  }
  await running.stop();
  const mean = spent.reduce((sum, each) => sum + each, 0) / spent.length;
  return {
    what: 'pass with nothing to do, 10,000 definitions, warm: processor time',
    ours: inMs(mean),
    peer: '150 ms',
    ratio: mean / 150,
    target: '<= 1',
    met: mean <= 150,
  };
}
