/** What of the image can be checked without an engine that builds it. */

import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { OPTIONS } from '../../src/config/options.ts';
import { REPOSITORY_ROOT } from '../support/generated-files.ts';
import { instructionsOf, readDockerfile } from '../support/read-dockerfile.ts';
import { openSite, yaml } from '../support/site.ts';

const stages = readDockerfile(readFileSync(join(REPOSITORY_ROOT, 'Dockerfile'), 'utf8'));
const [builder, image] = stages;
const environment = Object.fromEntries(
  instructionsOf(image, 'ENV')
    .flatMap((text) => text.split(/\s+/u))
    .map((pair) => pair.split('=', 2) as [string, string]),
);

describe('the image', () => {
  test('is made on the very Node that tests ran on, and starts from nothing', () => {
    expect(stages.map(({ from }) => from)).toEqual([
      `node:${manifest.devDependencies.node}-trixie-slim AS builder`,
      'scratch',
    ]);
    expect(process.version).toBe(`v${manifest.devDependencies.node}`);
  });

  test('takes from the builder what was laid out, and nothing from the repository; no shell runs in it', () => {
    expect(instructionsOf(image, 'COPY')).toEqual(['--from=builder /build/dist/image /']);
    expect(instructionsOf(image, 'ADD')).toEqual([]);
    expect(instructionsOf(image, 'RUN')).toEqual([]);
  });

  test('installs and builds with the commands of package.json, in an order that keeps the cache', () => {
    expect(builder?.instructions.map(({ name, text }) => `${name} ${text}`)).toEqual([
      'WORKDIR /build',
      'COPY package.json package-lock.json ./',
      'RUN npm ci',
      'COPY tsconfig.json ./',
      'COPY src ./src',
      'ARG GIT_COMMIT=',
      'RUN npm run build:release',
      'RUN node src/build/lay-out-image.ts dist/image',
    ]);
    expect(manifest.scripts['build:release']).toBe('node src/build/build.ts --release');
  });

  test('is built from files that .dockerignore lets through, and every import stays among them', () => {
    const sent = readFileSync(join(REPOSITORY_ROOT, '.dockerignore'), 'utf8')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    expect(sent[0]).toBe('*');
    const copied = instructionsOf(builder, 'COPY').flatMap((text) => text.split(' ').slice(0, -1));
    expect(sent.slice(1).sort()).toEqual(copied.map((path) => `!${path}`).sort());
    expect(importsThatLeave('src').filter((path) => !copied.includes(path))).toEqual([]);
  });

  test('runs as a number that is not root, starts and stops without a shell between', () => {
    expect(instructionsOf(image, 'USER')).toEqual([expect.stringMatching(/^[1-9]\d*:[1-9]\d*$/u)]);
    expect(instructionsOf(image, 'ENTRYPOINT').map((text) => JSON.parse(text) as unknown)).toEqual([
      ['/usr/local/bin/node', '/usr/local/lib/databar-sync.mjs'],
    ]);
    expect(instructionsOf(image, 'CMD').map((text) => JSON.parse(text) as unknown)).toEqual([['run']]);
    expect(instructionsOf(image, 'STOPSIGNAL')).toEqual(['SIGTERM']);
  });

  test('sets only variables that databar-sync reads, and exposes the port it listens on', () => {
    const known = new Set<string | null>(OPTIONS.map(({ env }) => env));
    expect(Object.keys(environment).filter((name) => !known.has(name))).toEqual([]);
    expect(environment['DATABAR_SYNC_LISTEN']).toBe(`0.0.0.0:${instructionsOf(image, 'EXPOSE').join()}`);
  });

  test('carries the version of package.json', () => {
    expect(instructionsOf(image, 'LABEL').join()).toContain(`org.opencontainers.image.version="${manifest.version}"`);
  });
});

