import { describe, expect, test } from 'vitest';
import type { ApiErrorFields, ApiErrorKind } from '../../src/api/api-error.ts';
import { ApiError } from '../../src/api/api-error.ts';
import type { FailedAttempt, Operation, RetryDecision, StopReason } from '../../src/api/retry-policy.ts';
import { decideRetry } from '../../src/api/retry-policy.ts';

const NOW = Date.UTC(2026, 0, 15, 12, 0, 0);
const settings = { maxAttempts: 5, baseDelayMs: 500, maxDelayMs: 30_000 };
const OPERATIONS: readonly Operation[] = ['list', 'create', 'get', 'update', 'delete', 'me'];
const IDEMPOTENT = OPERATIONS.filter((operation) => operation !== 'create');

function apiError(fields: Partial<ApiErrorFields>): ApiError {
  return new ApiError({ kind: 'network', method: 'GET', path: '/', what: 'failed', sent: true, ...fields });
}

function answered(status: number, retryAfter: string | null = null): ApiError {
  return apiError({ kind: 'http', status, retryAfter });
}

function decide(error: ApiError, operation: Operation = 'update', rest: Partial<FailedAttempt> = {}): RetryDecision {
  return decideRetry({ error, operation, attempt: 1, settings, random: () => 0.5, now: NOW, ...rest });
}

function verdict(decision: RetryDecision): StopReason | 'retry' {
  return decision.verdict === 'retry' ? 'retry' : decision.reason;
}

describe('an answer that is an error', () => {
  test.each<[number, StopReason | 'retry', StopReason | 'retry']>([
    // status, for what may be repeated, for a create
    [301, 'exhausted', 'exhausted'],
    [307, 'exhausted', 'exhausted'],
    [400, 'permanent', 'permanent'],
    [401, 'unauthorized', 'unauthorized'],
    [402, 'permanent', 'permanent'],
    [403, 'unauthorized', 'unauthorized'],
    [405, 'permanent', 'permanent'],
    [406, 'permanent', 'permanent'],
    [408, 'retry', 'unsettled'],
    [409, 'permanent', 'permanent'],
    [422, 'permanent', 'permanent'],
    [425, 'retry', 'retry'],
    [429, 'retry', 'retry'],
    [500, 'retry', 'unsettled'],
    [501, 'exhausted', 'unsettled'],
    [502, 'retry', 'unsettled'],
    [503, 'retry', 'unsettled'],
    [504, 'retry', 'unsettled'],
    [520, 'exhausted', 'unsettled'],
  ])('%i: %s, and for a create %s', (status, otherwise, create) => {
    for (const operation of IDEMPOTENT) expect(verdict(decide(answered(status), operation))).toBe(otherwise);
    expect(verdict(decide(answered(status), 'create'))).toBe(create);
  });

  test.each<[Operation, StopReason]>([
    ['get', 'gone'],
    ['update', 'gone'],
    ['delete', 'gone'],
    ['list', 'permanent'],
    ['create', 'permanent'],
    ['me', 'permanent'],
  ])('a 404 to %s means %s', (operation, reason) => {
    expect(verdict(decide(answered(404), operation))).toBe(reason);
  });
});

describe('no answer, or none that can be used', () => {
  test.each<[ApiErrorKind, boolean, StopReason | 'retry', StopReason | 'retry']>([
    // kind, sent, for what may be repeated, for a create
    ['network', false, 'retry', 'retry'],
    ['network', true, 'retry', 'unsettled'],
    ['timeout', false, 'retry', 'retry'],
    ['timeout', true, 'retry', 'unsettled'],
    ['invalid_answer', true, 'retry', 'unsettled'],
    ['too_large', true, 'exhausted', 'unsettled'],
    ['aborted', false, 'aborted', 'aborted'],
    ['aborted', true, 'aborted', 'unsettled'],
    ['unusable_key', false, 'unauthorized', 'unauthorized'],
  ])('%s, sent: %s: %s, and for a create %s', (kind, sent, otherwise, create) => {
    const error = apiError({ kind, sent });
    for (const operation of IDEMPOTENT) expect(verdict(decide(error, operation))).toBe(otherwise);
    expect(verdict(decide(error, 'create'))).toBe(create);
  });
});

