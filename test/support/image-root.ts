/**
 * What the image's last stage holds, laid out in a clean directory and run as a container would be, without an engine:
 * the instructions of the Dockerfile are carried out one by one, and the kernel's own parts of a container do the rest.
 *
 *   FROM          node, and the shared libraries that it is linked to; nothing else, not even a shell
 *   COPY --from   the files that the builder's commands made here
 *   RUN           `mkdir --mode=... PATH`; anything else cannot be proved this way and is an error
 *   ENV, USER, WORKDIR, ENTRYPOINT, CMD, HEALTHCHECK, STOPSIGNAL   as they stand
 *
 * A mount and a process namespace of its own, a root that is mounted read-only, process 1, no new privileges.
 */

import type { ChildProcess } from 'node:child_process';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { REPOSITORY_ROOT } from './generated-files.ts';
import type { Stage } from './read-dockerfile.ts';
import { instructionsOf } from './read-dockerfile.ts';

export interface Container {
  readonly user: { readonly uid: number; readonly gid: number };
  /** Directories of this machine by their place in the container. All else cannot be written. */
  readonly mounts: Readonly<Record<string, { readonly from: string; readonly writable: boolean }>>;
  /** In addition to the image's. */
  readonly environment: Readonly<Record<string, string>>;
}

export interface ImageRoot {
  readonly directory: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  readonly healthCheck: readonly string[];
  readonly stopSignal: NodeJS.Signals;
  /** Start a program of the image by its words. */
  start(words: readonly string[], container: Container): ChildProcess;
}

/** Why this machine cannot run it; null when it can. */
export function whyNoContainers(): string | null {
  if (process.platform !== 'linux') return `it needs Linux, and this is ${process.platform}`;
  if (process.getuid?.() !== 0) return 'it needs root, to mount and to become any user';
  const trial = spawnSync('unshare', ['--mount', '--pid', '--fork', 'mount', '-t', 'tmpfs', 'none', '/mnt']);
  return trial.status === 0 ? null : 'the kernel does not let this process make namespaces and mounts';
}

/** @throws when an instruction is one that this cannot carry out */
export function assembleImage(stage: Stage, directory: string): ImageRoot {
  const environment = Object.fromEntries(
    instructionsOf(stage, 'ENV')
      .flatMap((text) => text.split(/\s+/u))
      .map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
  );
  const base = baseFiles();
  for (const place of [...base.keys(), '/dev/null', '/dev/urandom']) {
    mkdirSync(dirname(join(directory, place)), { recursive: true });
    writeFileSync(join(directory, place), '');
  }
  mkdirSync(join(directory, 'proc'));
  for (const { name, text } of stage.instructions) {
    if (name === 'RUN') runMkdir(text, directory);
    if (name === 'COPY') copyFromBuilder(text, directory);
  }
  // It is where `chroot` goes.
  if (instructionsOf(stage, 'WORKDIR').join() !== '/') throw new Error('the working directory must be the root');
  const words = (name: string): readonly string[] => {
    const text = instructionsOf(stage, name).join('');
    return JSON.parse(text.slice(text.indexOf('['))) as readonly string[];
  };
  return {
    directory,
    environment,
    entrypoint: words('ENTRYPOINT'),
    command: words('CMD'),
    healthCheck: words('HEALTHCHECK'),
    stopSignal: instructionsOf(stage, 'STOPSIGNAL').join() as NodeJS.Signals,
    start(program, { user, mounts, environment: more }) {
      for (const place of Object.keys(mounts)) mkdirSync(join(directory, place), { recursive: true });
      const bound = [
        ...[...base].map(([place, from]) => ({ place, from, writable: false })),
        ...['/dev/null', '/dev/urandom'].map((place) => ({ place, from: place, writable: true })),
        ...Object.entries(mounts).map(([place, mount]) => ({ place, ...mount })),
      ];
      const script = [
        'set -e',
        `mount --bind "${directory}" "${directory}"`,
        ...bound.map(({ place, from }) => `mount --bind "${from}" "${directory}${place}"`),
        `mount -t proc proc "${directory}/proc"`,
        ...bound
          .filter(({ writable }) => !writable)
          .map(({ place }) => `mount -o remount,bind,ro "${directory}${place}"`),
        `mount -o remount,bind,ro "${directory}"`,
        `exec setpriv --no-new-privs chroot --groups= --userspec=${user.uid}:${user.gid} "${directory}" "$@"`,
      ];
      return spawn(
        'unshare',
        ['--mount', '--pid', '--fork', '--kill-child', 'sh', '-c', script.join('\n'), 'sh', ...program],
        { env: { PATH: PATHS, ...environment, ...more }, stdio: ['ignore', 'pipe', 'pipe'] },
      );
    },
  };
}

/** Where the tools are that make the container, and where the image has its node. */
const PATHS = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Files of this machine by their place in the image. */
function baseFiles(): ReadonlyMap<string, string> {
  const libraries = execFileSync('ldd', [process.execPath], { encoding: 'utf8' }).matchAll(/(?:=> )?(\/\S+) \(0x/gu);
  return new Map([
    ['/usr/local/bin/node', process.execPath],
    ...[...libraries].map(([, path = '']) => [path, realpathSync(path)] as const),
  ]);
}

function runMkdir(text: string, directory: string): void {
  const [, mode = '', path = ''] = /^mkdir --mode=(\d+) (\/\S+)$/u.exec(text) ?? [];
  if (path === '') throw new Error(`this RUN cannot be carried out without an engine: ${text}`);
  mkdirSync(join(directory, path), { recursive: true });
  chmodSync(join(directory, path), Number.parseInt(mode, 8));
}

function copyFromBuilder(text: string, directory: string): void {
  const [, words = ''] = /^--from=builder (.*)$/u.exec(text) ?? [];
  const sources = words.split(/\s+/u);
  const target = sources.pop() ?? '';
  for (const source of sources) {
    const made = source.startsWith('/build/') ? join(REPOSITORY_ROOT, source.slice('/build/'.length)) : '';
    if (!existsSync(made)) throw new Error(`the builder's commands do not make this here: ${text}`);
    const place = target.endsWith('/') ? join(target, source.slice(source.lastIndexOf('/'))) : target;
    cpSync(made, join(directory, place), { recursive: true });
  }
}

/** Process 1 of the container, as this machine numbers it: signals to `unshare` itself are not handed on. */
export function firstProcess(container: ChildProcess): number {
  return Number(readFileSync(`/proc/${container.pid}/task/${container.pid}/children`, 'utf8').trim());
}
