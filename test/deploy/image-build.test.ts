/** The image's first stage, without an engine: its commands, in a directory that holds what is sent to it and no more. */

import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { REPOSITORY_ROOT } from '../support/generated-files.ts';
import { instructionsOf, readDockerfile } from '../support/read-dockerfile.ts';

const [builder, image] = readDockerfile(readFileSync(join(REPOSITORY_ROOT, 'Dockerfile'), 'utf8'));
const COMMIT = '0a07a07fa5e3edcb11f82f2ba715a5f54cea97c0';

test('the builder makes what the image takes from it, and the bundle tells the commit of the build argument', () => {
  const directory = mkdtempSync(join(tmpdir(), 'databar-sync-builder-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  expect(instructionsOf(builder, 'ARG')).toContain('GIT_COMMIT=');

  const sent = instructionsOf(builder, 'COPY').flatMap((text) => text.split(' ').slice(0, -1));
  for (const path of sent) cpSync(join(REPOSITORY_ROOT, path), join(directory, path), { recursive: true });
  for (const command of instructionsOf(builder, 'RUN')) {
    // `npm ci` made node_modules here with the same lock file.
    if (command === 'npm ci') symlinkSync(join(REPOSITORY_ROOT, 'node_modules'), join(directory, 'node_modules'));
    else execFileSync('sh', ['-c', command], { cwd: directory, env: { ...process.env, GIT_COMMIT: COMMIT } });
  }

  const taken = instructionsOf(image, 'COPY').flatMap((text) => text.split(' ').slice(1, -1));
  expect(taken).toContain('/build/dist/databar-sync.mjs');
  expect(taken.filter((path) => !existsSync(path.replace('/build', directory)))).toEqual([]);
  const version = execFileSync(process.execPath, ['dist/databar-sync.mjs', '--version'], { cwd: directory });
  expect(version.toString()).toContain(`(commit ${COMMIT})`);
});
