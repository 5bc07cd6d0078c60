/**
 * Stories of files, people, faults and deaths, told at random to the real pipeline, and what must be true throughout.
 *
 * `MODEL_SEED=<seed>` with `MODEL_PATH=<path>` tells the story of a failure again; `MODEL_RUNS` and `MODEL_SECONDS` tell
 * more of them.
 */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyStory } from '../support/model/action.ts';
import { tellStory } from '../support/model/tell-story.ts';

const SECONDS = Number(process.env['MODEL_SECONDS'] ?? 30);

test(
  'whatever happens, the workspace follows the files, and nothing else is touched',
  async () => {
    const seed = process.env['MODEL_SEED'];
    const path = process.env['MODEL_PATH'];
    const verdict = await fc.check(fc.asyncProperty(anyStory(40), tellStory), {
      numRuns: Number(process.env['MODEL_RUNS'] ?? 60),
      interruptAfterTimeLimit: SECONDS * 1000,
      ...(seed !== undefined && { seed: Number(seed) }),
      ...(path !== undefined && { path }),
    });
    const { counterexample, counterexamplePath, errorInstance, numRuns } = verdict;
    const replay = `MODEL_SEED=${verdict.seed} MODEL_PATH=${counterexamplePath ?? ''}`;
    if (verdict.failed && counterexample !== null) {
      expect.unreachable(`${String(errorInstance)}\n${replay}\n${JSON.stringify(counterexample[0])}`);
    }
    expect(numRuns).toBeGreaterThan(0);
  },
  2 * SECONDS * 1000 + 60_000,
);
