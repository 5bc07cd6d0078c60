/** The way that leads to the source directory, step by step, with every link on it. */

import type { Stats } from 'node:fs';
import { lstatSync, readlinkSync } from 'node:fs';
import { dirname, join, parse, resolve, sep } from 'node:path';

export interface PathStep {
  /** Real path of the directory that the step is taken in. */
  readonly parent: string;
  readonly name: string;
  /** `blocked`: neither a directory nor a link, or a place that may not be looked at. */
  readonly kind: 'directory' | 'link' | 'missing' | 'blocked';
}

export interface PathTrace {
  /** In the order of travel; the last one is the source directory, or the place where the way ends. */
  readonly steps: readonly PathStep[];
  /** Real path of the source directory; null while there is none. */
  readonly root: string | null;
  /** Differs when the way leads elsewhere, or when something else has taken the place of a step. */
  readonly signature: string;
}

/** As in the kernel. */
const MOST_LINKS = 40;

/**
 * Resolve a path as the kernel does, and keep the steps: whoever wants to know when a path leads elsewhere must watch
 * the parent of each of its steps. Never throws.
 */
export function tracePath(path: string): PathTrace {
  const absolute = resolve(path);
  const top = parse(absolute).root;
  const steps: PathStep[] = [];
  const identities: string[] = [];
  const ahead = split(absolute.slice(top.length));
  let current = top;
  let links = 0;

  for (let name = ahead.pop(); name !== undefined; name = ahead.pop()) {
    if (name === '..') {
      current = dirname(current);
      continue;
    }
    const { kind, target, identity } = lookAt(join(current, name));
    steps.push({ parent: current, name, kind });
    identities.push(`${current} ${name} ${identity}`);
    if (kind === 'link' && ++links <= MOST_LINKS) {
      const targetTop = parse(target).root;
      if (targetTop !== '') current = targetTop;
      ahead.push(...split(target.slice(targetTop.length)));
    } else if (kind === 'directory') {
      current = join(current, name);
    } else {
      return { steps, root: null, signature: identities.join('\n') };
    }
  }
  return { steps, root: current, signature: identities.join('\n') };
}

/** The parts of a path, last one first. */
function split(path: string): string[] {
  return path
    .split(sep)
    .filter((part) => part !== '' && part !== '.')
    .toReversed();
}

interface Sight {
  readonly kind: PathStep['kind'];
  /** Where a link leads; otherwise empty. */
  readonly target: string;
  readonly identity: string;
}

function lookAt(path: string): Sight {
  try {
    const stats = lstatSync(path, { throwIfNoEntry: false });
    if (stats === undefined) return { kind: 'missing', target: '', identity: 'missing' };
    if (stats.isSymbolicLink()) {
      const target = readlinkSync(path);
      return { kind: 'link', target, identity: `link ${identify(stats)} ${target}` };
    }
    return { kind: stats.isDirectory() ? 'directory' : 'blocked', target: '', identity: identify(stats) };
  } catch {
    return { kind: 'blocked', target: '', identity: 'blocked' };
  }
}

/** The time of birth tells a directory from its successor that was given the same inode number. */
function identify(stats: Stats): string {
  return `${stats.dev}:${stats.ino}:${stats.birthtimeMs}`;
}
