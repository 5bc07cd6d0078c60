import { expect, test } from 'vitest';
import { createPrettyDestination, formatLine } from '../../src/report/pretty.ts';
import { field } from '../support/pass-builders.ts';

const line = (rest: object): string =>
  `${JSON.stringify({ level: 'info', time: '2026-01-02T03:04:05.678Z', msg: 'said', ...rest })}\n`;

test('an event is one line with its time and a sign', () => {
  expect(formatLine(line({ event: 'connector.created' }), false)).toBe('03:04:05 + said\n');
  expect(formatLine(line({ event: 'daemon.stopped' }), false)).toBe('03:04:05 · said\n');
  expect(formatLine(line({ level: 'error', event: 'connector.failed' }), false)).toBe('03:04:05 ✗ said\n');
});

test('differences and problems stand below it', () => {
  const fields = [field('/url', 'a', 'b'), field('/rate_limit', undefined, 5)];
  expect(formatLine(line({ event: 'drift.detected', fields }), false)).toBe(
    '03:04:05 ≠ said\n           /url: "a" → "b"\n           /rate_limit: nothing → 5\n',
  );
  const problems = [
    { file: 'a.yaml', line: 3, column: 9, message: 'not a method', hint: 'Write get.' },
    { file: 'a.yaml', line: 4, column: 1, message: 'unknown', hint: null },
  ];
  expect(formatLine(line({ level: 'error', event: 'connector.invalid', problems }), false)).toBe(
    '03:04:05 ✗ said\n           a.yaml:3:9 not a method (Write get.)\n           a.yaml:4:1 unknown\n',
  );
});

test('the fields of an adjustment are names, which the message tells already', () => {
  expect(formatLine(line({ event: 'connector.adjusted', fields: ['rate_limit'] }), false)).toBe('03:04:05 · said\n');
});

test('a defect shows its stack; an event tells its error in its message', () => {
  expect(formatLine(line({ level: 'error', error: 'Error: x\n    at y' }), false)).toBe(
    '03:04:05 ✗ said\n           Error: x\n               at y\n',
  );
  expect(formatLine(line({ level: 'error', event: 'api.unreachable', error: 'said' }), false)).toBe(
    '03:04:05 ✗ said\n',
  );
});

test('colours are put in only where they are wanted', () => {
  const drift = line({ event: 'drift.detected', fields: [field('/url', 'a', 'b')] });
  expect(formatLine(drift, true)).toContain('\u001b[31m"a"\u001b[39m');
  expect(formatLine(drift, false)).not.toContain('\u001b');
});

test('a warning and an error are painted whole, what went well by its sign alone', () => {
  expect(formatLine(line({ level: 'warn', event: 'drift.detected' }), true)).toContain('\u001b[35msaid\u001b[39m');
  expect(formatLine(line({ level: 'error', event: 'connector.invalid' }), true)).toContain('\u001b[31msaid\u001b[39m');
  expect(formatLine(line({ event: 'connector.created' }), true)).toMatch(/ said\n$/u);
});

test('no text from files or servers speaks to the terminal or begins a line of its own', () => {
  const hostile = '\u001b[2J\u0007\n03:04:05 + forged\u009b1m\u202e';
  const problems = [{ file: hostile, line: 1, column: 1, message: hostile, hint: hostile }];
  const fields = [field(hostile, hostile, { name: hostile })];
  const texts = [
    { msg: hostile },
    { event: 'connector.invalid', problems },
    { event: 'drift.detected', fields },
    { error: hostile },
  ];
  for (const text of texts) {
    const shown = formatLine(line(text), false);
    expect(shown.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(shown.match(/^03:04:05/gmu)).toHaveLength(1);
  }
});

test('a destination writes what it makes of each line', () => {
  const written: string[] = [];
  createPrettyDestination((text) => void written.push(text), false).write(line({}));
  expect(written).toEqual(['03:04:05 · said\n']);
});
