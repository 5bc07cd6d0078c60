/**
 * `node test/support/make-state-fixture.ts`: writes test/fixtures/state/v<version>.db, the state of an installation that
 * keeps two connectors, as the program writes it now. Run it once for each schema version, before the version is
 * released, and never again: the file stands for what is on people's disks.
 */

import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import { SCHEMA_VERSION } from '../../src/state/migrations.ts';
import { openStateStore } from '../../src/state/state-store.ts';
import { startSandbox } from '../../src/sandbox/start-sandbox.ts';
import { REPOSITORY_ROOT } from './generated-files.ts';
import { keptFiles, STATE_FIXTURES } from './state-of-version.ts';
import { writeFiles } from './write-files.ts';

const directory = mkdtempSync(join(tmpdir(), 'databar-sync-fixture-'));
const sandbox = await startSandbox({});
try {
  writeFiles(join(directory, 'connectors'), keptFiles());
  await promisify(execFile)(process.execPath, [join(REPOSITORY_ROOT, 'src', 'cli', 'main.ts'), 'sync'], {
    cwd: directory,
    env: { ...process.env, DATABAR_BASE_URL: sandbox.url, DATABAR_API_KEY: 'a-key', DATABAR_SYNC_STATE_DIR: 'state' },
  });
  const at = Date.UTC(2026, 10, 26);
  const ignore = (): void => undefined;
  const store = openStateStore({
    directory: join(directory, 'state'),
    mode: 'write',
    now: () => at,
    onRebuilt: ignore,
    onDegraded: ignore,
    onRestored: ignore,
  });
  store.recordIntent({ key: 'unanswered', name: 'Unanswered', at });
  store.recordFailure({
    key: 'refused',
    digest: 'a digest',
    kind: 'transient',
    status: 503,
    message: 'The server is busy.',
    attempts: 3,
    retryAt: at + 1000,
  });
  store.recordDriftRewrite('people/b', at);
  store.flush();
  store.close();
  // All of it into the one file.
  const database = new DatabaseSync(join(directory, 'state', 'state.db'));
  database.exec('PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE; VACUUM');
  database.close();
  mkdirSync(STATE_FIXTURES, { recursive: true });
  copyFileSync(join(directory, 'state', 'state.db'), join(STATE_FIXTURES, `v${SCHEMA_VERSION}.db`));
} finally {
  await sandbox.close();
  rmSync(directory, { recursive: true });
}
