import type { ProcessReading } from '../report/metrics/metrics.ts';

/** What the process costs, as cheaply as it can be read. */
export function readProcess(): ProcessReading {
  const { user, system } = process.cpuUsage();
  return {
    cpuSeconds: (user + system) / 1e6,
    residentBytes: process.memoryUsage.rss(),
    startedAt: performance.timeOrigin,
    nodeVersion: process.version,
  };
}
