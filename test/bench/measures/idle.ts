import type { Measure } from '../row.ts';
import { openSite, pause } from '../site.ts';

const [COUNT, DIRECTORIES] = [10_000, 100];

/** A daemon that has nothing to do but to look again each minute. */
export const idle: Measure = async ({ full }) => {
  await using site = await openSite(COUNT, { stored: COUNT, inMemory: true });
  const running = await site.daemon();
  // What a cold start leaves behind is given back after a while.
  await pause(full ? 65_000 : 5_000);
  const [before, startedAt] = [running.cpuMs(), performance.now()];
  await pause(full ? 120_000 : 10_000);
  const share = (running.cpuMs() - before) / (performance.now() - startedAt);
  const resident = running.residentBytes() / 1e6;
  const watches = running.inotifyWatches();
  await running.stop();
  return [
    {
      what: 'idle daemon, 10,000 definitions: resident memory',
      ours: `${resident.toFixed(0)} MB`,
      peer: '120 MB',
      ratio: resident / 120,
      target: '<= 1',
      met: resident <= 120,
    },
    {
      what: 'idle daemon: share of a core, a pass a minute included, files in memory',
      ours: `${(100 * share).toFixed(2)} %`,
      peer: '0.3 %',
      ratio: share / 0.003,
      target: '<= 1',
      met: share <= 0.003,
    },
    {
      what: 'idle daemon, 100 directories: inotify watches',
      ours: String(watches),
      peer: String(DIRECTORIES + 20),
      ratio: watches / (DIRECTORIES + 20),
      target: '<= 1',
      met: watches <= DIRECTORIES + 20,
    },
  ];
};
