import { expect, test } from 'vitest';
import { createAnnouncedRevision } from '../../src/daemon/announced-revision.ts';

function announcements(): ReturnType<typeof createAnnouncedRevision> & { readonly told: readonly unknown[] } {
  const told: unknown[] = [];
  return { ...createAnnouncedRevision((announced, found) => told.push([announced, found])), told };
}

test('a commit that is read as it was announced is nothing to tell', () => {
  const { announce, read, told } = announcements();
  announce('a');
  for (let pass = 0; pass < 5; pass += 1) read('a');
  expect(told).toEqual([]);
});

test('commits that nobody announced are nothing to tell', () => {
  const { read, told } = announcements();
  for (const revision of ['a', 'b', null, 'c']) read(revision);
  expect(told).toEqual([]);
});

test('a commit that was overtaken by the next, which is announced in its turn, is nothing to tell', () => {
  const { announce, read, told } = announcements();
  announce('a');
  read('b');
  announce('b');
  read('b');
  read('b');
  expect(told).toEqual([]);
});

test.each(['b', null])('a commit that two passes do not find, but %j, is told once', (found) => {
  const { announce, read, told } = announcements();
  announce('a');
  read(found);
  expect(told).toEqual([]);
  // git-sync repeats itself.
  announce('a');
  read(found);
  read(found);
  announce('a');
  read(found);
  expect(told).toEqual([['a', found]]);
});

test('the next commit that is missing is told again', () => {
  const { announce, read, told } = announcements();
  for (const revision of ['a', 'b']) {
    announce(revision);
    read('old');
    read('old');
  }
  expect(told).toEqual([
    ['a', 'old'],
    ['b', 'old'],
  ]);
});
