import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { PlanFile } from '../../src/cli/plan-file.ts';
import { compareSettings, createPlanKey, readPlanFile, writePlanFile } from '../../src/cli/plan-file.ts';

const SETTINGS = {
  'api.baseUrl': 'https://api.example.com',
  'sync.policy': 'sync',
  'sync.drift': 'heal',
  'sync.maxDeletePercent': '30',
  'sync.force': 'false',
};

const CONTENT: Omit<PlanFile, 'format' | 'formatVersion' | 'program'> = {
  createdAt: '2026-01-02T03:04:05.000Z',
  revision: null,
  settings: SETTINGS,
  limit: null,
  plan: {
    changes: [],
    summary: { create: 0, adopt: 0, update: 0, delete: 0, none: 0, blocked: 0, held: 0, unmanaged: 0 },
  },
  seal: {
    changes: ['2', '10', '__proto__', 'ünï'].map((key) => ({
      key,
      action: 'create',
      cause: 'new',
      id: null,
      whole: 'w',
      definition: 'd',
      live: null,
      binding: null,
    })),
    bookkeeping: 'b',
  },
};

function temporaryFile(): string {
  const directory = mkdtempSync(join(tmpdir(), 'databar-sync-plan-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return join(directory, 'plan.json');
}

test('a plan is read as it was written, also when it is laid out otherwise', () => {
  const path = temporaryFile();
  writePlanFile(path, createPlanKey('key'), CONTENT);
  expect(readPlanFile(path, 'key').file).toMatchObject(CONTENT);
  writeFileSync(path, JSON.stringify(JSON.parse(readFileSync(path, 'utf8'))));
  expect(readPlanFile(path, 'key').file).toMatchObject(CONTENT);
});

test('every file has a key of its own: the same value has another digest in each', () => {
  const [first, second] = [createPlanKey('key'), createPlanKey('key')];
  expect(first.fingerprint('1234')).not.toBe(second.fingerprint('1234'));
  expect(createPlanKey('key', first.salt).fingerprint('1234')).toBe(first.fingerprint('1234'));
  expect(createPlanKey('other', first.salt).fingerprint('1234')).not.toBe(first.fingerprint('1234'));
});

test('any byte that is altered is noticed', () => {
  const path = temporaryFile();
  writePlanFile(path, createPlanKey('key'), CONTENT);
  const text = readFileSync(path, 'utf8');
  for (let at = 0; at < text.length; at += 1) {
    if (!/[\w]/u.test(text[at] ?? '')) continue;
    writeFileSync(path, `${text.slice(0, at)}${text[at] === 'x' ? 'y' : 'x'}${text.slice(at + 1)}`);
    expect(() => readPlanFile(path, 'key')).toThrow(/plan/u);
  }
});

test('a plan that was there is replaced, and what others may read is not written to', () => {
  const path = temporaryFile();
  writeFileSync(path, 'old', { mode: 0o666 });
  writePlanFile(path, createPlanKey('key'), CONTENT);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(() => writePlanFile(join(path, 'below'), createPlanKey('key'), CONTENT)).toThrow(/cannot be written/u);
});

test('settings that moved are named with both values', () => {
  expect(compareSettings(SETTINGS, SETTINGS)).toEqual([]);
  expect(compareSettings(SETTINGS, { ...SETTINGS, 'sync.drift': 'report' })).toEqual([
    { key: null, moved: 'settings', message: 'The setting sync.drift is report; the plan was made with heal.' },
  ]);
});
