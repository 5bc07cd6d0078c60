import { expect, test, vi } from 'vitest';
import { readEnvironment } from '../../src/config/environment.ts';

test('the environment is a copy that later changes do not reach', () => {
  vi.stubEnv('DATABAR_SYNC_DIR', 'before');
  const environment = readEnvironment();
  vi.stubEnv('DATABAR_SYNC_DIR', 'after');
  expect(environment['DATABAR_SYNC_DIR']).toBe('before');
  vi.unstubAllEnvs();
});
