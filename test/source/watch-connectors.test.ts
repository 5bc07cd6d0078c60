import { mkdirSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, onTestFinished, test } from 'vitest';

import { readConnectors } from '../../src/source/read-connectors.ts';
import { watchConnectors } from '../../src/source/watch-connectors.ts';
import type { Nudges } from '../support/nudges.ts';
import { countInotifyWatches, countNudges } from '../support/nudges.ts';
import { runScript } from '../support/run-script.ts';
import { makeDirectory, publishConfigMap, publishWorktree, swapLink, writeFiles } from '../support/source-directory.ts';

type Files = Readonly<Record<string, string>>;

interface Watched {
  readonly nudges: Nudges;
  /** Why watching was given up; empty while it was not. */
  readonly degraded: readonly string[];
  /** Make a change, and wait until a nudge comes after which these files, or no source at all, are read. */
  readonly see: (change: () => void, expected: Files | 'missing') => Promise<void>;
}

async function watched(directory: string): Promise<Watched> {
  const nudges = countNudges();
  const degraded: string[] = [];
  const watcher = await watchConnectors(directory, {
    onNudge: nudges.onNudge,
    onDegraded: (reason) => degraded.push(reason),
    debounceMs: 20,
  });
  onTestFinished(async () => watcher.close());
  return {
    nudges,
    degraded,
    async see(change, expected) {
      await nudges.calm();
      const brought = nudges.bring(async () => {
        const reading = await readConnectors(directory);
        const found =
          reading.status === 'ok'
            ? Object.fromEntries(reading.files.map((file) => [file.path, file.bytes.toString()]))
            : reading.status;
        return JSON.stringify(found) === JSON.stringify(expected);
      });
      change();
      await brought;
    },
  };
}

describe('a change in the source directory is seen', () => {
  test('when a file is written in place, three times', async () => {
    const base = makeDirectory();
    writeFiles(base, { 'a/b.yaml': '0' });
    const { see, degraded } = await watched(base);
    for (const text of ['1', '2', '3'])
      await see(() => writeFileSync(join(base, 'a/b.yaml'), text), { 'a/b.yaml': text });
    expect(degraded).toEqual([]);
  });

  test('when a file is replaced by a rename, three times', async () => {
    const base = makeDirectory();
    writeFiles(base, { 'a/b.yaml': '0' });
    const { see, degraded } = await watched(base);
    for (const text of ['1', '2', '3']) {
      writeFileSync(join(base, 'a/.b.yaml.tmp'), text);
      await see(() => renameSync(join(base, 'a/.b.yaml.tmp'), join(base, 'a/b.yaml')), { 'a/b.yaml': text });
    }
    expect(degraded).toEqual([]);
  });

  test('when a file comes, moves and goes', async () => {
    const base = makeDirectory();
    const { see, degraded } = await watched(base);
    await see(() => writeFileSync(join(base, 'a.yaml'), '1'), { 'a.yaml': '1' });
    await see(() => renameSync(join(base, 'a.yaml'), join(base, 'b.yaml')), { 'b.yaml': '1' });
    await see(() => unlinkSync(join(base, 'b.yaml')), {});
    expect(degraded).toEqual([]);
  });

  test('when a directory comes with files in it, and when these change later', async () => {
    const base = makeDirectory();
    const { see, degraded } = await watched(base);
    await see(() => writeFiles(base, { 'x/y/z/a.yaml': '1' }), { 'x/y/z/a.yaml': '1' });
    await see(() => writeFiles(base, { 'x/y/z/a.yaml': '2' }), { 'x/y/z/a.yaml': '2' });
    const outside = makeDirectory();
    writeFiles(outside, { 'moved/in/b.yaml': '1' });
    await see(() => renameSync(join(outside, 'moved'), join(base, 'm')), {
      'm/in/b.yaml': '1',
      'x/y/z/a.yaml': '2',
    });
    await see(() => writeFiles(base, { 'm/in/b.yaml': '2' }), { 'm/in/b.yaml': '2', 'x/y/z/a.yaml': '2' });
    expect(degraded).toEqual([]);
  });

  test('when a directory is deleted and made again at once, and when its files change later', async () => {
    const base = makeDirectory();
    writeFiles(base, { 'x/y/a.yaml': '0' });
    const { see, degraded } = await watched(base);
    for (const text of ['1', '2', '3']) {
      await see(
        () => {
          rmSync(join(base, 'x'), { recursive: true });
          writeFiles(base, { 'x/y/a.yaml': text });
        },
        { 'x/y/a.yaml': text },
      );
      await see(() => writeFiles(base, { 'x/y/a.yaml': `${text}+` }), { 'x/y/a.yaml': `${text}+` });
    }
    expect(degraded).toEqual([]);
  });

  test('when a directory is exchanged for another by renames, and when its files change later', async () => {
    const base = makeDirectory();
    writeFiles(base, { 'x/a.yaml': 'old' });
    const spare = makeDirectory();
    writeFiles(spare, { 'x/a.yaml': 'new' });
    const { see, degraded } = await watched(base);
    await see(
      () => {
        renameSync(join(base, 'x'), join(spare, 'old'));
        renameSync(join(spare, 'x'), join(base, 'x'));
      },
      { 'x/a.yaml': 'new' },
    );
    await see(() => writeFiles(base, { 'x/a.yaml': 'newer' }), { 'x/a.yaml': 'newer' });
    expect(degraded).toEqual([]);
  });

  test('but editors’ temporary files give no nudge', async () => {
    const base = makeDirectory();
    const { nudges, see } = await watched(base);
    writeFiles(base, { '.a.yaml.swp': 'x', '4913': 'x', 'a.yaml~': 'x', '#a.yaml#': 'x' });
    await nudges.calm();
    expect(nudges.count()).toBe(0);
    await see(() => writeFiles(base, { 'a.yaml': '1' }), { 'a.yaml': '1' });
  });
});

