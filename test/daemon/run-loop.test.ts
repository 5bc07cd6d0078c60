import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { PassResult } from '../../src/model/pass.ts';
import type { RunLoop, RunLoopOptions } from '../../src/daemon/run-loop.ts';
import { createRunLoop } from '../../src/daemon/run-loop.ts';
import type { PassRequest } from '../../src/daemon/run-once.ts';
import { failed, heldDelete, outcomeOf, passResult, planOf, updating } from '../support/pass-builders.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A pass that has begun and waits for the test to end it. */
interface BegunPass {
  readonly request: PassRequest;
  /** Let it end; it is withdrawn when its signal says so. */
  end(result?: Partial<PassResult>): Promise<void>;
  crash(error: unknown): Promise<void>;
}

const INTERVAL_MS = 60_000;

function start(changes: Partial<RunLoopOptions> = {}) {
  const passes: BegunPass[] = [];
  const told: string[] = [];
  const loop = createRunLoop({
    pass: async (request) => {
      const { promise, resolve, reject } = Promise.withResolvers<PassResult>();
      passes.push({
        request,
        end: async (result = {}) => {
          resolve(passResult({ withdrawn: request.signal.aborted, ...result }));
          await settle();
        },
        crash: async (error) => {
          reject(error);
          await settle();
        },
      });
      return promise;
    },
    nextInMs: () => INTERVAL_MS,
    onMode: (mode) => void told.push(mode),
    onPass: (_, nextInMs) => void told.push(`passed, next in ${nextInMs}`),
    onCrash: (error) => void told.push(`crashed: ${String(error)}`),
    ...changes,
  });
  const current = (): BegunPass => {
    const last = passes.at(-1);
    if (last === undefined) throw new Error('no pass has begun');
    return last;
  };
  return { loop, passes, told, current, finished: loop.run() };
}

const settle = async (): Promise<void> => wait(0);
const wait = async (milliseconds: number): Promise<void> => {
  await vi.advanceTimersByTimeAsync(milliseconds);
};
const GONE = failed(updating('a'), { kind: 'gone', status: 404, retryInMs: 0 });
const deletesOf = (...keys: readonly string[]): Partial<PassResult> => ({ plannedDeletes: new Set(keys) });

describe('the loop', () => {
  test('passes at once, and then again and again when the time is over', async () => {
    const { passes, told, current } = start();
    expect(passes).toHaveLength(1);
    await current().end();
    await wait(INTERVAL_MS - 1);
    expect(passes).toHaveLength(1);
    await wait(1);
    expect(passes).toHaveLength(2);
    expect(told).toEqual(['syncing', 'passed, next in 60000', 'waiting', 'syncing']);
  });

  test('goes on after a pass that threw, with a pause', async () => {
    const { passes, told, current } = start();
    await current().crash(new Error('a defect'));
    expect(told).toEqual(['syncing', 'crashed: Error: a defect', 'waiting']);
    await wait(9_999);
    expect(passes).toHaveLength(1);
    await wait(1);
    expect(passes).toHaveLength(2);
    await current().end();
    expect(told.at(-1)).toBe('waiting');
  });

  test('goes on when what is told of a pass throws', async () => {
    const { passes, told, current } = start({
      onPass: () => {
        throw new Error('no log');
      },
    });
    await current().end();
    expect(told).toContain('crashed: Error: no log');
    await wait(10_000);
    expect(passes).toHaveLength(2);
  });
});