describe('what is laid out for the image', () => {
  const root = mkdtempSync(join(tmpdir(), 'databar-sync-image-'));
  const files: string[] = [];
  beforeAll(() => {
    chmodSync(root, 0o755);
    execFileSync(process.execPath, [join(REPOSITORY_ROOT, 'src/build/lay-out-image.ts'), root]);
    files.push(
      ...readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((path) => statSync(join(root, path)).isFile()),
    );
    return () => rmSync(root, { recursive: true });
  });

  test('is Node, its libraries and the program: no shell, no package manager, no link', () => {
    const libraries = files.filter((path) => /^(?:usr\/)?lib/u.test(path));
    expect(libraries.length).toBeGreaterThan(3);
    expect(files.filter((path) => !libraries.includes(path)).sort()).toEqual([
      'etc/nsswitch.conf',
      'usr/local/bin/node',
      'usr/local/lib/databar-sync.mjs',
      'usr/local/share/databar-sync/THIRD-PARTY-LICENSES.txt',
      'usr/local/share/databar-sync/databar-sync.cdx.json',
    ]);
    expect(libraries.filter((path) => !/\.so(?:\.\d+)*$/u.test(path))).toEqual([]);
  });

  test('lets whoever it runs as write to the state directory and the temporary one, and to nothing else', () => {
    const open = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
      (path) => (statSync(join(root, path)).mode & 0o022) !== 0,
    );
    const state = (environment['DATABAR_SYNC_STATE_DIR'] ?? '').slice(1);
    expect(open.sort()).toEqual(['tmp', state]);
    expect(statSync(join(root, state)).mode & 0o7777).toBe(0o1777);
  });

  test.runIf(process.platform === 'linux' && process.getuid?.() === 0)(
    'is enough to run, for a user that nobody knows',
    () => {
      const run = (...args: readonly string[]): string =>
        execFileSync('chroot', ['--userspec=4242:4242', root, ...args], {
          encoding: 'utf8',
          env: { ...environment, PATH: process.env['PATH'] },
        });
      expect(run('/usr/local/bin/node', '/usr/local/lib/databar-sync.mjs', '--version')).toContain(manifest.version);
      expect(
        run(
          '/usr/local/bin/node',
          '--eval',
          'new (require("node:sqlite").DatabaseSync)(process.env.DATABAR_SYNC_STATE_DIR + "/x")',
        ),
      ).toBe('');
    },
  );
});

describe('the health check of the image', () => {
  test('is well with a running daemon', async () => {
    const site = await openSite({ files: { 'a.yaml': yaml('A') } });
    site.environment['DATABAR_SYNC_LISTEN'] = '127.0.0.1:0';
    const daemon = site.start();
    const { listen } = await daemon.until('daemon.started');
    await daemon.until('pass.completed');
    expect(await checkHealth(`0.0.0.0:${new URL(String(listen)).port}`)).toBe(0);
    await daemon.stop();
    expect(await checkHealth(`0.0.0.0:${new URL(String(listen)).port}`)).toBe(1);
  });

  test('is not well when the probe says so', async () => {
    const server = createServer((_, answer) => answer.writeHead(503).end());
    onTestFinished(() => void server.close());
    await once(server.listen(0, '127.0.0.1'), 'listening');
    expect(await checkHealth(`127.0.0.1:${(server.address() as AddressInfo).port}`)).toBe(1);
  });

  test('has nothing to say where nothing listens on purpose', async () => {
    expect(await checkHealth('off')).toBe(0);
  });
});

/** The exit code of the command, run as Docker would: by its words, with the container's environment. */
async function checkHealth(listen: string): Promise<number | null> {
  const [check = ''] = instructionsOf(image, 'HEALTHCHECK');
  const [program, ...args] = JSON.parse(check.slice(check.indexOf('['))) as readonly string[];
  expect(program).toBe('/usr/local/bin/node');
  const child = spawn(process.execPath, args, { env: { DATABAR_SYNC_LISTEN: listen }, stdio: 'inherit' });
  const [code] = (await once(child, 'close')) as [number | null];
  return code;
}

/** Files outside a folder that files in it import, relative to the root of the repository. */
function importsThatLeave(folder: string): readonly string[] {
  const root = join(REPOSITORY_ROOT, folder);
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => {
      const path = join(root, file);
      return [...readFileSync(path, 'utf8').matchAll(/from '(\.[^']*)'/gu)].map(([, to = '']) =>
        relative(REPOSITORY_ROOT, resolve(dirname(path), to)),
      );
    })
    .filter((path) => !path.startsWith(`${folder}/`));
}
