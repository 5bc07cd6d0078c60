/** Stories that once ended badly, as short as they could be made. */

import { expect, test } from 'vitest';
import type { Action, Setting } from '../support/model/action.ts';
import { tellStory } from '../support/model/tell-story.ts';

const SETTING: Setting = {
  family: 'losses',
  policy: 'upsert-only',
  drift: 'heal',
  concurrency: 1,
  maskHeaders: false,
};

const PASS = { do: 'pass', kill: null, withdrawAt: null, source: 'there', honourBackOff: true } as const;
const ADD = { do: 'add', file: 7, header: 'none', secretName: false, rate: null, adopt: 'no' } as const;

/** A story that ends well. */
const endsWell = async (actions: readonly Action[], setting: Partial<Setting> = {}): Promise<true> => {
  await tellStory({ setting: { ...SETTING, ...setting }, actions });
  return true;
};

test('a create under policy `create-only` whose answer is lost, and whose value is capped, is not updated', async () => {
  expect(
    await endsWell([{ do: 'fault', fault: { on: 'create', kind: 'cut-body' } }, { ...ADD, rate: 100 }, PASS], {
      policy: 'create-only',
    }),
  ).toBe(true);
});

test('a create whose answer is lost is found again by a name that is a secret and has changed since', async () => {
  expect(
    await endsWell([
      { ...ADD, secretName: true },
      { ...PASS, kill: { at: 1, when: 'when it is answered' } },
      { do: 'rename', which: 0 },
    ]),
  ).toBe(true);
});

test('a create whose answer is lost, then renamed, written, killed and renamed again makes no second one', async () => {
  expect(
    await endsWell([
      ADD,
      { ...PASS, kill: { at: 1, when: 'when it is answered' } },
      { do: 'rename', which: 0 },
      { ...PASS, kill: { at: 1, when: 'when it is answered' } },
      { do: 'rename', which: 0 },
    ]),
  ).toBe(true);
});

test('a definition that swaps its file with one that is pinned keeps its connector', async () => {
  expect(
    await endsWell([
      { ...ADD, file: 2 },
      { ...ADD, file: 4 },
      PASS,
      { do: 'pin', which: 0 },
      { do: 'swap', what: 'paths', which: 0, other: 1 },
    ]),
  ).toBe(true);
});

test('a definition that takes the place of one whose create got no answer does not tell the secret in its name', async () => {
  const story: readonly Action[] = [
    { ...ADD, file: 9 },
    { ...ADD, file: 5, secretName: true },
    { ...PASS, kill: { at: 1, when: 'when it is answered' } },
    { do: 'move-over', which: 0, other: 1 },
    { do: 'fault', fault: { on: 'update', kind: 'status', status: 500, times: 2 } },
    PASS,
  ];
  expect(await endsWell(story)).toBe(true);
});

test('a stale list that shows what was there before does not tell the secret that it held', async () => {
  const story: readonly Action[] = [
    { ...ADD, file: 3, secretName: true },
    PASS,
    { do: 'remove', which: 0 },
    { ...ADD, file: 3 },
    { do: 'fault', fault: { on: 'list', kind: 'stale-list', times: 2 } },
    PASS,
    PASS,
  ];
  expect(await endsWell(story, { family: 'lies' })).toBe(true);
});

test('two that are renamed at once, one to the name that the other had, keep their connectors', async () => {
  const story: readonly Action[] = [
    { ...ADD, file: 4 },
    { ...ADD, file: 7 },
    PASS,
    { do: 'swap', what: 'names', which: 0, other: 1 },
    { do: 'rename', which: 0 },
  ];
  expect(await endsWell(story)).toBe(true);
});
