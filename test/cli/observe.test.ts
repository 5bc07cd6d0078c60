/** Who is told what, where the pass is not an ordinary one. */

import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Observation, Witness } from '../../src/cli/observe.ts';
import { createObservation } from '../../src/cli/observe.ts';
import { loadSettings } from '../../src/config/load-settings.ts';
import type { SyncEvent } from '../../src/model/event.ts';
import { desiredOf } from '../support/builders.ts';
import { brake, heldDelete, inSync, passResult, planOf, reportedDrift } from '../support/pass-builders.ts';

function observe(): {
  readonly observation: Observation;
  readonly passed: readonly boolean[];
  readonly told: readonly SyncEvent[];
} {
  const [passed, told]: [boolean[], SyncEvent[]] = [[], []];
  const witness: Witness = { told: (event) => told.push(event), passed: ({ withdrawn }) => passed.push(withdrawn) };
  const environment = { DATABAR_BASE_URL: 'http://127.0.0.1:1' };
  const observation = createObservation({
    settings: loadSettings({ flags: {}, environment, configFile: null, isTerminal: false }).settings,
    dryRun: false,
    sandbox: false,
    log: { emit: () => undefined, say: () => undefined, cycleLevel: () => undefined },
    logContext: { revision: null },
    witnesses: [witness],
  });
  return { observation, passed, told };
}

test('while the source is away, connectors are shown as they were', () => {
  const { observation } = observe();
  const { observer, connectors } = observation;
  observer.sourceRead({ status: 'ok' }, null);
  const plan = planOf([inSync('a'), reportedDrift('b'), inSync('c')]);
  observer.planned(desiredOf([]), { plan, brakes: [], plannedDeletes: new Set() });
  const before = connectors.rows();
  expect(before.map(({ state }) => state)).toEqual(['in_sync', 'drifted', 'in_sync']);

  observer.sourceRead({ status: 'missing', message: 'gone' }, null);
  const held = planOf(['a', 'b'].map((key) => heldDelete(key, 'source_unavailable')));
  observer.planned(desiredOf([]), { plan: held, brakes: [brake()], plannedDeletes: new Set() });
  expect(connectors.rows()).toEqual(before);

  observer.sourceRead({ status: 'ok' }, null);
  observer.planned(desiredOf([]), { plan: planOf([inSync('a')]), brakes: [], plannedDeletes: new Set() });
  expect(connectors.rows()).toMatchObject([{ key: 'a', state: 'in_sync' }]);
});

test.each([8 * 3_600_000, -900_000])(
  'a clock that is set by %i ms is followed by what is told of times',
  async (set) => {
    const { observation } = observe();
    observation.modeChanged('waiting');
    observation.passed(passResult(), 60_000);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + set });
    onTestFinished(() => void vi.useRealTimers());

    const now = Date.now();
    const { startedAt, nextPassAt, lastSuccessAt } = observation.status();
    for (const at of [startedAt, lastSuccessAt, (nextPassAt ?? 0) - 60_000]) {
      expect(Math.abs((at ?? 0) - now)).toBeLessThan(60_000);
    }
    const { text } = await observation.metrics.expose();
    const [, told] = /^databar_sync_last_success_timestamp_seconds (\S+)/m.exec(text) ?? [];
    expect(Math.abs(Number(told) - now / 1_000)).toBeLessThan(60);
  },
);

describe('a pass that was withdrawn', () => {
  test('is told to no witness, for another one follows', () => {
    const { observation, passed } = observe();
    observation.modeChanged('syncing');
    observation.passed(passResult({ withdrawn: true }), null);
    observation.passed(passResult(), 60_000);
    expect(passed).toEqual([false]);
  });

  test('is told when it is the last one: nobody else tells what it has found', () => {
    const { observation, passed } = observe();
    observation.modeChanged('syncing');
    observation.modeChanged('draining');
    observation.passed(passResult({ withdrawn: true }), null);
    expect(passed).toEqual([true]);
  });
});
