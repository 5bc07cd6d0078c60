import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { writeConnector } from '../../src/source/write-connector.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'databar-sync-write-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
});

const keep = { overwrite: false };
const replace = { overwrite: true };
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

test('a file is written whole, with the directories above it, and nothing else is left', () => {
  expect(writeConnector(join(root, 'new'), 'people/a.yaml', 'text', keep)).toEqual({ status: 'written' });
  expect(read('new/people/a.yaml')).toBe('text');
  expect(readdirSync(join(root, 'new/people'))).toEqual(['a.yaml']);
});

test('a file that is there is replaced only when that is asked for', () => {
  writeFileSync(join(root, 'a.yaml'), 'mine');
  expect(writeConnector(root, 'a.yaml', 'theirs', keep)).toEqual({ status: 'refused', reason: 'exists' });
  expect(read('a.yaml')).toBe('mine');
  expect(writeConnector(root, 'a.yaml', 'theirs', replace)).toEqual({ status: 'written' });
  expect(read('a.yaml')).toBe('theirs');
  expect(readdirSync(root)).toEqual(['a.yaml']);
});

describe('nothing is written', () => {
  test('through a link to outside the directory, nor is a directory made there', () => {
    mkdirSync(join(root, 'inside'));
    mkdirSync(join(root, 'outside'));
    symlinkSync('../outside', join(root, 'inside', 'link'));
    for (const path of ['link/a.yaml', 'link/deep/a.yaml', '../outside/a.yaml']) {
      expect(writeConnector(join(root, 'inside'), path, 'text', replace)).toEqual({
        status: 'refused',
        reason: 'would lie outside the directory, behind a link',
      });
    }
    expect(readdirSync(join(root, 'outside'))).toEqual([]);
  });

  test('over a link, a directory or a dangling link', () => {
    writeFileSync(join(root, 'target'), 'kept');
    symlinkSync('target', join(root, 'a.yaml'));
    symlinkSync('nowhere', join(root, 'b.yaml'));
    mkdirSync(join(root, 'c.yaml'));
    const reasons = ['a', 'b', 'c'].map((name) => writeConnector(root, `${name}.yaml`, 'text', replace));
    expect(reasons).toEqual([
      { status: 'refused', reason: 'is a link' },
      { status: 'refused', reason: 'is a link' },
      { status: 'refused', reason: 'is not a regular file' },
    ]);
    expect(writeConnector(root, 'b.yaml', 'text', keep)).toEqual({ status: 'refused', reason: 'exists' });
    expect(read('target')).toBe('kept');
    expect(readdirSync(root)).toEqual(['a.yaml', 'b.yaml', 'c.yaml', 'target']);
  });

  test('where a file lies in the place of the directory', () => {
    writeFileSync(join(root, 'file'), '');
    const result = writeConnector(join(root, 'file'), 'a.yaml', 'text', keep);
    expect(result).toEqual({
      status: 'refused',
      reason: expect.stringMatching(/^(?:exists|cannot be written)/u) as string,
    });
  });
});
