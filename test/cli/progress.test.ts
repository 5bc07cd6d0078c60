import { expect, test } from 'vitest';
import { createProgress } from '../../src/cli/progress.ts';
import { applied, creating, inSync, outcomeOf, planOf } from '../support/pass-builders.ts';

const ERASE = '\r\u001B[K';

function watch(isTerminal: boolean, quiet = false): string {
  let written = '';
  const write = (text: string): void => void (written += text);
  const { signal: ended } = new AbortController();
  const progress = createProgress(
    { isTerminal, colour: false, size: () => null, write, print: async () => undefined, ended },
    quiet,
  );
  const [first, second] = [creating('a'), creating('b')];
  progress.output.write('before\n');
  progress.begin(planOf([first, second, inSync('c')]));
  progress.step(applied(first));
  progress.output.write('a word\n');
  progress.step(outcomeOf(inSync('c'), 'unchanged'));
  progress.step(applied(second));
  progress.end();
  progress.output.write('after\n');
  return written;
}

test('a bar grows on a terminal, steps aside for what is logged, and leaves nothing behind', () => {
  const half = `${ERASE}[${'#'.repeat(12)}${'-'.repeat(12)}] 1/2`;
  expect(watch(true)).toBe(
    [
      'before\n',
      `${ERASE}[${'-'.repeat(24)}] 0/2`,
      half,
      `${ERASE}a word\n${half}`,
      `${ERASE}[${'#'.repeat(24)}] 2/2`,
      `${ERASE}after\n`,
    ].join(''),
  );
});

test('nothing is drawn where nobody watches, or wants to, and nothing where there is nothing to do', () => {
  expect(watch(false)).toBe('before\na word\nafter\n');
  expect(watch(true, true)).toBe('before\na word\nafter\n');
  let written = '';
  const output = {
    isTerminal: true,
    size: () => null,
    colour: false,
    write: (text: string) => void (written += text),
    print: async () => undefined,
    ended: new AbortController().signal,
  };
  const progress = createProgress(output);
  progress.begin(planOf([inSync('a')]));
  progress.end();
  expect(written).toBe('');
});
