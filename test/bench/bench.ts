/**
 * `npm run bench`: figures, each against a limit or a peer that is measured in the same run. The two sides alternate, and
 * their medians are compared, so that a busy machine slows both alike. `--only NAME` measures one subject, `--quick` each
 * with fewer runs.
 */

import { parseArgs } from 'node:util';
import { firstSync } from './measures/first-sync.ts';
import { growth } from './measures/growth.ts';
import { idle } from './measures/idle.ts';
import { passes } from './measures/passes.ts';
import { reaction } from './measures/reaction.ts';
import { start } from './measures/start.ts';
import { throttle } from './measures/throttle.ts';
import { validate } from './measures/validate.ts';
import type { Measure, Row } from './row.ts';
import { renderTable } from './row.ts';

const MEASURES: Readonly<Record<string, Measure>> = {
  'first-sync': firstSync,
  throttle,
  reaction,
  passes,
  growth,
  idle,
  start,
  validate,
};

const { values } = parseArgs({ options: { only: { type: 'string' }, quick: { type: 'boolean', default: false } } });
const names = Object.keys(MEASURES).filter((name) => values.only === undefined || values.only === name);
if (names.length === 0) throw new Error(`--only takes one of ${Object.keys(MEASURES).join(', ')}`);

const rows: Row[] = [];
for (const name of names) {
  console.error(`measuring ${name} ...`);
  rows.push(...((await MEASURES[name]?.({ runs: values.quick ? 1 : 5, full: !values.quick })) ?? []));
}
console.log(renderTable(rows));
process.exitCode = rows.every(({ met }) => met) ? 0 : 1;
