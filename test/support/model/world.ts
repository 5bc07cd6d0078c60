/** Everything together: files on disk, a sandbox, the pipeline, and what the tests expect of them. */

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Sandbox } from '../../../src/sandbox/start-sandbox.ts';
import { startSandbox } from '../../../src/sandbox/start-sandbox.ts';
import type { Setting } from './action.ts';
import type { Book } from './book.ts';
import { createBook } from './book.ts';
import { CANARY, RATE_CAP, renderFiles } from './definition.ts';
import type { Engine } from './engine.ts';
import { openEngine } from './engine.ts';

export interface World {
  readonly setting: Setting;
  readonly book: Book;
  readonly sandbox: Sandbox;
  readonly engine: Engine;
  readonly variables: Record<string, string | undefined>;
  /** Connectors that nobody may touch: what they are, as text, by id. */
  readonly unmanaged: Map<number, string>;
  /** Definitions that share their name with a connector of somebody else, and its id. */
  readonly contested: Map<string, number>;
  /** Definitions whose connector somebody else has changed or removed since it was last right. */
  readonly tampered: Set<string>;
  /** Definitions that the program knows to be protected. */
  readonly protectedOnes: Set<string>;
  /** Whether a write may still be under way, or come late. */
  unsettled: boolean;
  nextMarker(): string;
  /** Put the files on disk as the book has them. */
  writeFiles(): void;
  /** Do something while the source is away. */
  withSource<T>(state: 'there' | 'missing' | 'empty', work: () => Promise<T>): Promise<T>;
  /** Resolves when nothing that was sent can come to anything any more. */
  quiet(): Promise<void>;
  close(): Promise<void>;
}

export const GOOD_KEY = `key-${CANARY}`;
/** A late write comes within this time; milliseconds. */
const LATEST_MS = 50;

export async function openWorld(setting: Setting): Promise<World> {
  const directory = mkdtempSync(join(tmpdir(), 'databar-sync-model-'));
  const source = join(directory, 'connectors');
  mkdirSync(source);
  const sandbox = await startSandbox({
    apiKey: GOOD_KEY,
    caps: { rate_limit: RATE_CAP },
    maskHeaders: setting.maskHeaders,
  });
  const variables = { CONNECTOR_TOKEN: `${CANARY}-token-0`, CONNECTOR_SUFFIX: `${CANARY}-suffix` };
  // Where lists lie, an answer that comes too late would be one loss too many.
  const timeoutMs = setting.family === 'lies' ? 5_000 : 150;
  const engine = openEngine({ directory, baseUrl: sandbox.url, apiKey: GOOD_KEY, setting, timeoutMs, variables });
  let markers = 0;

  const world: World = {
    setting,
    book: createBook(),
    sandbox,
    engine,
    variables,
    unmanaged: new Map(),
    contested: new Map(),
    tampered: new Set(),
    protectedOnes: new Set(),
    unsettled: false,
    nextMarker: () => `d${(markers += 1)}`,
    writeFiles() {
      const wanted = renderFiles(world.book.files);
      for (const file of listFiles(source)) if (!wanted.has(file)) rmSync(join(source, file));
      for (const [file, text] of wanted) {
        mkdirSync(dirname(join(source, file)), { recursive: true });
        writeFileSync(join(source, `.${file.replaceAll('/', '-')}`), text);
        renameSync(join(source, `.${file.replaceAll('/', '-')}`), join(source, file));
      }
    },
    async withSource(state, work) {
      if (state === 'there') return work();
      renameSync(source, `${source}-away`);
      if (state === 'empty') mkdirSync(source);
      try {
        return await work();
      } finally {
        rmSync(source, { recursive: true, force: true });
        renameSync(`${source}-away`, source);
      }
    },
    async quiet() {
      if (!world.unsettled) return;
      await delay(LATEST_MS);
      world.unsettled = false;
    },
    async close() {
      await engine.close();
      await sandbox.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
  for (const name of ['Somebody’s', 'Somebody else’s']) {
    const live = sandbox.add({ name, method: 'post', url: 'https://somebody.example.com/' });
    world.unmanaged.set(live.id, JSON.stringify(live));
  }
  return world;
}

function listFiles(directory: string): readonly string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1));
}

/** The bytes of the state on disk, as text. */
export function readState({ stateDirectory }: Engine): string {
  return readdirSync(stateDirectory)
    .map((file) => readFileSync(join(stateDirectory, file), 'latin1'))
    .join('\n');
}
