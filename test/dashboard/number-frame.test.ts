import { expect, test } from 'vitest';
import { numberFrame } from '../../src/dashboard/number-frame.ts';

test('the number stands before the line, and the caret stays below its place', () => {
  expect(numberFrame('method: fetch\n        ^', 12)).toBe('12 | method: fetch\n   |         ^');
});
