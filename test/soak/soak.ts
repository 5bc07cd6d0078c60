/**
 * `npm run soak`: the released program under churn, watched for what grows. It ends with 1 when something does.
 *
 *     npm run soak -- [--seed <n>] [--minutes <n>] [--connectors <n>]
 */

import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { runSoak } from './run-soak.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    minutes: { type: 'string', default: '10' },
    connectors: { type: 'string', default: '50' },
  },
});
const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};
say(`soaking with --seed ${values.seed} for ${values.minutes} minutes`);
const { growths, samples, passes, complaints } = await runSoak({
  bundle: process.env['TEST_BUNDLE'] ?? fileURLToPath(new URL('../../dist/databar-sync.mjs', import.meta.url)),
  seed: Number(values.seed),
  seconds: 60 * Number(values.minutes),
  connectors: Number(values.connectors),
});
say(`\n| what | middle third | last third | limit |\n|---|---:|---:|---:|`);
for (const { what, middle, last, limit } of growths) {
  say(`| ${what} | ${middle.toFixed(1)} | ${last.toFixed(1)} | ${limit.toFixed(1)} |`);
}
say(`\n${samples} samples, at least ${passes} passes`);
for (const complaint of complaints) say(`- ${complaint}`);
process.exitCode = complaints.length === 0 && growths.every(({ last, limit }) => last <= limit) ? 0 : 1;