describe('the number of attempts', () => {
  test('is bounded', () => {
    const verdicts = [1, 4, 5, 6].map((attempt) => verdict(decide(answered(500), 'update', { attempt })));
    expect(verdicts).toEqual(['retry', 'retry', 'exhausted', 'exhausted']);
  });

  test('of one means that nothing is repeated', () => {
    const once = { ...settings, maxAttempts: 1 };
    expect(verdict(decide(answered(429), 'list', { settings: once }))).toBe('exhausted');
  });

  test('does not hide a better reason to stop', () => {
    expect(verdict(decide(answered(422), 'update', { attempt: 9 }))).toBe('permanent');
    expect(verdict(decide(answered(500), 'create', { attempt: 9 }))).toBe('unsettled');
  });
});

describe('the wait', () => {
  const delay = (attempt: number, random: number, error = answered(500)): number => {
    const decision = decide(error, 'update', {
      attempt,
      random: () => random,
      settings: { ...settings, maxAttempts: 2_000 },
    });
    return decision.verdict === 'retry' ? decision.delayMs : Number.NaN;
  };

  test('doubles at its upper end, up to the maximum', () => {
    expect([1, 2, 3, 6, 7, 8, 1_500].map((attempt) => delay(attempt, 1))).toEqual([
      500, 1_000, 2_000, 16_000, 30_000, 30_000, 30_000,
    ]);
  });

  test('is spread from nothing to that end', () => {
    expect([0, 0.25, 0.999].map((random) => delay(3, random))).toEqual([0, 500, 1_998]);
  });

  test('is at least what Retry-After asks for, also beyond the maximum', () => {
    expect(delay(1, 1, answered(500, '120'))).toBe(120_000);
    expect(delay(1, 1, answered(429, 'Thu, 15 Jan 2026 13:00:00 GMT'))).toBe(3_600_000);
    expect(delay(3, 1, answered(429, '1'))).toBe(2_000);
  });

  test.each(['0', 'Sun, 06 Nov 1994 08:49:37 GMT', 'soon', '-5'])(
    'is the usual one when Retry-After is %j',
    (value) => {
      expect(delay(2, 0.5, answered(503, value))).toBe(500);
    },
  );

  test('stays a number when Retry-After overflows', () => {
    expect(delay(1, 1, answered(429, '9'.repeat(400)))).toBeLessThan(Number.POSITIVE_INFINITY);
  });
});

describe('the pause for everybody', () => {
  test('is what a 429 or a 503 asks for', () => {
    expect(decide(answered(429, '7')).pauseMs).toBe(7_000);
    expect(decide(answered(503, '7')).pauseMs).toBe(7_000);
    expect(decide(answered(500, '7')).pauseMs).toBeNull();
  });

  test('follows a 429 that names no time for as long as that request waits; a 503 causes none', () => {
    expect(decide(answered(429))).toEqual({ verdict: 'retry', delayMs: 250, pauseMs: 250 });
    expect(decide(answered(503))).toEqual({ verdict: 'retry', delayMs: 250, pauseMs: null });
  });

  test('is kept also when the request itself is given up', () => {
    expect(decide(answered(429, '7'), 'list', { attempt: 5 })).toEqual({
      verdict: 'stop',
      reason: 'exhausted',
      pauseMs: 7_000,
    });
    expect(decide(answered(503, '7'), 'create')).toEqual({ verdict: 'stop', reason: 'unsettled', pauseMs: 7_000 });
  });

  test('is none when the wait is over already', () => {
    expect(decide(answered(429, '0')).pauseMs).toBe(0);
  });
});
