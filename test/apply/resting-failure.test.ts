import { describe, expect, test } from 'vitest';
import { restingFailure } from '../../src/apply/resting-failure.ts';
import type { Failure } from '../../src/model/baseline.ts';

const NOW = 1_000_000;
const MINUTE = 60_000;
const failure = (changes: Partial<Failure> = {}): Failure => ({
  key: 'a',
  digest: 'content',
  kind: 'transient',
  status: 503,
  message: 'PUT /v1/connectors/7 answered 503',
  attempts: 3,
  retryAt: NOW + MINUTE,
  ...changes,
});

describe('a connector that failed', () => {
  test('rests until its time, and is told as not tried', () => {
    expect(restingFailure(failure(), 'content', NOW)).toEqual({
      kind: 'transient',
      status: 503,
      message: 'PUT /v1/connectors/7 answered 503',
      attempts: 0,
      retryInMs: MINUTE,
      problems: [],
    });
    expect(restingFailure(failure(), 'content', NOW + MINUTE)).toBeNull();
    expect(restingFailure(failure(), 'other content', NOW)).toBeNull();
    expect(restingFailure(undefined, 'content', NOW)).toBeNull();
  });

  test('rests for 15 minutes at most: what a clock that was ahead left for later is due', () => {
    const until = (retryAt: number): number | null | undefined =>
      restingFailure(failure({ retryAt }), 'content', NOW)?.retryInMs;
    expect(until(NOW + 15 * MINUTE)).toBe(15 * MINUTE);
    expect(until(NOW + 15 * MINUTE + 1)).toBeUndefined();
    expect(until(NOW + 24 * 60 * MINUTE)).toBeUndefined();
  });

  test('for good rests whatever the clock says', () => {
    const permanent = failure({ kind: 'permanent', retryAt: NOW + 24 * 60 * MINUTE });
    expect(restingFailure(permanent, 'content', NOW)).toMatchObject({ kind: 'permanent', retryInMs: null });
  });
});
