/**
 * The image, without an engine that builds and runs it: both stages of the Dockerfile are carried out instruction by
 * instruction, and the kernel's own parts of a container do the rest.
 *
 *   COPY, RUN of the builder      in an empty directory; `npm ci` has been done here, with the same lock file
 *   COPY --from=builder           into an empty root; the last stage starts from scratch
 *   ENV, ENTRYPOINT, CMD, HEALTHCHECK, STOPSIGNAL   as they stand
 *
 * A mount and a process namespace of its own, a root that is mounted read-only, process 1, no new privileges.
 */

import type { ChildProcess } from 'node:child_process';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { REPOSITORY_ROOT } from './generated-files.ts';
import type { Instruction, Stage } from './read-dockerfile.ts';
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
  /** What `USER` says. */
  readonly user: Container['user'];
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

/** Build the image below a directory. @throws when an instruction is one that this cannot carry out */
export function buildImage([builder, stage]: readonly Stage[], directory: string, commit: string): ImageRoot {
  if (builder === undefined || stage === undefined) throw new Error('the Dockerfile must have two stages');
  const [built, root] = [join(directory, 'builder'), join(directory, 'root')];
  mkdirSync(built);
  mkdirSync(root);
  for (const instruction of builder.instructions) carryOut(instruction, built, commit);
  for (const text of instructionsOf(stage, 'COPY')) copyFromBuilder(text, built, root);
  // What an engine brings along.
  for (const place of DEVICES) {
    mkdirSync(dirname(join(root, place)), { recursive: true });
    writeFileSync(join(root, place), '');
  }
  mkdirSync(join(root, 'proc'));
  return imageOf(stage, root);
}

const DEVICES = ['/dev/null', '/dev/urandom'];

function carryOut({ name, text }: Instruction, built: string, commit: string): void {
  switch (name) {
    case 'COPY':
      for (const path of text.split(' ').slice(0, -1)) {
        cpSync(join(REPOSITORY_ROOT, path), join(built, path), { recursive: true });
      }
      return;
    case 'RUN':
      if (text === 'npm ci') symlinkSync(join(REPOSITORY_ROOT, 'node_modules'), join(built, 'node_modules'));
      else execFileSync('sh', ['-c', text], { cwd: built, env: { ...process.env, GIT_COMMIT: commit } });
      return;
    case 'WORKDIR':
    case 'ARG':
      return;
    default:
      throw new Error(`this cannot be carried out without an engine: ${name} ${text}`);
  }
}

function copyFromBuilder(text: string, built: string, root: string): void {
  const [, from, to] = /^--from=builder \/build\/(\S+) (\/\S*)$/u.exec(text) ?? [];
  if (from === undefined || to === undefined) throw new Error(`this copies from elsewhere: COPY ${text}`);
  cpSync(join(built, from), join(root, to), { recursive: true });
}

function imageOf(stage: Stage, root: string): ImageRoot {
  // It is where `chroot` goes.
  if (instructionsOf(stage, 'WORKDIR').join() !== '/') throw new Error('the working directory must be the root');
  const words = (name: string): readonly string[] => {
    const text = instructionsOf(stage, name).join('');
    return JSON.parse(text.slice(text.indexOf('['))) as readonly string[];
  };
  const environment = Object.fromEntries(
    instructionsOf(stage, 'ENV')
      .flatMap((text) => text.split(/\s+/u))
      .map((pair) => pair.split('=', 2) as [string, string]),
  );
  const [uid = 0, gid = 0] = instructionsOf(stage, 'USER').join().split(':').map(Number);
  return {
    directory: root,
    user: { uid, gid },
    entrypoint: words('ENTRYPOINT'),
    command: words('CMD'),
    healthCheck: words('HEALTHCHECK'),
    stopSignal: instructionsOf(stage, 'STOPSIGNAL').join() as NodeJS.Signals,
    start(program, { user, mounts, environment: more }) {
      for (const place of Object.keys(mounts)) mkdirSync(join(root, place), { recursive: true });
      const bound = [
        ...DEVICES.map((place) => ({ place, from: place, writable: true })),
        ...Object.entries(mounts).map(([place, mount]) => ({ place, ...mount })),
      ];
      const script = [
        'set -e',
        `mount --bind "${root}" "${root}"`,
        ...bound.map(({ place, from }) => `mount --bind "${from}" "${root}${place}"`),
        `mount -t proc proc "${root}/proc"`,
        ...bound.filter(({ writable }) => !writable).map(({ place }) => `mount -o remount,bind,ro "${root}${place}"`),
        `mount -o remount,bind,ro "${root}"`,
        `exec setpriv --no-new-privs chroot --groups= --userspec=${user.uid}:${user.gid} "${root}" "$@"`,
      ];
      return spawn(
        'unshare',
        ['--mount', '--pid', '--fork', '--kill-child', 'sh', '-c', script.join('\n'), 'sh', ...program],
        { env: { PATH: PATHS, ...environment, ...more }, stdio: ['ignore', 'pipe', 'pipe'] },
      );
    },
  };
}

/** Where the tools are that make the container. */
const PATHS = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Process 1 of the container, as this machine numbers it: signals to `unshare` itself are not handed on. */
export function firstProcess(container: ChildProcess): number {
  return Number(readFileSync(`/proc/${container.pid}/task/${container.pid}/children`, 'utf8').trim());
}