describe('a nudge', () => {
  test('while waiting begins a pass at once', async () => {
    const { loop, passes, current } = start();
    await current().end();
    loop.nudge('files');
    await settle();
    expect(passes).toHaveLength(2);
  });

  test('during a pass withdraws it, and the next begins at once, with a fresh signal', async () => {
    const { loop, passes, told, current } = start();
    loop.nudge('files');
    expect(current().request.signal.aborted).toBe(true);
    await current().end();
    expect(passes).toHaveLength(2);
    expect(current().request.signal.aborted).toBe(false);
    expect(told).toEqual(['syncing', 'passed, next in null', 'syncing']);
  });

  test('several during a pass are one', async () => {
    const { loop, passes, current } = start();
    for (let nudge = 0; nudge < 5; nudge += 1) loop.nudge('files');
    await current().end();
    await current().end();
    expect(passes).toHaveLength(2);
  });

  test('that comes when the pass has ended, but nobody waits yet, is not lost', async () => {
    let loop: RunLoop | undefined;
    const site = start({ onPass: () => loop?.nudge('files') });
    ({ loop } = site);
    await site.current().end();
    expect(site.passes).toHaveLength(2);
  });

  test('during a pass that crashes is not lost either', async () => {
    const { loop, passes, current } = start();
    loop.nudge('files');
    await current().crash(new Error('a defect'));
    expect(passes).toHaveLength(2);
  });

  test('of a person ignores back-offs, that of files and the clock honour them', async () => {
    const { loop, passes, current } = start();
    await current().end();
    loop.nudge('person');
    await settle();
    await current().end();
    loop.nudge('files');
    await settle();
    await current().end();
    await wait(INTERVAL_MS);
    expect(passes.map(({ request }) => request.honourBackOff)).toEqual([true, false, true, true]);
  });

  test('of a person is not forgotten for one of files beside it', async () => {
    const { loop, current } = start();
    loop.nudge('person');
    loop.nudge('files');
    await current().end();
    expect(current().request.honourBackOff).toBe(false);
  });

  test('of a person is answered by the pass after, when files withdrew the one that was to answer it', async () => {
    const { loop, passes, current } = start();
    await current().end();
    loop.nudge('person');
    await settle();
    loop.nudge('files');
    await current().end();
    await current().end();
    await wait(INTERVAL_MS);
    expect(passes.map(({ request }) => request.honourBackOff)).toEqual([true, false, false, true]);
  });

  test('before the start counts for the first pass', async () => {
    const requests: PassRequest[] = [];
    const loop = createRunLoop({
      pass: async (request) => {
        requests.push(request);
        return passResult();
      },
      nextInMs: () => INTERVAL_MS,
      onMode: () => undefined,
      onPass: () => undefined,
      onCrash: () => undefined,
    });
    loop.nudge('person');
    const finished = loop.run();
    await settle();
    loop.stop();
    await finished;
    expect(requests).toMatchObject([{ honourBackOff: false }]);
  });
});

describe('a connector that is gone', () => {
  test('is planned again from a fresh list at once, three times at most', async () => {
    const { passes, told, current } = start();
    for (let pass = 0; pass < 4; pass += 1) await current().end({ outcomes: [GONE] });
    expect(passes).toHaveLength(4);
    expect(told.filter((text) => text.startsWith('passed'))).toEqual([
      'passed, next in null',
      'passed, next in null',
      'passed, next in null',
      'passed, next in 60000',
    ]);
    await wait(INTERVAL_MS);
    await current().end({ outcomes: [GONE] });
    expect(passes).toHaveLength(5);
    expect(told.at(-1)).toBe('waiting');
  });

  test('may be planned again anew when a pass has seen none', async () => {
    const { passes, current } = start();
    for (let pass = 0; pass < 4; pass += 1) await current().end({ outcomes: [GONE] });
    await wait(INTERVAL_MS);
    await current().end({ outcomes: [outcomeOf(updating('a'), 'applied')] });
    await wait(INTERVAL_MS);
    await current().end({ outcomes: [GONE] });
    expect(passes).toHaveLength(7);
  });
});

