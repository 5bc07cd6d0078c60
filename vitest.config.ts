import { defineConfig } from 'vitest/config';
import { createSummaryReporter } from './test/support/summary-reporter.ts';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/build-bundle.ts'],
    reporters: ['default', createSummaryReporter((text) => process.stdout.write(text))],
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
