/**
 * The image, proved without an engine: its stages are carried out, and what the last one holds runs in a clean root, as a
 * user nobody knows, where nothing can be written but the state. Reads the Dockerfile, so that it proves what is built.
 */

import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { Daemon } from '../support/daemon.ts';
import { watchDaemon } from '../support/daemon.ts';
import manifest from '../../package.json' with { type: 'json' };
import { REPOSITORY_ROOT } from '../support/generated-files.ts';
import type { Container, ImageRoot } from '../support/image-root.ts';
import { buildImage, firstProcess, whyNoContainers } from '../support/image-root.ts';
import { readDockerfile } from '../support/read-dockerfile.ts';
import type { Site } from '../support/site.ts';
import { openSite, yaml } from '../support/site.ts';

/** Such as a cluster gives: high, in no list of users, and not the image's own. */
const USER = { uid: 1_000_690_000, gid: 1_000_690_000 };
const STATE = '/var/lib/databar-sync';
/** On an address of its own within the loopback range, since the port is the image's. */
const LISTEN = `127.99.${(process.pid >> 8) & 255}.${process.pid & 255 || 1}:8700`;

const NODE = '/usr/local/bin/node';
const COMMIT = '0a07a07fa5e3edcb11f82f2ba715a5f54cea97c0';

const obstacle = whyNoContainers();
if (obstacle !== null) process.stderr.write(`The image is not proved here: ${obstacle}.\n`);

const directory = mkdtempSync(join(tmpdir(), 'databar-sync-image-'));
let built: ImageRoot | null = null;
beforeAll(() => {
  // Whoever it runs as may go where a container would let them.
  chmodSync(directory, 0o755);
  const dockerfile = readDockerfile(readFileSync(join(REPOSITORY_ROOT, 'Dockerfile'), 'utf8'));
  if (obstacle === null) built = buildImage(dockerfile, directory, COMMIT);
});
afterAll(() => rmSync(directory, { recursive: true }));

