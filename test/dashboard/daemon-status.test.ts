import { expectTypeOf, test } from 'vitest';
import type { DaemonStatus } from '../../src/dashboard/daemon-status.ts';
import type { Status } from '../../src/report/status.ts';

test('what the page reads is what the daemon sends', () => {
  expectTypeOf<Status>().toExtend<DaemonStatus>();
});
