import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { tracePath } from '../../src/source/trace-path.ts';
import { makeDirectory, swapLink } from '../support/source-directory.ts';

describe('the way to the source directory', () => {
  test('a plain directory is its own root, and its last step is itself', () => {
    const directory = makeDirectory();
    const trace = tracePath(directory);
    expect(trace.root).toBe(directory);
    expect(trace.steps.at(-1)).toEqual({ parent: dirname(directory), name: basename(directory), kind: 'directory' });
  });

  test('each link on the way is a step in its real parent, also a link that is reached through another', () => {
    const base = makeDirectory();
    mkdirSync(join(base, 'store/v1/connectors'), { recursive: true });
    symlinkSync('v1', join(base, 'store/current'));
    symlinkSync(join(base, 'store'), join(base, 'entry'));
    const trace = tracePath(join(base, 'entry/current/connectors'));
    expect(trace.root).toBe(join(base, 'store/v1/connectors'));
    expect(trace.steps.filter((step) => step.kind === 'link')).toEqual([
      { parent: base, name: 'entry', kind: 'link' },
      { parent: join(base, 'store'), name: 'current', kind: 'link' },
    ]);
  });

  test('`..` in a link is taken from the real place', () => {
    const base = makeDirectory();
    mkdirSync(join(base, 'a/b'), { recursive: true });
    mkdirSync(join(base, 'a/c'));
    symlinkSync('a/b', join(base, 'link'));
    symlinkSync('../c', join(base, 'a/b/up'));
    expect(tracePath(join(base, 'link/up')).root).toBe(join(base, 'a/c'));
  });

  test('a way that is not there ends at the first missing name', () => {
    const base = makeDirectory();
    const trace = tracePath(join(base, 'not/there/yet'));
    expect(trace.root).toBeNull();
    expect(trace.steps.at(-1)).toEqual({ parent: base, name: 'not', kind: 'missing' });
  });

  test('a file in the way, and links in a circle, end it', () => {
    const base = makeDirectory();
    writeFileSync(join(base, 'file'), '');
    symlinkSync('circle', join(base, 'circle'));
    expect(tracePath(join(base, 'file/below'))).toMatchObject({ root: null });
    expect(tracePath(join(base, 'file/below')).steps.at(-1)?.kind).toBe('blocked');
    expect(tracePath(join(base, 'circle')).root).toBeNull();
  });

  test('the signature stays while nothing changes, and differs after a swap or a new directory in the same place', () => {
    const base = makeDirectory();
    mkdirSync(join(base, 'v1'));
    mkdirSync(join(base, 'v2'));
    symlinkSync('v1', join(base, 'current'));
    const first = tracePath(join(base, 'current')).signature;
    expect(tracePath(join(base, 'current')).signature).toBe(first);
    swapLink(join(base, 'current'), 'v2');
    const second = tracePath(join(base, 'current')).signature;
    expect(second).not.toBe(first);
    rmSync(join(base, 'v2'), { recursive: true });
    mkdirSync(join(base, 'v2'));
    expect(tracePath(join(base, 'current')).signature).not.toBe(second);
  });
});