describe('a stop', () => {
  test('before the start lets no pass begin', async () => {
    const told: string[] = [];
    const loop = createRunLoop({
      pass: async () => Promise.reject(new Error('no pass was asked for')),
      nextInMs: () => INTERVAL_MS,
      onMode: (mode) => void told.push(mode),
      onPass: () => undefined,
      onCrash: (error) => void told.push(String(error)),
    });
    loop.stop();
    await loop.run();
    expect(told).toEqual(['draining', 'stopped']);
  });

  test('while waiting ends the loop at once and leaves no timer', async () => {
    const { loop, told, current, finished } = start();
    await current().end();
    loop.stop();
    await finished;
    expect(told.slice(-3)).toEqual(['waiting', 'draining', 'stopped']);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('during a pass withdraws it and waits for its end', async () => {
    const { loop, passes, told, current, finished } = start();
    loop.stop();
    expect(current().request.signal.aborted).toBe(true);
    await settle();
    expect(told).toEqual(['syncing', 'draining']);
    await current().end({ outcomes: [GONE] });
    await finished;
    expect(told).toEqual(['syncing', 'draining', 'passed, next in null', 'stopped']);
    expect(passes).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('is not undone by a nudge, nor by the end of a pass, nor by a crash', async () => {
    const nudged = start();
    nudged.loop.stop();
    nudged.loop.nudge('person');
    await nudged.current().end();
    await nudged.finished;

    const crashed = start();
    crashed.loop.stop();
    await crashed.current().crash(new Error('broken off'));
    await crashed.finished;

    let loop: RunLoop | undefined;
    const told = start({ onPass: () => loop?.stop() });
    ({ loop } = told);
    await told.current().end();
    await told.finished;
    expect([nudged, crashed, told].map(({ passes }) => passes.length)).toEqual([1, 1, 1]);
  });

  test('twice is one', async () => {
    const { loop, told, current, finished } = start();
    await current().end();
    loop.stop();
    loop.stop();
    await finished;
    expect(told.filter((text) => text === 'draining')).toHaveLength(1);
  });
});

describe('deletes that the next pass may confirm', () => {
  const confirmable = ({ current }: ReturnType<typeof start>): readonly string[] => [
    ...(current().request.plannedDeletes ?? []),
  ];

  test('are none at first, and then what the pass before planned', async () => {
    const site = start();
    expect(confirmable(site)).toEqual([]);
    await site.current().end(deletesOf('a', 'b'));
    await wait(INTERVAL_MS);
    expect(confirmable(site)).toEqual(['a', 'b']);
    await site.current().end(deletesOf('b'));
    await wait(INTERVAL_MS);
    expect(confirmable(site)).toEqual(['b']);
  });

  test('are still known after a pass that could not list the workspace, or crashed', async () => {
    const site = start();
    await site.current().end(deletesOf('a'));
    await wait(INTERVAL_MS);
    await site.current().end({ plan: null });
    await wait(INTERVAL_MS);
    await site.current().crash(new Error('a defect'));
    await wait(INTERVAL_MS);
    expect(confirmable(site)).toEqual(['a']);
  });

  test('are none in a pass that files asked for, since they are being written; the next one at rest may', async () => {
    const site = start();
    await site.current().end(deletesOf('a'));
    site.loop.nudge('files');
    await settle();
    expect(confirmable(site)).toEqual([]);
    await site.current().end(deletesOf('a'));
    await wait(INTERVAL_MS);
    expect(confirmable(site)).toEqual(['a']);
  });

  test('are none in a pass that follows at once because a connector is gone', async () => {
    const site = start();
    await site.current().end({ ...deletesOf('a'), outcomes: [GONE] });
    expect(site.passes).toHaveLength(2);
    expect(confirmable(site)).toEqual([]);
    await site.current().end(deletesOf('a'));
    await wait(INTERVAL_MS);
    expect(confirmable(site)).toEqual(['a']);
  });

  test('are none after a pass that was withdrawn', async () => {
    const site = start();
    await site.current().end(deletesOf('a'));
    await wait(INTERVAL_MS);
    site.loop.nudge('person');
    await site.current().end(deletesOf('a'));
    expect(confirmable(site)).toEqual([]);
  });

  test('are none that were planned because the source was away or empty', async () => {
    for (const code of ['source_unavailable', 'source_empty'] as const) {
      const site = start();
      const plan = planOf([heldDelete('a', code), heldDelete('b', 'mass_delete')]);
      await site.current().end({ plan, ...deletesOf('a', 'b') });
      await wait(INTERVAL_MS);
      expect(confirmable(site)).toEqual(['b']);
    }
  });
});