describe('a change of the source directory itself is seen', () => {
  test('when it is deleted and made again, slowly and at once', async () => {
    const base = join(makeDirectory(), 'source');
    writeFiles(base, { 'a.yaml': '0' });
    const { see, degraded } = await watched(base);
    await see(() => rmSync(base, { recursive: true }), 'missing');
    await see(() => writeFiles(base, { 'a.yaml': '1' }), { 'a.yaml': '1' });
    for (const text of ['2', '3', '4']) {
      await see(
        () => {
          rmSync(base, { recursive: true });
          writeFiles(base, { 'a.yaml': text });
        },
        { 'a.yaml': text },
      );
      await see(() => writeFiles(base, { 'a.yaml': `${text}+` }), { 'a.yaml': `${text}+` });
    }
    expect(degraded).toEqual([]);
  });

  test('when it, or a directory above it, is exchanged by renames', async () => {
    const top = makeDirectory();
    const source = join(top, 'release/connectors');
    writeFiles(top, { 'release/connectors/a.yaml': '0', 'next1/a.yaml': '1', 'next2/connectors/a.yaml': '2' });
    const { see, degraded } = await watched(source);
    await see(
      () => {
        renameSync(source, join(top, 'old1'));
        renameSync(join(top, 'next1'), source);
      },
      { 'a.yaml': '1' },
    );
    await see(
      () => {
        renameSync(join(top, 'release'), join(top, 'old2'));
        renameSync(join(top, 'next2'), join(top, 'release'));
      },
      { 'a.yaml': '2' },
    );
    await see(() => writeFiles(source, { 'a.yaml': '3' }), { 'a.yaml': '3' });
    expect(degraded).toEqual([]);
  });

  test('when it does not exist yet, nor what is above it', async () => {
    const top = makeDirectory();
    const source = join(top, 'a/b/source');
    const { see, degraded } = await watched(source);
    mkdirSync(join(top, 'unrelated'));
    await see(() => writeFiles(source, { 'a.yaml': '1' }), { 'a.yaml': '1' });
    await see(() => writeFiles(source, { 'a.yaml': '2' }), { 'a.yaml': '2' });
    expect(degraded).toEqual([]);
  });

  test('when it is a link to nowhere that leads somewhere later', async () => {
    const top = makeDirectory();
    symlinkSync('target', join(top, 'source'));
    const { see, degraded } = await watched(join(top, 'source'));
    await see(() => writeFiles(join(top, 'target'), { 'a.yaml': '1' }), { 'a.yaml': '1' });
    expect(degraded).toEqual([]);
  });

  test('but siblings of a directory on the way give no nudge', async () => {
    const top = makeDirectory();
    mkdirSync(join(top, 'real'));
    symlinkSync('real', join(top, 'source'));
    const { nudges } = await watched(join(top, 'source'));
    writeFiles(top, { 'sibling/deep/a.yaml': '1', 'b.yaml': '2' });
    rmSync(join(top, 'sibling'), { recursive: true });
    await nudges.calm();
    expect(nudges.count()).toBe(0);
  });
});

