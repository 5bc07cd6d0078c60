/** The last line of a test run, for scripts that know no vitest: `12 passed, 0 failed`. */

import type { SerializedError, TestModule } from 'vitest/node';

export interface SummaryReporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly SerializedError[]): void;
}

/**
 * List it after the reporter for people, so that its line is the last one.
 *
 * Counted as failed are, besides tests: each file or suite that broke outside its tests, each error that belongs to
 * none of them, and a run in which nothing ran. So a run that vitest fails never says `0 failed`.
 */
export function createSummaryReporter(write: (text: string) => void): SummaryReporter {
  return {
    onTestRunEnd(modules, unhandledErrors) {
      const states = modules.flatMap(({ children }) => [...children.allTests()].map((test) => test.result().state));
      const count = (...wanted: readonly string[]): number => states.filter((state) => wanted.includes(state)).length;
      const broken = modules.flatMap((module) => [module, ...module.children.allSuites()]).filter(hasErrors).length;
      const nothingRan = modules.length === 0 ? 1 : 0;

      const failed = count('failed', 'pending') + broken + unhandledErrors.length + nothingRan;
      const skipped = count('skipped');
      write(`${count('passed')} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`);
    },
  };
}

function hasErrors(part: { errors(): readonly unknown[] }): boolean {
  return part.errors().length > 0;
}
