import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { watch as chokidarWatch } from 'chokidar';
import { describe, expect, onTestFinished, test, vi } from 'vitest';

import { startTimer } from '../../src/source/debounce.ts';
import { readConnectors } from '../../src/source/read-connectors.ts';
import type { WatchFactory } from '../../src/source/open-watches.ts';
import { watchConnectors } from '../../src/source/watch-connectors.ts';
import { countInotifyWatches, countNudges } from '../support/nudges.ts';
import { makeDirectory, publishConfigMap, writeFiles } from '../support/source-directory.ts';

const POLL_MS = 15;

/** Chokidar when the system has no watches left: an error for each directory, and `ready` all the same. */
function failingWatch(code: string): WatchFactory {
  return (path, options) => {
    const watcher = chokidarWatch(path, options);
    setImmediate(() => {
      for (let repeat = 0; repeat < 1000 && watcher.listenerCount('error') > 0; repeat++) {
        watcher.emit('error', Object.assign(new Error(`${code}: watch`), { code }));
      }
    });
    return watcher;
  };
}

async function degraded(directory: string, watch: WatchFactory) {
  const nudges = countNudges();
  const onDegraded = vi.fn<(reason: string) => void>();
  let looks = 0;
  const watcher = await watchConnectors(directory, {
    onNudge: nudges.onNudge,
    onDegraded,
    debounceMs: 5,
    pollMs: POLL_MS,
    watch,
    startTimer(callback, ms) {
      if (ms === POLL_MS) looks += 1;
      return startTimer(callback, ms);
    },
  });
  onTestFinished(async () => watcher.close());
  return { nudges, onDegraded, watcher, looks: () => looks };
}

async function firstContent(directory: string): Promise<string | undefined> {
  const reading = await readConnectors(directory);
  return reading.status === 'ok' ? reading.files[0]?.bytes.toString() : undefined;
}

describe('when the system has no watches left', () => {
  test.each([
    ['ENOSPC', 'max_user_watches'],
    ['EMFILE', 'max_user_instances'],
    ['EIO', 'EIO: watch'],
  ])('%s is told once, every watch is let go, and changes are seen all the same', async (code, reason) => {
    const before = countInotifyWatches();
    const base = makeDirectory();
    writeFiles(base, { 'x/a.yaml': '0' });
    const { nudges, onDegraded } = await degraded(base, failingWatch(code));
    for (const text of ['1', '2', '3']) {
      const brought = nudges.bring(async () => (await firstContent(base)) === text);
      writeFileSync(join(base, 'x/a.yaml'), text);
      await brought;
      await nudges.calm();
    }
    expect(onDegraded).toHaveBeenCalledTimes(1);
    expect(onDegraded).toHaveBeenCalledWith(expect.stringContaining(reason));
    expect(countInotifyWatches()).toBe(before);
  });

  test('swaps of a ConfigMap are seen while polling', async () => {
    const base = makeDirectory();
    publishConfigMap(base, '2026_0', { 'a.yaml': '0' });
    const { nudges } = await degraded(base, failingWatch('ENOSPC'));
    for (const text of ['1', '2', '3']) {
      const brought = nudges.bring(async () => (await firstContent(base)) === text);
      publishConfigMap(base, `2026_${text}`, { 'a.yaml': text }, { keepOld: true });
      await expect(brought).resolves.toBeUndefined();
      await nudges.calm();
    }
  });

  test('looks that find nothing new give no nudge', async () => {
    const base = makeDirectory();
    writeFiles(base, { 'a.yaml': '1' });
    const { nudges, looks } = await degraded(base, failingWatch('ENOSPC'));
    await nudges.bring(() => true);
    const before = looks();
    await vi.waitUntil(() => looks() >= before + 5, { timeout: 10_000 });
    expect(nudges.count()).toBe(1);
  });

  test('no nudge comes after close', async () => {
    const base = makeDirectory();
    writeFiles(base, { 'a.yaml': '1' });
    const { nudges, watcher } = await degraded(base, failingWatch('ENOSPC'));
    writeFiles(base, { 'a.yaml': '2' });
    await watcher.close();
    const count = nudges.count();
    await delay(POLL_MS * 4);
    expect(nudges.count()).toBe(count);
  });

  test('a watch that cannot even be opened degrades too', async () => {
    const base = makeDirectory();
    const { onDegraded, nudges } = await degraded(base, () => {
      throw new TypeError('pollingInterval must be a finite number');
    });
    expect(onDegraded).toHaveBeenCalledExactlyOnceWith('pollingInterval must be a finite number');
    await nudges.calm();
    const brought = nudges.bring(() => true);
    writeFiles(base, { 'a.yaml': '1' });
    await brought;
  });

  test('polling that the environment asks for is done by us', async () => {
    vi.stubEnv('CHOKIDAR_USEPOLLING', '1');
    onTestFinished(() => void vi.unstubAllEnvs());
    const base = makeDirectory();
    const { onDegraded } = await degraded(base, chokidarWatch);
    expect(onDegraded).toHaveBeenCalledExactlyOnceWith(expect.stringContaining('CHOKIDAR_USEPOLLING'));
  });
});
