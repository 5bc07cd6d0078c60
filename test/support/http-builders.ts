import type { HttpOptions } from '../../src/http/server.ts';
import { createChanges } from '../../src/report/changes.ts';
import { findConnectors } from '../../src/report/find-connectors.ts';

/** A daemon that has nothing to show yet. */
export const NOTHING_TO_SHOW: Pick<
  HttpOptions,
  'connectors' | 'connector' | 'passes' | 'recent' | 'metrics' | 'dashboard' | 'changes'
> = {
  connectors: (search) => findConnectors([], search),
  connector: () => null,
  passes: () => ({ passes: [] }),
  recent: () => ({ events: [] }),
  metrics: async () => Promise.resolve({ contentType: 'text/plain', text: '' }),
  dashboard: { html: '<p>page</p>', script: 'void 0;', style: 'p {}' },
  changes: createChanges(),
};
