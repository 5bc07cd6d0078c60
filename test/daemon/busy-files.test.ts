/** Nudges that come during passes: the newest content first, and nobody starves. */

import { describe, expect, test, vi } from 'vitest';
import type { Nudge, RunLoop, RunLoopOptions } from '../../src/daemon/run-loop.ts';
import { createRunLoop } from '../../src/daemon/run-loop.ts';
import type { PassResult } from '../../src/model/pass.ts';

interface Pass {
  readonly signal: AbortSignal;
  readonly end: (outcomes?: readonly unknown[]) => void;
}

/** A loop whose passes begin and end by hand. */
function handMadeLoop(): { loop: RunLoop; begun: () => Promise<Pass>; results: readonly PassResult[] } {
  const waiting: Pass[] = [];
  const results: PassResult[] = [];
  let tell: () => void = () => undefined;
  const pass: RunLoopOptions['pass'] = async ({ signal }) => {
    const { promise, resolve } = Promise.withResolvers<PassResult>();
    const end: Pass['end'] = (outcomes = []) =>
      resolve({ outcomes, plan: null, plannedDeletes: new Set(), withdrawn: signal.aborted } as unknown as PassResult);
    waiting.push({ signal, end });
    tell();
    return promise;
  };
  const loop = createRunLoop({
    pass,
    nextInMs: () => 60_000,
    onMode: () => undefined,
    onPass: (result) => results.push(result),
    onCrash: (error) => {
      throw error;
    },
  });
  return {
    loop,
    results,
    async begun() {
      while (waiting.length === 0) {
        await new Promise<void>((resolve) => {
          tell = resolve;
        });
      }
      const [next] = waiting.splice(0);
      if (next === undefined) throw new Error('no pass has begun');
      return next;
    },
  };
}

const applied = [{ outcome: 'applied' }];

describe('a nudge during a pass', () => {
  test('withdraws what the pass has not sent yet, and the next one follows at once', async () => {
    const { loop, begun, results } = handMadeLoop();
    void loop.run();
    for (let pass = 0; pass < 20; pass += 1) {
      const { signal, end } = await begun();
      loop.nudge('files');
      expect(signal.aborted).toBe(true);
      end(applied);
    }
    await begun();
    expect(results).toHaveLength(20);
    loop.stop();
  });

  test.each<Nudge>(['files', 'person'])(
    'by %s lets the pass go on for 30 s when three before it came to nothing',
    async (nudge) => {
      vi.useFakeTimers();
      try {
        const { loop, begun, results } = handMadeLoop();
        void loop.run();
        for (let round = 0; round < 2; round += 1) {
          for (let pass = 0; pass < 3; pass += 1) {
            const { signal, end } = await begun();
            loop.nudge(nudge);
            expect(signal.aborted).toBe(true);
            end();
          }
          const patient = await begun();
          loop.nudge(nudge);
          await vi.advanceTimersByTimeAsync(29_000);
          loop.nudge(nudge);
          expect(patient.signal.aborted).toBe(false);
          if (round === 1) await vi.advanceTimersByTimeAsync(1_000);
          expect(patient.signal.aborted).toBe(round === 1);
          patient.end();
        }
        await begun();
        expect(results.map(({ withdrawn }) => withdrawn)).toEqual([true, true, true, false, true, true, true, true]);
        expect(vi.getTimerCount()).toBe(0);
        loop.stop();
      } finally {
        vi.useRealTimers();
      }
    },
  );

  test('is withdrawn at a stop, whatever came before', async () => {
    const { loop, begun } = handMadeLoop();
    const ended = loop.run();
    for (let pass = 0; pass < 3; pass += 1) {
      const { end } = await begun();
      loop.nudge('files');
      end();
    }
    const last = await begun();
    loop.nudge('files');
    loop.stop();
    expect(last.signal.aborted).toBe(true);
    last.end();
    await ended;
  });
});