describe.each([{ keepOld: false }, { keepOld: true }])(
  'three swaps in a row are seen (old tree kept: $keepOld)',
  (keep) => {
    test('of a ConfigMap volume', async () => {
      const base = makeDirectory();
      publishConfigMap(base, '2026_0', { 'a.yaml': '0' });
      const { see, degraded } = await watched(base);
      for (const text of ['1', '2', '3']) {
        await see(() => publishConfigMap(base, `2026_${text}`, { 'a.yaml': text }, keep), { 'a.yaml': text });
      }
      expect(degraded).toEqual([]);
    });

    test('of a ConfigMap volume, with the source below it', async () => {
      const base = makeDirectory();
      publishConfigMap(base, '2026_0', { 'a.yaml': '0' });
      const { see, degraded } = await watched(join(base, '..data'));
      for (const text of ['1', '2', '3']) {
        await see(() => publishConfigMap(base, `2026_${text}`, { 'a.yaml': text }, keep), { 'a.yaml': text });
      }
      expect(degraded).toEqual([]);
    });

    test.each(['current', 'current/sub', '.'])('of a git-sync link, with the source at %s', async (place) => {
      const base = makeDirectory();
      const file = { current: 'sub/a.yaml', 'current/sub': 'a.yaml', '.': 'current/sub/a.yaml' }[place] ?? '';
      publishWorktree(base, 'hash0', { 'sub/a.yaml': '0' });
      const { see, degraded } = await watched(join(base, place));
      for (const text of ['1', '2', '3']) {
        await see(() => publishWorktree(base, `hash${text}`, { 'sub/a.yaml': text }, keep), { [file]: text });
      }
      expect(degraded).toEqual([]);
    });

    test('of a link that leads through another link', async () => {
      const base = makeDirectory();
      publishWorktree(join(base, 'store'), 'hash0', { 'sub/a.yaml': '0' });
      symlinkSync('store/current/sub', join(base, 'source'));
      const { see, degraded } = await watched(join(base, 'source'));
      for (const text of ['1', '2', '3']) {
        await see(() => publishWorktree(join(base, 'store'), `hash${text}`, { 'sub/a.yaml': text }, keep), {
          'a.yaml': text,
        });
      }
      writeFiles(base, { 'elsewhere/a.yaml': '4' });
      await see(() => swapLink(join(base, 'source'), 'elsewhere'), { 'a.yaml': '4' });
      await see(() => writeFiles(base, { 'elsewhere/a.yaml': '5' }), { 'a.yaml': '5' });
      expect(degraded).toEqual([]);
    });
  },
);

describe('the cost of watching', () => {
  test.runIf(process.platform === 'linux')(
    'is one inotify watch a directory, however many files, and none after close',
    async () => {
      const base = makeDirectory();
      const files = Array.from({ length: 2000 }, (_, index) => [`d${index % 100}/f${index}.yaml`, 'x']);
      writeFiles(base, Object.fromEntries(files) as Files);
      const before = countInotifyWatches();
      const watcher = await watchConnectors(base, { onNudge: () => undefined, onDegraded: () => undefined });
      const watches = countInotifyWatches() - before;
      expect(watches).toBeGreaterThanOrEqual(101);
      expect(watches).toBeLessThanOrEqual(101 + base.split('/').length);
      await watcher.close();
      expect(countInotifyWatches() - before).toBe(0);
    },
  );

  test('nothing keeps a process alive after close, be it watching, waiting or polling', async () => {
    const base = makeDirectory();
    const script = `
      import { watch } from 'chokidar';
      import { watchConnectors } from 'SRCsource/watch-connectors.ts';
      const options = { onNudge() {}, onDegraded() {} };
      const failing = (path, settings) => {
        const watcher = watch(path, settings);
        setImmediate(() => watcher.listenerCount('error') > 0 && watcher.emit('error', new Error('failed')));
        return watcher;
      };
      const watchers = await Promise.all([
        watchConnectors(${JSON.stringify(base)}, options),
        watchConnectors(${JSON.stringify(join(base, 'missing'))}, options),
        watchConnectors(${JSON.stringify(base)}, { ...options, watch: failing }),
      ]);
      await Promise.all(watchers.map((watcher) => watcher.close()));
      // The event loop lets go of closed handles a few turns later.
      for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate);
      console.log(process.getActiveResourcesInfo().filter((name) => name !== 'PipeWrap').join());`;
    const resolved = script.replace("'chokidar'", JSON.stringify(import.meta.resolve('chokidar')));
    await expect(runScript(resolved)).resolves.toBe('\n');
  });
});

describe('a lull in a burst', () => {
  test('is told of before the nudge, and again when the burst goes on', async () => {
    const base = makeDirectory();
    writeFiles(base, { 'a.yaml': '0' });
    const told: string[] = [];
    let tell: (() => void) | null = null;
    const until = async (count: number): Promise<void> =>
      new Promise((resolve) => {
        tell = () => {
          if (told.length >= count) resolve();
        };
        tell();
      });
    const note = (what: string) => (): void => {
      told.push(what);
      tell?.();
    };
    const timers = new Map<number, () => void>();
    const watcher = await watchConnectors(base, {
      onLull: note('lull'),
      onNudge: note('nudge'),
      onDegraded: note('degraded'),
      startTimer: (callback, ms) => {
        timers.set(ms, callback);
        if (ms === 250) note('change')();
        return () => void (timers.get(ms) === callback && timers.delete(ms));
      },
    });
    onTestFinished(async () => watcher.close());
    const run = (ms: number): void => timers.get(ms)?.();

    writeFileSync(join(base, 'a.yaml'), '1');
    await until(1);
    run(50);
    const before = told.length;
    writeFileSync(join(base, 'a.yaml'), '22');
    await until(before + 1);
    run(50);
    run(250);
    expect(told.filter((what) => what !== 'change')).toEqual(['lull', 'lull', 'nudge']);
    expect(timers.has(50)).toBe(false);
  });
});
