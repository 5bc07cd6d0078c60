/**
 * `npm run chaos`: the released program against the sandbox, with everything going wrong at random, and a table of what
 * was done to it and what came to harm. It ends with 1 when anything did.
 *
 *     npm run chaos -- [--seed <n>] [--minutes <n>] [--connectors <n>]
 */

import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { renderReport } from './render-report.ts';
import { runChaos } from './run-chaos.ts';

const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    minutes: { type: 'string', default: '3' },
    connectors: { type: 'string', default: '30' },
  },
});
const numbers = { seed: Number(values.seed), minutes: Number(values.minutes), connectors: Number(values.connectors) };
if (!Object.values(numbers).every((value) => Number.isFinite(value) && value >= 0)) {
  process.stderr.write('--seed, --minutes and --connectors take numbers\n');
  process.exit(2);
}
say(`chaos with --seed ${numbers.seed} for ${numbers.minutes} minutes`);
const report = await runChaos({
  ...numbers,
  bundle: process.env['TEST_BUNDLE'] ?? fileURLToPath(new URL('../../dist/databar-sync.mjs', import.meta.url)),
  say,
});
say(renderReport(report));
process.exitCode = report.damages.size === 0 ? 0 : 1;
