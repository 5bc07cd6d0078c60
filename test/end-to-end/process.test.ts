/** Signals and a reader that goes away: what is under way is finished and recorded, nothing is started, nothing is lost. */

import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { TestContext } from 'vitest';
import { describe, expect, test } from 'vitest';
import type { Sandbox } from '../../src/sandbox/start-sandbox.ts';
import { putsOf, writesTo } from '../support/requests.ts';
import type { Short } from '../support/settle.ts';
import { settle, workspace } from '../support/settle.ts';
import { openSite, yaml } from '../support/site.ts';
import { waitUntil } from '../support/wait-until.ts';

type Opened = Pick<TestContext, 'onTestFinished'>;
const FLAGS = ['--interval', '200ms', '--debounce', '10ms'];
/** Far below any deadline that would end the process otherwise, far above what an exit takes. */
const PROMPTLY_MS = 5_000;

const numbered = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `C${String(index).padStart(2, '0')}`);
const filesOf = (names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.map((name) => [`${name}.yaml`, yaml(name)]));
const shorts = (names: readonly string[], rateLimit: number | null = null): readonly Short[] =>
  names.map((name) => [name, rateLimit]);
const postsOf = (sandbox: Sandbox): readonly string[] =>
  sandbox.requests
    .filter(({ method }) => method === 'POST')
    .map(({ body }) => String((body as { name?: unknown }).name));

describe.concurrent.each(['SIGTERM', 'SIGINT'] as const)('%s', (signal) => {
  test('during creates lets those under way finish, starts none, and a restart repeats none', async ({
    onTestFinished: onOpened,
  }) => {
    const names = numbered(24);
    const site = await openSite({ files: filesOf(names), latencyMs: 80, onOpened });
    const daemon = site.start(...FLAGS);
    await waitUntil(() => postsOf(site.sandbox).length >= 6);
    daemon.signal(signal);
    expect(await daemon.exited).toBe(0);
    expect(daemon.said('daemon.stopping')).toMatchObject([{ signal }]);
    expect(daemon.said('daemon.stopped')).toMatchObject([{ exitCode: 0 }]);

    const made = site.sandbox.connectors().length;
    expect(made).toBeLessThan(names.length);
    expect(daemon.said('connector.created')).toHaveLength(made);
    const stopping = Date.parse(String(daemon.said('daemon.stopping')[0]?.['time']));
    // Written before the signal was taken in, and read by the server after it: at most those under way at once.
    expect(site.sandbox.requests.filter(({ at }) => at > stopping).length).toBeLessThanOrEqual(4);

    await settle(site.sandbox, site.start(...FLAGS), shorts(names));
    expect(postsOf(site.sandbox).toSorted()).toEqual(names);
    expect(writesTo(site.sandbox)).toHaveLength(names.length);
  });

  test('during updates likewise', async ({ onTestFinished: onOpened }) => {
    const names = numbered(24);
    const site = await openSite({ files: filesOf(names), latencyMs: 40, onOpened });
    const daemon = site.start(...FLAGS);
    await settle(site.sandbox, daemon, shorts(names));
    for (const name of names) site.replace(`${name}.yaml`, yaml(name, 'rate_limit: 2\n'));
    await waitUntil(() => writesTo(site.sandbox).length >= names.length + 6);
    daemon.signal(signal);
    expect(await daemon.exited).toBe(0);
    expect(writesTo(site.sandbox).length).toBeLessThan(2 * names.length);

    await settle(site.sandbox, site.start(...FLAGS), shorts(names, 2));
    for (const { id } of site.sandbox.connectors()) expect(putsOf(site.sandbox, id, 'rate_limit')).toEqual([2]);
  });

  test.for([
    ['while idle', null],
    ['while the server asks for a minute of quiet', { kind: 'status', status: 429, retryAfter: '60' }],
    ['while a list is not answered', { kind: 'hang' }],
  ] as const)('%s ends it promptly and well', async ([, fault], { onTestFinished: onOpened }: Opened) => {
    const site = await openSite({ files: { 'a.yaml': yaml('A') }, onOpened });
    const daemon = site.start('--interval', '10m', '--debounce', '10ms');
    await daemon.until('pass.completed');
    if (fault !== null) {
      const asked = site.sandbox.requests.length;
      site.sandbox.inject({ on: 'list', ...fault });
      daemon.signal('SIGHUP');
      await waitUntil(() => site.sandbox.requests.length > asked);
      if (fault.kind === 'status') await daemon.until('api.throttled');
    }
    const from = performance.now();
    daemon.signal(signal);
    expect(await daemon.exited).toBe(0);
    expect(performance.now() - from).toBeLessThan(PROMPTLY_MS);
    expect(daemon.stderr()).toBe('');
  });

  test.for([
    ['that was made', { kind: 'hang-after-commit' }, 1],
    ['that is made later', { kind: 'late-commit', delayMs: 900 }, 1],
    ['that was not made', { kind: 'hang' }, 2],
  ] as const)(
    'and no answer to a create %s: grace runs out, and the next start makes no twin',
    async (row, { onTestFinished: onOpened }: Opened) => {
      const [, fault, posted] = row;
      const site = await openSite({ files: { 'a.yaml': yaml('A') }, onOpened });
      site.sandbox.inject({ on: 'create', ...fault });
      const daemon = site.start(...FLAGS, '--shutdown-grace', '300ms');
      await waitUntil(() => postsOf(site.sandbox).length === 1);
      daemon.signal(signal);
      expect(await daemon.exited).toBe(1);
      expect(daemon.said('daemon.stopped')).toMatchObject([{ exitCode: 1 }]);

      await settle(site.sandbox, site.start(...FLAGS, '--timeout', '2s'), [['A', null]]);
      expect(postsOf(site.sandbox)).toHaveLength(posted);
    },
  );

  test('a second time breaks off what is under way', async ({ onTestFinished: onOpened }) => {
    const site = await openSite({ files: { 'a.yaml': yaml('A') }, onOpened });
    site.sandbox.inject({ on: 'create', kind: 'hang-after-commit' });
    const daemon = site.start(...FLAGS);
    await waitUntil(() => postsOf(site.sandbox).length === 1);
    const from = performance.now();
    daemon.signal(signal);
    await daemon.until('daemon.stopping');
    daemon.signal('SIGTERM');
    expect(await daemon.exited).toBe(1);
    expect(performance.now() - from).toBeLessThan(PROMPTLY_MS);
    await settle(site.sandbox, site.start(...FLAGS), [['A', null]]);
    expect(postsOf(site.sandbox)).toHaveLength(1);
  });
});