describe.skipIf(obstacle !== null)('the image, laid out in a clean root that cannot be written', () => {
  test('keeps a workspace equal to files, is well, and ends with 0', async () => {
    const { image, site, container, start } = await openImage();
    const daemon = start([...image.entrypoint, ...image.command]);
    expect(await daemon.until('daemon.started')).toMatchObject({
      sourceDir: '/connectors',
      listen: `http://${LISTEN}`,
    });
    expect(await daemon.until('connector.created')).toMatchObject({ connector: { key: 'a' } });
    await daemon.until('pass.completed');
    expect(site.sandbox.connectors()).toHaveLength(1);

    expect(await end(image.start(image.healthCheck, container))).toEqual({ code: 0, output: '' });
    const status = await end(image.start([...image.entrypoint, 'status', '--output', 'json'], container));
    expect([status.code, JSON.parse(status.output)]).toMatchObject([0, { healthy: true, status: { commit: COMMIT } }]);

    expect(daemon.lines.filter(({ level }) => level !== 'info' && level !== 'debug')).toEqual([]);
    const files = readdirSync(join(site.directory, 'state'));
    expect(files).toContain('state.db');
    expect(new Set(files.map((file) => statSync(join(site.directory, 'state', file)).uid))).toEqual(
      new Set([USER.uid]),
    );
  });

  test('sees a changed file, and keeps what was agreed from one container to the next', async () => {
    const { image, site, start } = await openImage();
    const words = [...image.entrypoint, ...image.command];
    const first = start(words);
    await first.until('pass.completed');
    site.replace('a.yaml', yaml('A', 'rate_limit: 5\n'));
    expect(await first.until('connector.updated')).toMatchObject({ cause: 'file_changed' });
    await first.until('pass.completed');
    expect(await first.stop()).toBe(0);

    const second = start(words);
    expect(await second.until('pass.completed')).toMatchObject({ unchanged: 1, adopted: 0 });
  });

  test('runs with its state in memory where no volume is mounted, and says so', async () => {
    const { image, start, container } = await openImage();
    const { [STATE]: _, ...mounts } = container.mounts;
    const daemon = start([...image.entrypoint, ...image.command], { ...container, mounts });
    await daemon.until('pass.completed');
    expect(daemon.lines.filter(({ level }) => level === 'warn').map(({ msg }) => msg)).toEqual([
      expect.stringContaining('the state lives in memory only'),
    ]);
  });

  test('runs as the user that it names when nobody names another', async () => {
    const { image, container } = await openImage();
    const tell = 'console.log(process.getuid(), process.getgid(), process.getgroups().length, process.pid)';
    const { uid, gid } = image.user;
    expect(await end(image.start([NODE, '--eval', tell], { ...container, user: image.user }))).toEqual({
      code: 0,
      output: `${uid} ${gid} 1 1\n`,
    });
  });

  test('tells the commit that its builder was told', async () => {
    const { image, container } = await openImage();
    const { code, output } = await end(image.start([...image.entrypoint, '--version'], container));
    expect({ code, output }).toEqual({ code: 0, output: `${manifest.version} (commit ${COMMIT})\n` });
  });

  test.each([
    ['the root', '/x', 'EROFS'],
    ['the definitions', '/connectors/x', 'EROFS'],
    ['the place of the program', '/usr/local/lib/x', 'EROFS'],
    ['the state', `${STATE}/x`, 'written'],
  ])('%s: an attempt to write gives %s', async (_, path, result) => {
    const { image, container } = await openImage();
    const attempt = `try { fs.writeFileSync('${path}', ''); console.log('written'); } catch (error) { console.log(error.code); }`;
    expect(await end(image.start([NODE, '--eval', attempt], container))).toEqual({ code: 0, output: `${result}\n` });
  });

  test('has neither a shell nor a package manager', async () => {
    const { image } = await openImage();
    expect(
      readdirSync(image.directory, { recursive: true, encoding: 'utf8' }).filter((path) =>
        /(?:^|\/)(?:sh|bash|npm|npx)$/u.test(path),
      ),
    ).toEqual([]);
  });
});

interface OpenedImage {
  readonly image: ImageRoot;
  readonly site: Site;
  readonly container: Container;
  /** Start it, in the given container or the usual one; it is stopped at the end of the test, and must end with 0. */
  readonly start: (words: readonly string[], container?: Container) => Daemon;
}

async function openImage(): Promise<OpenedImage> {
  if (built === null) throw new Error('there is no image here');
  const image = built;
  const site = await openSite({ files: { 'a.yaml': yaml('A') } });
  const state = join(site.directory, 'state');
  mkdirSync(state);
  chownSync(state, USER.uid, USER.gid);
  const container: Container = {
    user: USER,
    mounts: {
      '/connectors': { from: join(site.directory, 'connectors'), writable: false },
      [STATE]: { from: state, writable: true },
    },
    environment: {
      DATABAR_BASE_URL: site.sandbox.url,
      DATABAR_API_KEY: 'test-key',
      DATABAR_SYNC_LISTEN: LISTEN,
      DATABAR_SYNC_LOG_LEVEL: 'debug',
    },
  };
  const running: (() => Promise<void>)[] = [];
  onTestFinished(async () => {
    for (const stop of running) await stop();
  });
  return {
    image,
    site,
    container,
    start(words, where = container) {
      const child = image.start(words, where);
      const daemon = watchDaemon(child);
      const stop = async (): Promise<number | null> => {
        if (child.exitCode === null) process.kill(firstProcess(child), image.stopSignal);
        return daemon.exited;
      };
      running.push(async () => expect(await stop()).toBe(0));
      return { ...daemon, stop };
    },
  };
}

async function end(child: ChildProcess): Promise<{ readonly code: number | null; readonly output: string }> {
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
  child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, output };
}
