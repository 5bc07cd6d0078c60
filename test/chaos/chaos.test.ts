/** A short run of chaos; `npm run chaos` is the long one. `CHAOS_SEED=<seed>` makes the same choices again. */

import { expect, test } from 'vitest';
import { BUNDLE } from '../support/site.ts';
import { renderReport } from './render-report.ts';
import { runChaos } from './run-chaos.ts';

test(
  'a daemon that everything happens to loses, doubles and wrongly deletes nothing',
  { timeout: 180_000 },
  async () => {
    const seed = Number(process.env['CHAOS_SEED'] ?? Date.now() % 1_000_000);
    const report = await runChaos({ bundle: BUNDLE, seed, minutes: 0.2, connectors: 15, say: () => undefined });
    expect(report.damages, `CHAOS_SEED=${seed}\n${renderReport(report)}`).toEqual(new Map());
    expect(report.rests.length).toBeGreaterThan(0);
  },
);
