import { describe, expect, test } from 'vitest';
import { createOutageDetector } from '../../src/apply/outage.ts';
import type { Outcome } from '../../src/model/outcome.ts';
import { applied, failed, inSync, outcomeOf, updating } from '../support/pass-builders.ts';

const change = updating('a');
const down = (status = 503): Outcome => failed(change, { status });

function noting(...outcomes: readonly Outcome[]): number | null | undefined {
  const detector = createOutageDetector();
  for (const outcome of outcomes) detector.note(outcome);
  return detector.found?.status;
}

describe('an outage', () => {
  test('is found when five writes fail one after the other, and is the fifth', () => {
    expect(noting(down(), down(), down(), down())).toBeUndefined();
    expect(noting(down(1), down(2), down(3), down(4), down(5), down(6))).toBe(5);
  });

  test('is found also when nobody knows what became of creates', () => {
    const lost = failed(change, { kind: 'unsettled', status: null });
    expect(noting(lost, lost, lost, lost, lost)).toBeNull();
  });

  test('is none when something succeeds between', () => {
    expect(noting(down(), down(), down(), down(), applied(change), down())).toBeUndefined();
  });

  test.each<[string, Outcome]>([
    ['failed before and was not tried now', failed(change, { attempts: 0 })],
    ['the server refuses for its content', failed(change, { kind: 'permanent', status: 422 })],
    ['is gone', failed(change, { kind: 'gone', status: 404 })],
    ['was withdrawn', outcomeOf(change, 'skipped')],
    ['needs nothing', outcomeOf(inSync('a'), 'unchanged')],
  ])('is not told by what %s, nor denied by it', (_, other) => {
    expect(noting(other, other, other, other, other)).toBeUndefined();
    expect(noting(down(), down(), other, down(), down(), other, down())).toBe(503);
  });
});
