/** A pass as the history keeps it. */

import type { PassRecord } from '../model/baseline.ts';
import type { PassResult } from '../model/pass.ts';
import { countPass } from './count-pass.ts';
import { isAllWell, passError } from './render-sync.ts';

/** `failed`: it could not do its work; `problems`: it did, and not all is as the files say. */
export function judgePass(result: PassResult): PassRecord['result'] {
  return passError(result) !== null ? 'failed' : isAllWell(result) ? 'ok' : 'problems';
}

/** @param pass its number since the process started */
export function passRecord(result: PassResult, pass: number): PassRecord {
  const { revision, startedAt, durationMs } = result;
  return { pass, revision, startedAt, durationMs, result: judgePass(result), counts: { ...countPass(result) } };
}
