/** A short soak; `npm run soak` is the long one. */

import { expect, test } from 'vitest';
import { BUNDLE } from '../support/site.ts';
import { runSoak } from './run-soak.ts';

test.runIf(process.platform === 'linux')(
  'a daemon under churn keeps its memory, files and timers, and warns of nothing',
  { timeout: 180_000 },
  async () => {
    const { growths, samples, complaints } = await runSoak({ bundle: BUNDLE, seed: 1, seconds: 12, connectors: 20 });
    expect(complaints).toEqual([]);
    expect(growths.filter(({ last, limit }) => !(last <= limit))).toEqual([]);
    expect(samples).toBeGreaterThan(9);
  },
);
