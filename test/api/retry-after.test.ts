import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseRetryAfter } from '../../src/api/retry-after.ts';

const NOW = Date.UTC(2026, 0, 15, 12, 0, 0);
const DAY = 86_400_000;

describe('seconds', () => {
  test.each([
    ['0', 0],
    ['1', 1_000],
    ['120', 120_000],
    [' 7 ', 7_000],
    ['007', 7_000],
    ['1.5', 1_500],
    ['0.0001', 1],
    ['604800', 7 * DAY],
  ])('%j is %i ms', (value, ms) => {
    expect(parseRetryAfter(value, NOW)).toBe(ms);
  });

  test('are never cut short, and never overflow a date', () => {
    expect(parseRetryAfter('31536000', NOW)).toBe(365 * DAY);
    for (const value of ['99999999999999999999', '9'.repeat(400)]) {
      const ms = parseRetryAfter(value, NOW) ?? Number.NaN;
      expect(ms).toBeGreaterThan(100_000 * 365 * DAY);
      expect(new Date(NOW + ms).getTime()).not.toBeNaN();
    }
  });
});

describe('a date', () => {
  test.each([
    ['Thu, 15 Jan 2026 12:00:30 GMT', 30_000],
    ['thu, 15 jan 2026 12:00:30 gmt', 30_000],
    ['Thursday, 15-Jan-26 12:00:30 GMT', 30_000],
    ['Thu Jan 15 12:00:30 2026', 30_000],
    ['Thu Feb  5 12:00:00 2026', 21 * DAY],
    ['Sun, 29 Feb 2028 12:00:00 GMT', 775 * DAY],
    ['Thu, 31 Dec 2026 23:59:60 GMT', Date.UTC(2027, 0, 1) - NOW],
    ['Thu, 15 Jan 2026 12:00:00 GMT', 0],
  ])('%j is %i ms away', (value, ms) => {
    expect(parseRetryAfter(value, NOW)).toBe(ms);
  });

  test.each([
    'Sun, 06 Nov 1994 08:49:37 GMT',
    'Sunday, 06-Nov-94 08:49:37 GMT',
    'Sun Nov  6 08:49:37 1994',
    'Thu, 01 Jan 0050 00:00:00 GMT',
  ])('%j has passed, so it is no wait', (value) => {
    expect(parseRetryAfter(value, NOW)).toBe(0);
  });

  test('of two digits is at most 50 years ahead', () => {
    expect(parseRetryAfter('Wednesday, 15-Jan-76 12:00:00 GMT', NOW)).toBe(Date.UTC(2076, 0, 15, 12) - NOW);
    expect(parseRetryAfter('Saturday, 15-Jan-77 12:00:00 GMT', NOW)).toBe(0);
  });

  test('says what Date says, for every date there is', () => {
    const anyDate = fc.date({ min: new Date(NOW), max: new Date('9999-12-31T23:59:59Z'), noInvalidDate: true });
    fc.assert(
      fc.property(anyDate, (date) => {
        const whole = Math.floor(date.getTime() / 1000) * 1000;
        expect(parseRetryAfter(date.toUTCString(), NOW)).toBe(Math.max(0, whole - NOW));
      }),
    );
  });
});

describe('nonsense is ignored', () => {
  test.each([
    null,
    '',
    ' ',
    'soon',
    '-1',
    '+5',
    '1e3',
    '0x10',
    'Infinity',
    'NaN',
    '5, 6',
    '5 s',
    '5 May',
    '2026-01-15T12:00:30Z',
    'Thu, 15 Jan 2026 12:00:30 CET',
    'Thu, 15 Jan 2026 12:00:30',
    'Thu, 15 Foo 2026 12:00:30 GMT',
    'Thu, 32 Jan 2026 12:00:30 GMT',
    'Sat, 31 Feb 2026 12:00:30 GMT',
    'Sun, 29 Feb 2026 12:00:30 GMT',
    'Thu, 15 Jan 2026 24:00:00 GMT',
    'Thu, 15 Jan 2026 12:60:00 GMT',
    'Thu, 15 Jan 2026 12:00:61 GMT',
  ])('%j', (value) => {
    expect(parseRetryAfter(value, NOW)).toBeNull();
  });

  test('whatever the text, the answer is null or a wait that a date can tell', () => {
    fc.assert(
      fc.property(fc.string(), (value) => {
        const ms = parseRetryAfter(value, NOW);
        expect(ms === null || (ms >= 0 && !Number.isNaN(new Date(NOW + ms).getTime()))).toBe(true);
      }),
    );
  });
});
