import { expect, test } from 'vitest';
import { createProgress } from '../../src/cli/progress.ts';
import { applied, creating, inSync, outcomeOf, planOf } from '../support/pass-builders.ts';

function watch(isTerminal: boolean, quiet = false): string {
  let written = '';
  const progress = createProgress({ isTerminal, write: (text) => void (written += text) }, quiet);
  const [first, second] = [creating('a'), creating('b')];
  progress.begin(planOf([first, second, inSync('c')]));
  progress.step(applied(first));
  progress.step(outcomeOf(inSync('c'), 'unchanged'));
  progress.step(applied(second));
  progress.end();
  return written;
}

test('a bar grows on a terminal, and leaves nothing behind', () => {
  const [empty, half, full, gone] = watch(true).split('\r').slice(1);
  expect(empty).toContain(`[${'-'.repeat(24)}] 0/2`);
  expect(half).toContain(`[${'#'.repeat(12)}${'-'.repeat(12)}] 1/2`);
  expect(full).toContain(`[${'#'.repeat(24)}] 2/2`);
  expect(gone).toBe('\u001B[K');
});

test('nothing is drawn where nobody watches, or wants to', () => {
  expect(watch(false)).toBe('');
  expect(watch(true, true)).toBe('');
});
