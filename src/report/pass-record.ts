/** A pass as the history keeps it. */

import type { PassRecord } from '../model/baseline.ts';
import type { PassResult } from '../model/pass.ts';
import { countPass } from './count-pass.ts';
import { isAllWell, passError } from './render-sync.ts';

/** @param pass its number since the process started */
export function passRecord(result: PassResult, pass: number): PassRecord {
  const { revision, startedAt, durationMs } = result;
  const outcome = passError(result) !== null ? 'failed' : isAllWell(result) ? 'ok' : 'problems';
  return { pass, revision, startedAt, durationMs, result: outcome, counts: { ...countPass(result) } };
}
