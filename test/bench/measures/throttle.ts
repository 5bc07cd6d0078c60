import { mostInWindow } from '../../support/most-in-window.ts';
import { runNode } from '../program.ts';
import type { Measure } from '../row.ts';
import { openSite } from '../site.ts';

/** With the list, eight full windows. */
const [RATE, COUNT] = [50, 399];

/** How a rate is kept and used, seen by the server. */
export const throttle: Measure = async () => {
  await using site = await openSite(COUNT);
  await runNode([...site.sync, '--rate', `${RATE}/s`], site.environment);
  const times = (await site.server.requests()).map(({ at }) => at).toSorted((left, right) => left - right);
  const most = mostInWindow(times, 1_000);
  // The pace once the first window is full: what comes before it is reading, listing and planning.
  const seconds = ((times.at(-1) ?? 0) - (times[RATE - 1] ?? 0)) / 1000;
  const used = (times.length - RATE) / (RATE * seconds);
  return [
    {
      what: 'throttle 50/s: most requests in any second',
      ours: String(most),
      peer: String(RATE),
      ratio: most / RATE,
      target: '<= 1',
      met: most <= RATE,
    },
    {
      what: 'throttle 50/s: share of the allowance used',
      ours: `${(100 * used).toFixed(1)} %`,
      peer: '100 %',
      ratio: used,
      target: '>= 0.98',
      met: used >= 0.98,
    },
  ];
};