describe.concurrent('SIGTERM during the start', () => {
  test('at whatever moment leaves nothing half done', async ({ onTestFinished: onOpened }) => {
    const ended = Array.from({ length: 8 }, async (_, index) => {
      const site = await openSite({ files: { 'a.yaml': yaml('A') }, onOpened });
      const daemon = site.start(...FLAGS);
      await pause(index * 50);
      const code = await daemon.stop();
      // Before the program has begun, the system ends it in its own way.
      expect([0, null]).toContain(code);
      expect(daemon.stderr()).toBe('');
      const next = site.start(...FLAGS);
      await settle(site.sandbox, next, [['A', null]]);
      expect(next.said('state.rebuilt')).toEqual([]);
      expect(postsOf(site.sandbox)).toHaveLength(1);
    });
    await Promise.all(ended);
  });
});

describe.concurrent('SIGHUP', () => {
  test('asks for a pass, and tries again what had failed for good', async ({ onTestFinished: onOpened }) => {
    const site = await openSite({ files: { 'a.yaml': yaml('A'), 'b.yaml': yaml('B') }, onOpened });
    site.sandbox.inject({ on: 'create', kind: 'status', status: 422 });
    const daemon = site.start('--interval', '10m', '--debounce', '10ms');
    await daemon.until('pass.completed', ({ failed }) => failed === 1);
    site.write('c.yaml', yaml('C'));
    await waitUntil(() => site.sandbox.connectors().length === 2);
    await daemon.until('pass.completed', ({ failed }) => failed === 1);
    expect(postsOf(site.sandbox)).toHaveLength(3);

    daemon.signal('SIGHUP');
    await daemon.until('pass.completed', ({ failed }) => failed === 0);
    expect(workspace(site.sandbox)).toEqual(shorts(['A', 'B', 'C']));
  });

  test('in the middle of a pass does not cost it what is under way', async ({ onTestFinished: onOpened }) => {
    const names = numbered(24);
    const site = await openSite({ files: filesOf(names), latencyMs: 40, onOpened });
    const daemon = site.start(...FLAGS);
    for (let sent = 1; sent <= 3; sent += 1) {
      await waitUntil(() => postsOf(site.sandbox).length >= 4 * sent);
      daemon.signal('SIGHUP');
    }
    await settle(site.sandbox, daemon, shorts(names));
    expect(postsOf(site.sandbox).toSorted()).toEqual(names);
  });
});

describe.concurrent('a reader that goes away', () => {
  /** Processor time of a process so far, in milliseconds; Linux counts it in hundredths of a second. */
  const processorMs = (pid: number): number => {
    const [, rest = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
    const fields = rest.split(' ');
    return 10 * (Number(fields[11]) + Number(fields[12]));
  };

  test.for(['json', 'pretty'])('does not end, crash or hurry the daemon that logs as %s', async (format, context) => {
    const site = await openSite({ files: { 'a.yaml': yaml('A') }, onOpened: context.onTestFinished });
    const child = site.spawn('run', '--log-level', 'debug', '--log-format', format, ...FLAGS);
    let errors = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      errors += chunk.toString('utf8');
    });
    await once(child.stdout ?? child, 'data');
    child.stdout?.destroy();
    const lists = (): number => site.sandbox.requests.filter(({ method }) => method === 'GET').length;
    await waitUntil(() => workspace(site.sandbox).length === 1);

    const [begin, used] = [performance.now(), processorMs(child.pid ?? 0)];
    const seen = lists();
    await waitUntil(() => lists() >= seen + 6);
    expect(processorMs(child.pid ?? 0) - used).toBeLessThan((performance.now() - begin) / 2);

    site.replace('a.yaml', yaml('A', 'rate_limit: 2\n'));
    await waitUntil(() => workspace(site.sandbox)[0]?.[1] === 2);
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(errors).toBe('');
  });

  test.for([
    ['sync', '--output', 'text'],
    ['sync', '--output', 'json'],
    ['plan', '--output', 'text'],
  ])('does not make `%s %s %s` fail', async (args, { onTestFinished: onOpened }: Opened) => {
    const site = await openSite({ files: filesOf(numbered(20)), onOpened });
    const child = site.spawn(...args);
    child.stdout?.destroy();
    let errors = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      errors += chunk.toString('utf8');
    });
    expect(await once(child, 'close')).toEqual([0, null]);
    expect(errors).not.toMatch(/^\s+at /mu);
    expect(site.sandbox.connectors()).toHaveLength(args[0] === 'sync' ? 20 : 0);
  });
});
