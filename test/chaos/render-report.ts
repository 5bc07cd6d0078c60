/** The report of a run of chaos, as Markdown. */

import { DAMAGES } from './damages.ts';
import type { ChaosReport } from './run-chaos.ts';

export function renderReport({ deeds, struck, requests, rests, damages }: ChaosReport): string {
  const took = rests.map(({ tookMs }) => tookMs).sort((left, right) => left - right);
  const seconds = (ms: number | undefined): string => ((ms ?? 0) / 1000).toFixed(1);
  const rows = [...deeds]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([deed, times]) => {
      const befallen = struck.get(deed.replace('server: ', ''));
      return `| ${deed} | ${times} | ${befallen ?? ''} |`;
    });
  const harm = DAMAGES.map((kind) => `| ${kind} | ${damages.get(kind)?.length ?? 0} |`);
  const details = [...damages].flatMap(([kind, found]) => found.map((what) => `- ${kind}: ${what}`));
  return [
    '',
    '| fault | injected | requests befallen |\n|---|---:|---:|',
    ...rows,
    '',
    '| harm | |\n|---|---:|',
    ...harm,
    `| left behind: created for a definition that was removed before the answer was known | ${rests.at(-1)?.leftBehind ?? 0} |`,
    ...(details.length > 0 ? ['', ...details] : []),
    '',
    `${requests} requests, ${rests.length} times at rest; from the last fault to rest: median ` +
      `${seconds(took[Math.floor(took.length / 2)])} s, longest ${seconds(took.at(-1))} s; ` +
      `brakes lifted by hand: ${rests.filter(({ forced }) => forced).length}`,
  ].join('\n');
}
