/** Throttling, outages and failing connectors: everybody waits when asked to, nobody hammers, and the healthy come first. */

import type { TestContext } from 'vitest';
import { describe, expect, test } from 'vitest';
import type { Fault } from '../../src/sandbox/faults.ts';
import type { RecordedRequest } from '../../src/sandbox/request-log.ts';
import type { LogLine } from '../support/daemon.ts';
import { startPickyProxy } from '../support/picky-proxy.ts';
import { putsOf, writesTo } from '../support/requests.ts';
import type { Short } from '../support/settle.ts';
import { settle } from '../support/settle.ts';
import { openSite, yaml } from '../support/site.ts';
import { waitUntil } from '../support/wait-until.ts';

type Opened = Pick<TestContext, 'onTestFinished'>;
const FLAGS = ['--interval', '300ms', '--debounce', '10ms'];
const ALWAYS = Number.POSITIVE_INFINITY;

const numbered = (prefix: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}${String(index).padStart(3, '0')}`);
const filesOf = (names: readonly string[], extra = ''): Record<string, string> =>
  Object.fromEntries(names.map((name) => [`${name}.yaml`, yaml(name, extra)]));
const shorts = (names: readonly string[], rateLimit: number | null = null): readonly Short[] =>
  names.map((name) => [name, rateLimit]);

/** Two processes read one clock, but each rounds it. */
const ROUNDING_MS = 3;

/** What arrived between the moment the pause was told of and its end. */
function duringPause(requests: readonly RecordedRequest[], throttled: LogLine): readonly RecordedRequest[] {
  const begin = Date.parse(String(throttled['time']));
  const end = begin + Number(throttled['pauseMs']);
  return requests.filter(({ at }) => at > begin && at < end - ROUNDING_MS);
}

describe.concurrent('Retry-After', () => {
  const inTwoSeconds = (): string => new Date(Date.now() + 2_000).toUTCString();
  test.for<readonly [string, Fault['on'], () => { readonly status: number; readonly retryAfter: string }]>([
    ['seconds with a 429 to a list', 'list', () => ({ status: 429, retryAfter: '1' })],
    ['seconds with a 429 to a create', 'create', () => ({ status: 429, retryAfter: '1' })],
    ['seconds with a 503 to a create', 'create', () => ({ status: 503, retryAfter: '1' })],
    ['a date with a 429 to a create', 'create', () => ({ status: 429, retryAfter: inTwoSeconds() })],
  ])(
    'as %s pauses every request of every connector, and is told',
    async (row, { onTestFinished: onOpened }: Opened) => {
      const [, on, effect] = row;
      const names = numbered('C', 24);
      const site = await openSite({ onOpened, files: filesOf(names), latencyMs: 30 });
      const daemon = site.start(...FLAGS, '--timeout', '1s');
      await waitUntil(() => site.sandbox.requests.length >= (on === 'list' ? 1 : 4));
      site.sandbox.inject({ on, kind: 'status', ...effect() });
      const throttled = await daemon.until('api.throttled');
      const { status, retryAfter } = effect();
      expect(throttled['status']).toBe(status);
      // What is left of a date is shorter; of seconds, nothing is cut off.
      expect(throttled['pauseMs']).toBeGreaterThan(retryAfter === '1' ? 999 : 0);
      // Neither a person nor the files cut it short.
      daemon.signal('SIGHUP');
      site.write('late.yaml', yaml('late'));
      await settle(site.sandbox, daemon, [...shorts(names), ['late', null]]);
      expect(daemon.said('api.throttled')).toHaveLength(1);
      // Those that were under way: one less than may be at once.
      expect(duringPause(site.sandbox.requests, throttled).length).toBeLessThanOrEqual(3);
      expect(writesTo(site.sandbox).length).toBeLessThanOrEqual(names.length + 2);
    },
  );

  test('holds back old content for good when new content comes meanwhile', async ({ onTestFinished: onOpened }) => {
    const site = await openSite({ onOpened, files: filesOf(['A', 'B']) });
    const daemon = site.start(...FLAGS);
    await settle(site.sandbox, daemon, shorts(['A', 'B']));
    site.sandbox.inject({ on: 'update', kind: 'status', status: 429, retryAfter: '1' });
    site.replace('A.yaml', yaml('A', 'rate_limit: 1\n'));
    await daemon.until('api.throttled');
    for (const limit of [2, 3]) {
      site.replace('A.yaml', yaml('A', `rate_limit: ${limit}\n`));
      site.replace('B.yaml', yaml('B', `rate_limit: ${limit}\n`));
    }
    await settle(site.sandbox, daemon, shorts(['A', 'B'], 3));
    expect([putsOf(site.sandbox, 1, 'rate_limit'), putsOf(site.sandbox, 2, 'rate_limit')]).toEqual([[1, 3], [3]]);
  });
});

test.concurrent(
  'old content that waits for another attempt is not sent after new content',
  async ({ onTestFinished: onOpened }) => {
    const site = await openSite({ onOpened, files: filesOf(['A']) });
    site.environment['DATABAR_SYNC_RETRY_BASE_DELAY'] = '10m';
    site.environment['DATABAR_SYNC_RETRY_MAX_DELAY'] = '10m';
    const daemon = site.start(...FLAGS);
    await settle(site.sandbox, daemon, shorts(['A']));
    site.sandbox.inject({ on: 'update', kind: 'status', status: 500 });
    site.replace('A.yaml', yaml('A', 'rate_limit: 1\n'));
    await waitUntil(() => putsOf(site.sandbox, 1, 'rate_limit').length === 1);
    site.replace('A.yaml', yaml('A', 'rate_limit: 2\n'));
    await settle(site.sandbox, daemon, shorts(['A'], 2));
    expect(putsOf(site.sandbox, 1, 'rate_limit')).toEqual([1, 2]);
  },
);

describe.concurrent('an outage', () => {
  const OUTAGES: readonly [string, Fault][] = [
    ['500', { on: 'any', kind: 'status', status: 500, times: ALWAYS }],
    ['resets', { on: 'any', kind: 'reset-before-commit', times: ALWAYS }],
    ['answers that never come', { on: 'any', kind: 'hang', times: ALWAYS }],
  ];

  test.for(OUTAGES)(
    'of %s in the middle of 200 creates is not hammered, and all are made once later',
    async ([, fault], { onTestFinished: onOpened }: Opened) => {
      const names = numbered('C', 200);
      const site = await openSite({ onOpened, files: filesOf(names), latencyMs: 2 });
      const daemon = site.start(...FLAGS, '--timeout', '1s', '--retry-max-attempts', fault.kind === 'hang' ? '2' : '5');
      await waitUntil(() => site.sandbox.connectors().length >= 60);
      site.sandbox.inject(fault);
      const from = site.sandbox.requests.length;
      await daemon.until('api.unreachable');
      const asked = site.sandbox.requests.slice(from);
      expect(asked.filter(({ method }) => method === 'POST').length).toBeLessThanOrEqual(20);
      expect(asked.length).toBeLessThanOrEqual(40);

      site.sandbox.clearFaults();
      await settle(site.sandbox, daemon, shorts(names));
      expect(daemon.said('api.recovered')).toHaveLength(1);
    },
  );

  test('of 503 in the middle of 200 updates is not hammered, and all are made later', async ({
    onTestFinished: onOpened,
  }) => {
    const names = numbered('C', 200);
    const site = await openSite({ onOpened, files: filesOf(names, 'rate_limit: 1\n'), latencyMs: 2 });
    const daemon = site.start(...FLAGS);
    await settle(site.sandbox, daemon, shorts(names, 1));
    const made = writesTo(site.sandbox).length;
    for (const name of names) site.replace(`${name}.yaml`, yaml(name, 'rate_limit: 2\n'));
    await waitUntil(() => writesTo(site.sandbox).length > made + 60);
    site.sandbox.inject({ on: 'any', kind: 'status', status: 503, times: ALWAYS });
    const from = site.sandbox.requests.length;
    await daemon.until('api.unreachable');
    // Some ten attempts show that it is down; then each write in hand is given up at its first failure.
    expect(site.sandbox.requests.slice(from).length).toBeLessThanOrEqual(40);

    site.sandbox.clearFaults();
    await settle(site.sandbox, daemon, shorts(names, 2));
  });
});

describe.concurrent('connectors that the server cannot bear', () => {
  test('never take the turn of the healthy ones, and are not hammered', async ({ onTestFinished: onOpened }) => {
    const [poison, healthy] = [numbered('Poison', 12), numbered('Zebra', 12)];
    const site = await openSite({ onOpened, files: filesOf(healthy) });
    const proxy = await startPickyProxy(site.sandbox.url, (name) => name.startsWith('Poison'), onOpened);
    site.environment['DATABAR_BASE_URL'] = proxy.url;
    const daemon = site.start(...FLAGS, '--timeout', '1s');
    await settle(site.sandbox, daemon, shorts(healthy));

    for (const name of poison) site.write(`${name}.yaml`, yaml(name));
    for (const name of healthy) site.replace(`${name}.yaml`, yaml(name, 'rate_limit: 2\n'));
    const late = numbered('Zulu', 12);
    for (const name of late) site.write(`${name}.yaml`, yaml(name));
    await waitUntil(() => {
      const done = site.sandbox
        .connectors()
        .filter(({ name, rate_limit }) => rate_limit === 2 || name.startsWith('Zulu'));
      return done.length === healthy.length + late.length;
    });
    // Each was tried once or, at most, once more after its rest.
    expect(proxy.refused.length).toBeLessThanOrEqual(3 * poison.length);
    expect(daemon.said('connector.failed').every(({ status }) => status === 500)).toBe(true);
  });
});
