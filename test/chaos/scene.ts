/** Where chaos happens: files, a sandbox, the program between them, and what is known to be right. */

import { mkdirSync, mkdtempSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Sandbox } from '../../src/sandbox/start-sandbox.ts';
import { startSandbox } from '../../src/sandbox/start-sandbox.ts';
import type { Book } from '../support/model/book.ts';
import { createBook } from '../support/model/book.ts';
import { CANARY, RATE_CAP, renderFiles } from '../support/model/definition.ts';
import type { Program } from './program.ts';
import { createProgram } from './program.ts';
import type { Random } from './random.ts';

export interface Scene {
  readonly random: Random;
  readonly book: Book;
  readonly sandbox: Sandbox;
  readonly program: Program;
  readonly stateDirectory: string;
  /** Where the program tells of its resources, when it is asked to. */
  readonly resourcesFile: string;
  readonly variables: Readonly<Record<string, string>>;
  /** Connectors that nobody may touch, as text, by id. */
  readonly unmanaged: ReadonlyMap<number, string>;
  nextMarker: () => string;
  /** A place that no definition has had yet. */
  nextPlace: () => number;
  writeFiles: () => void;
  close: () => Promise<void>;
}

export const GOOD_KEY = `key-${CANARY}`;
/** A request may take so long; a late commit comes well within it. */
export const TIMEOUT_MS = 500;
export const LATEST_COMMIT_MS = 200;

export interface SceneOptions {
  readonly bundle: string;
  readonly random: Random;
  readonly nodeFlags?: readonly string[];
}

export async function openScene({ bundle, random, nodeFlags = [] }: SceneOptions): Promise<Scene> {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'databar-sync-chaos-')));
  const source = join(directory, 'connectors');
  const stateDirectory = join(directory, 'state');
  mkdirSync(source);
  const sandbox = await startSandbox({ apiKey: GOOD_KEY, caps: { rate_limit: RATE_CAP }, random: random.next });
  const others = ['Somebody’s', 'Somebody else’s'].map((name) =>
    sandbox.add({ name, method: 'post', url: 'https://somebody.example.com/' }),
  );
  const resourcesFile = join(directory, 'resources.json');
  const variables = { CONNECTOR_TOKEN: `${CANARY}-token`, CONNECTOR_SUFFIX: `${CANARY}-suffix` };
  const program = createProgram({
    bundle,
    directory,
    nodeFlags,
    environment: {
      ...variables,
      SOAK_RESOURCES: resourcesFile,
      DATABAR_BASE_URL: sandbox.url,
      DATABAR_API_KEY: GOOD_KEY,
      DATABAR_SYNC_LISTEN: 'off',
      DATABAR_SYNC_STATE_DIR: stateDirectory,
      DATABAR_SYNC_POLICY: 'sync',
      DATABAR_SYNC_INTERVAL: '200ms',
      DATABAR_SYNC_DEBOUNCE: '20ms',
      DATABAR_SYNC_TIMEOUT: `${TIMEOUT_MS}ms`,
      DATABAR_SYNC_RATE: 'off',
      DATABAR_SYNC_RETRY_MAX_ATTEMPTS: '3',
      DATABAR_SYNC_RETRY_BASE_DELAY: '10ms',
      DATABAR_SYNC_RETRY_MAX_DELAY: '50ms',
      DATABAR_SYNC_SHUTDOWN_GRACE: '5s',
    },
  });
  const book = createBook({ mayTrade: false });
  let written: ReadonlyMap<string, string> = new Map();
  let markers = 0;
  let places = 100;

  return {
    random,
    book,
    sandbox,
    program,
    stateDirectory,
    resourcesFile,
    variables,
    unmanaged: new Map(others.map((other) => [other.id, JSON.stringify(other)])),
    nextMarker: () => `d${(markers += 1)}`,
    nextPlace: () => (places += 1),
    writeFiles() {
      const wanted = renderFiles(book.files);
      // What is new comes before what is old goes, as in a checkout.
      for (const [file, text] of wanted) {
        if (written.get(file) === text) continue;
        const hidden = join(source, `.${file.replaceAll('/', '-')}`);
        mkdirSync(dirname(join(source, file)), { recursive: true });
        writeFileSync(hidden, text);
        renameSync(hidden, join(source, file));
      }
      for (const file of written.keys()) if (!wanted.has(file)) rmSync(join(source, file));
      written = wanted;
    },
    async close() {
      await program.end('SIGKILL');
      await sandbox.close();
      rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
