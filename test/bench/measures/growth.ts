import { runNode } from '../program.ts';
import type { Measure } from '../row.ts';
import { inMs, median } from '../row.ts';
import { openSite } from '../site.ts';

/** How time and memory grow with the number of definitions: a cold `sync` of what is in sync. */
export const growth: Measure = async ({ runs, full }) => {
  const sizes = full ? [1_000, 10_000, 100_000] : [1_000, 10_000];
  const found: { readonly size: number; readonly wallMs: number; readonly peakBytes: number }[] = [];
  for (const size of sizes) {
    await using site = await openSite(size, { stored: size });
    const [walls, peaks]: [number[], number[]] = [[], []];
    for (let run = 0; run < (size > 10_000 ? 1 : runs); run += 1) {
      site.forget();
      const { wallMs, peakBytes } = await runNode(site.sync, site.environment);
      walls.push(wallMs);
      peaks.push(peakBytes);
    }
    found.push({ size, wallMs: median(walls), peakBytes: Math.max(...peaks) });
  }
  const [first, last] = [found[0], found.at(-1)];
  if (first === undefined || last === undefined) return [];
  const exponent = Math.log(last.wallMs / first.wallMs) / Math.log(last.size / first.size);
  const peak = last.peakBytes / 1024 ** 2;
  return [
    {
      what: `growth of a cold \`sync\`, ${sizes.join(' -> ')}: exponent`,
      ours: `${exponent.toFixed(2)} (${found.map(({ wallMs }) => inMs(wallMs)).join(', ')})`,
      peer: '1',
      ratio: exponent,
      target: '<= 1.1',
      met: exponent <= 1.1,
    },
    {
      what: `memory at most, ${last.size} definitions`,
      ours: `${peak.toFixed(0)} MiB`,
      peer: '1024 MiB',
      ratio: peak / 1024,
      target: '<= 1',
      met: peak <= 1024,
    },
  ];
};
