import { peerScript, runNode } from '../program.ts';
import type { Measure, Row } from '../row.ts';
import { median } from '../row.ts';
import { openSite } from '../site.ts';

const [COUNT, CONCURRENCY] = [2_000, 16];
/** Requests a second at 20 ms, measured apart: the vendor's Python client (2.2) in a loop. It cannot be had from npm. */
const VENDOR_CLIENT = 45;

/** A `sync` that creates 2,000 connectors, whole processes on both sides. */
export const firstSync: Measure = async ({ runs }) => {
  const slow = await measure(20, runs);
  const fast = await measure(0, runs);
  return [
    rowOf('first sync of 2,000, 16 at once, server latency 20 ms, against bare `undici.request`', slow, 0.9),
    rowOf('the same without latency', fast, 0.6),
    {
      what: "the same at 20 ms, against the vendor's client in a loop (45/s, measured apart)",
      ours: perSecond(slow.ours),
      peer: `${VENDOR_CLIENT}/s`,
      ratio: COUNT / (slow.ours / 1000) / VENDOR_CLIENT,
      target: '>= 14',
      met: COUNT / (slow.ours / 1000) / VENDOR_CLIENT >= 14,
    },
  ];
};

interface Sides {
  readonly ours: number;
  readonly bare: number;
}

async function measure(latencyMs: number, runs: number): Promise<Sides> {
  await using site = await openSite(COUNT, { latencyMs });
  const [ours, bare]: [number[], number[]] = [[], []];
  for (let run = 0; run < runs; run += 1) {
    await site.server.empty();
    const peer = await runNode([peerScript('post-all'), site.server.url, String(COUNT), String(CONCURRENCY)]);
    bare.push(peer.wallMs);
    await site.server.empty();
    site.forget();
    const program = await runNode(site.sync, site.environment);
    ours.push(program.wallMs);
    if ((await site.server.count()) !== COUNT) throw new Error('the sync did not create every connector');
  }
  return { ours: median(ours), bare: median(bare) };
}

function rowOf(what: string, { ours, bare }: Sides, target: number): Row {
  const ratio = bare / ours;
  return { what, ours: perSecond(ours), peer: perSecond(bare), ratio, target: `>= ${target}`, met: ratio >= target };
}

function perSecond(milliseconds: number): string {
  return `${((COUNT / milliseconds) * 1000).toFixed(0)}/s`;
}
