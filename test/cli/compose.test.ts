/** Room for several workspaces in one process: nothing of one pipeline is found in another. */

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Pipeline } from '../../src/cli/compose.ts';
import { composePipeline } from '../../src/cli/compose.ts';
import { loadSettings } from '../../src/config/load-settings.ts';
import type { SyncEvent } from '../../src/model/event.ts';
import type { PassResult } from '../../src/model/pass.ts';
import type { Sandbox } from '../../src/sandbox/start-sandbox.ts';
import { startSandbox } from '../../src/sandbox/start-sandbox.ts';
import { REPOSITORY_ROOT } from '../support/generated-files.ts';
import { yaml } from '../support/site.ts';
import { waitUntil } from '../support/wait-until.ts';
import { writeFiles } from '../support/write-files.ts';

interface Workspace {
  readonly sandbox: Sandbox;
  readonly pipeline: Pipeline;
  readonly events: readonly SyncEvent[];
  readonly pass: () => Promise<PassResult>;
  readonly write: (files: Readonly<Record<string, string>>) => void;
}

async function openWorkspace(name: string, files: Readonly<Record<string, string>>): Promise<Workspace> {
  const directory = mkdtempSync(join(tmpdir(), `databar-sync-${name}-`));
  const sandbox = await startSandbox({ apiKey: `key-of-${name}` });
  const write = (more: Readonly<Record<string, string>>): void => writeFiles(join(directory, 'connectors'), more);
  write(files);
  const events: SyncEvent[] = [];
  const environment = {
    DATABAR_BASE_URL: sandbox.url,
    DATABAR_SYNC_DIR: join(directory, 'connectors'),
    DATABAR_SYNC_STATE_DIR: join(directory, 'state'),
    DATABAR_SYNC_RETRY_MAX_ATTEMPTS: '1',
    CONNECTOR_TOKEN: `token-of-${name}`,
  };
  const pipeline = composePipeline({
    settings: loadSettings({ flags: {}, environment, configFile: null, isTerminal: false }).settings,
    environment,
    apiKey: () => `key-of-${name}`,
    stateMode: 'write',
    dryRun: false,
    emit: (event) => events.push(event),
    observer: { sourceRead: () => undefined, planned: () => undefined, outcome: () => undefined },
    warn: (message) => expect(message).toBe(''),
    onRequest: () => undefined,
    onSecret: () => undefined,
    tracing: null,
  });
  onTestFinished(async () => {
    await pipeline.close();
    await sandbox.close();
    rmSync(directory, { recursive: true });
  });
  const { signal } = new AbortController();
  return {
    sandbox,
    pipeline,
    events,
    write,
    pass: async () => pipeline.pass({ signal, plannedDeletes: new Set(), honourBackOff: true }),
  };
}

const secretive = (name: string): string =>
  yaml(name, "headers: [{name: Authorization, value: '${env:CONNECTOR_TOKEN}'}]\n");
const causes = ({ outcomes }: PassResult): readonly string[] =>
  outcomes.map(({ change }) => `${change.key} ${change.cause}`);

test('two workspaces with the same keys, ids and names in one process keep to themselves', async () => {
  const [one, two] = [
    await openWorkspace('one', { 'a.yaml': secretive('A'), 'b.yaml': yaml('B') }),
    await openWorkspace('two', { 'a.yaml': secretive('A') }),
  ];
  await Promise.all([one.pass(), two.pass()]);
  expect(one.sandbox.connectors().map(({ name, headers }) => [name, headers])).toEqual([
    ['A', [{ name: 'Authorization', value: 'token-of-one' }]],
    ['B', []],
  ]);
  expect(two.sandbox.connectors().map(({ name, headers }) => [name, headers])).toEqual([
    ['A', [{ name: 'Authorization', value: 'token-of-two' }]],
  ]);

  two.sandbox.edit(1, { rate_limit: 7 });
  const [first, second] = await Promise.all([one.pass(), two.pass()]);
  expect(causes(first)).toEqual(['a in_sync', 'b in_sync']);
  expect(causes(second)).toEqual(['a remote_changed']);
  expect(one.pipeline.store.bindings().map(({ key }) => key)).toEqual(['a', 'b']);
  expect(two.pipeline.store.bindings().map(({ key }) => key)).toEqual(['a']);
  expect(one.pipeline.store.installationKey.equals(two.pipeline.store.installationKey)).toBe(false);
});

test('a workspace whose server asks for quiet, or fails, holds nobody else up', async () => {
  const [one, two] = [
    await openWorkspace('one', { 'a.yaml': yaml('A') }),
    await openWorkspace('two', { 'a.yaml': yaml('A') }),
  ];
  await Promise.all([one.pass(), two.pass()]);
  one.sandbox.inject({ on: 'any', kind: 'status', status: 429, retryAfter: '3600' });
  const held = one.pass();
  await waitUntil(() => one.events.some(({ event }) => event === 'api.throttled'));
  two.write({ 'a.yaml': yaml('A', 'rate_limit: 3\n') });
  expect(causes(await two.pass())).toEqual(['a file_changed']);
  expect(two.events.map(({ event }) => event)).not.toContain('api.throttled');
  // Not at its leisure: an hour of quiet was asked for.
  await one.pipeline.abort();
  expect((await held).outcomes).toEqual([]);
  expect(two.sandbox.connectors()).toMatchObject([{ name: 'A', rate_limit: 3 }]);
});

test('no module of the daemon keeps anything that changes', () => {
  const source = join(REPOSITORY_ROOT, 'src');
  const kept = readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.startsWith('dashboard'))
    .flatMap((file) =>
      readFileSync(join(source, file), 'utf8')
        .split('\n')
        .filter((line) =>
          /^(?:export )?(?:let|var) |^(?:export )?const .*= (?:new (?:Weak)?(?:Map|Set)\(\)|\[\]|\{\});$/u.test(line),
        )
        .map((line) => `${file}: ${line}`),
    );
  // Modules that hold an empty list for good say so with a type that cannot be changed.
  expect(kept.filter((line) => !/: (?:Readonly|readonly)/u.test(line))).toEqual([]);
});
