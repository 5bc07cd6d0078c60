import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createProgram } from '../../src/cli/program.ts';
import { createSecretScrubber } from '../../src/report/secret-scrubber.ts';
import type { Output } from '../../src/cli/terminal.ts';
import { startSandbox } from '../../src/sandbox/start-sandbox.ts';

interface Recorder extends Output {
  readonly text: () => string;
}

function record(isTerminal: boolean): Recorder {
  let text = '';
  const write = (part: string): void => void (text += part);
  return {
    isTerminal,
    colour: false,
    size: () => (isTerminal ? { columns: 80, rows: 24 } : null),
    write,
    print: async (part) => write(part),
    ended: new AbortController().signal,
    text: () => text,
  };
}

async function importInto(stderr: Recorder, ...args: readonly string[]): Promise<string> {
  const cwd = mkdtempSync(join(tmpdir(), 'databar-sync-import-'));
  const sandbox = await startSandbox();
  onTestFinished(async () => {
    await sandbox.close();
    rmSync(cwd, { recursive: true });
  });
  for (const name of ['A', 'B']) sandbox.add({ name, method: 'get', url: 'https://a.example' });
  const environment = { DATABAR_BASE_URL: sandbox.url, DATABAR_API_KEY: 'k', DATABAR_SYNC_DIR: join(cwd, 'new') };
  const program = createProgram({
    environment,
    cwd,
    stdout: record(false),
    stderr,
    process,
    scrubber: createSecretScrubber(),
  });
  expect(await program.run(['import', ...args])).toBe(0);
  return stderr.text();
}

test('on a terminal, files are counted while they are written, and the count is gone at the end', async () => {
  expect(await importInto(record(true))).toBe('\r1/2 \r2/2 \r\u001B[K');
});

test('elsewhere, and with --quiet, nothing is counted', async () => {
  expect(await importInto(record(false))).toBe('');
  expect(await importInto(record(true), '--quiet')).toBe('');
});
