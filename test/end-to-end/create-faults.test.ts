/**
 * A create may not be repeated blindly: whatever becomes of its answer, of the process, or of both, there is one
 * connector for each definition in the end, and never a second.
 */

import { setTimeout as pause } from 'node:timers/promises';
import type { TestContext } from 'vitest';
import { beforeAll, describe, expect, test } from 'vitest';
import type { SandboxConnector } from '../../src/sandbox/sandbox-connector.ts';
import type { Sandbox } from '../../src/sandbox/start-sandbox.ts';
import type { Daemon } from '../support/daemon.ts';
import { LOST_ANSWERS, REFUSALS } from '../support/server-faults.ts';
import type { Short } from '../support/settle.ts';
import { settle, workspace } from '../support/settle.ts';
import type { Site } from '../support/site.ts';
import { openSite, yaml } from '../support/site.ts';
import type { Stage } from '../support/stage.ts';
import { useStages } from '../support/stage.ts';
import { waitUntil } from '../support/wait-until.ts';

const FLAGS = ['--interval', '200ms', '--debounce', '10ms'];

/** How often a connector of this name was posted. */
const posts = ({ requests }: Sandbox, name: string): number =>
  requests.filter(({ method, body }) => method === 'POST' && (body as { name?: unknown }).name === name).length;

/** The tests of a suite share its stage, while other suites go on. */
const IN_TURN = { concurrent: false };

const openStage = useStages();
let count = 0;

/** Call it in a suite: its tests share a stage, one after the other, each with a definition that was never seen before. */
function useStage(): (run: (stage: Stage, name: string, standing: readonly Short[]) => Promise<void>) => Promise<void> {
  let stage: Stage | null = null;
  beforeAll(async () => {
    stage = await openStage({}, [...FLAGS, '--timeout', '1s']);
  });
  return async (run) => {
    if (stage === null) expect.unreachable('the stage is not open');
    count += 1;
    await run(stage, `New ${String(count).padStart(3, '0')}`, workspace(stage.site.sandbox));
    stage.site.sandbox.clearFaults();
  };
}

describe.concurrent('a create that is refused with', () => {
  const onStage = useStage();

  test.each(REFUSALS)('$name is made once, and no other is touched', IN_TURN, async ({ effect }) => {
    await onStage(async ({ site, daemon }, name, standing) => {
      site.sandbox.inject({ on: 'create', ...effect() });
      site.write(`${name}.yaml`, yaml(name));
      await settle(site.sandbox, daemon, [...standing, [name, null]]);
      expect(posts(site.sandbox, name)).toBe(2);
    });
  });
});

describe.concurrent('a create that gets', () => {
  const onStage = useStage();

  test.each(LOST_ANSWERS)(
    '$name is made once, and posted again only when it was not',
    IN_TURN,
    async ({ effect, commits }) => {
      await onStage(async ({ site, daemon }, name, standing) => {
        site.sandbox.inject({ on: 'create', ...effect() });
        site.write(`${name}.yaml`, yaml(name));
        await settle(site.sandbox, daemon, [...standing, [name, null]]);
        expect(posts(site.sandbox, name)).toBe(commits ? 1 : 2);
      });
    },
  );
});

describe.concurrent('a create with', () => {
  const onStage = useStage();

  test(
    'a commit later than its deadline, and later than the list that was read for it, is found',
    IN_TURN,
    async () => {
      await onStage(async ({ site, daemon }, name, standing) => {
        site.sandbox.inject({ on: 'create', kind: 'late-commit', delayMs: 1_500 });
        site.write(`${name}.yaml`, yaml(name));
        await settle(site.sandbox, daemon, [...standing, [name, null]]);
        expect(posts(site.sandbox, name)).toBe(1);
      });
    },
  );

  test('a lost answer while lists fail too is found when they work again', IN_TURN, async () => {
    await onStage(async ({ site, daemon }, name, standing) => {
      site.sandbox.inject({ on: 'create', kind: 'reset-after-commit' });
      site.write(`${name}.yaml`, yaml(name));
      await waitUntil(() => posts(site.sandbox, name) > 0);
      site.sandbox.inject({ on: 'list', kind: 'status', status: 500, times: 12 });
      await settle(site.sandbox, daemon, [...standing, [name, null]]);
      expect(posts(site.sandbox, name)).toBe(1);
    });
  });

  test('a lost answer and new content at once becomes that content', IN_TURN, async () => {
    await onStage(async ({ site, daemon }, name, standing) => {
      site.sandbox.inject({ on: 'create', kind: 'late-commit', delayMs: 300, close: true });
      site.write(`${name}.yaml`, yaml(name));
      await waitUntil(() => posts(site.sandbox, name) > 0);
      site.replace(`${name}.yaml`, yaml(name, 'rate_limit: 3\n'));
      await settle(site.sandbox, daemon, [...standing, [name, 3]]);
      expect(posts(site.sandbox, name)).toBe(1);
    });
  });

  test('a lost answer and a new path at once is bound to that path', IN_TURN, async () => {
    await onStage(async ({ site, daemon }, name, standing) => {
      site.sandbox.inject({ on: 'create', kind: 'late-commit', delayMs: 300, close: true });
      site.write(`${name}.yaml`, yaml(name));
      await waitUntil(() => posts(site.sandbox, name) > 0);
      site.rename(`${name}.yaml`, `moved/${name}.yaml`);
      await settle(site.sandbox, daemon, [...standing, [name, null]]);
      expect(posts(site.sandbox, name)).toBe(1);
    });
  });

  test('a lost answer when it replaces a connector that somebody deleted makes no third', IN_TURN, async () => {
    await onStage(async ({ site, daemon }, name, standing) => {
      site.write(`${name}.yaml`, yaml(name));
      await settle(site.sandbox, daemon, [...standing, [name, null]]);
      site.sandbox.inject({ on: 'create', kind: 'late-commit', delayMs: 300, close: true });
      site.sandbox.remove(site.sandbox.connectors().find((connector) => connector.name === name)?.id ?? 0);
      await waitUntil(() => posts(site.sandbox, name) === 2);
      await settle(site.sandbox, daemon, [...standing, [name, null]]);
      expect(posts(site.sandbox, name)).toBe(2);
    });
  });

  test('the answer to another create is not bound to that one', IN_TURN, async () => {
    await onStage(async ({ site, daemon }, name, standing) => {
      const other = site.sandbox.add({ name: `${name} of somebody`, method: 'get', url: 'https://api.example.com/' });
      const named = (wanted: string): SandboxConnector | undefined =>
        site.sandbox.connectors().find((connector) => connector.name === wanted);
      await daemon.until('pass.completed', ({ unmanaged }) => unmanaged === 1);
      site.sandbox.inject({ on: 'create', kind: 'wrong-shape', body: other });
      site.write(`${name}.yaml`, yaml(name));
      await daemon.until('pass.completed', ({ unchanged }) => unchanged === standing.length + 1);
      site.replace(`${name}.yaml`, yaml(name, 'rate_limit: 4\n'));
      await waitUntil(() => named(name)?.rate_limit === 4);
      expect(named(other.name)).toEqual(other);
      expect(posts(site.sandbox, name)).toBe(1);
      site.sandbox.remove(other.id);
    });
  });
});

describe.concurrent('a daemon that is killed', () => {
  const startAgain = (site: Site): Daemon => site.start(...FLAGS, '--timeout', '2s');

  test.for([
    ['after the commit', { kind: 'hang-after-commit' }, 1],
    ['before a late commit', { kind: 'late-commit', delayMs: 700 }, 1],
    ['and the server never commits', { kind: 'hang' }, 2],
  ] as const)(
    'between sending a create and knowing of it, %s, makes no second one',
    async (row, { onTestFinished: onOpened }: Pick<TestContext, 'onTestFinished'>) => {
      const [, fault, posted] = row;
      const site = await openSite({ onOpened, files: { 'a.yaml': yaml('A') } });
      site.sandbox.inject({ on: 'create', ...fault });
      const daemon = startAgain(site);
      await waitUntil(() => posts(site.sandbox, 'A') === 1);
      daemon.signal('SIGKILL');
      await daemon.exited;
      await settle(site.sandbox, startAgain(site), [['A', null]]);
      expect(posts(site.sandbox, 'A')).toBe(posted);
    },
  );

  test('twelve times, at moments of chance, during a hundred creates leaves exactly a hundred', async ({
    onTestFinished: onOpened,
  }) => {
    const names = Array.from({ length: 100 }, (_, index) => `C${String(index).padStart(3, '0')}`);
    const site = await openSite({
      onOpened,
      files: Object.fromEntries(names.map((name) => [`${name}.yaml`, yaml(name)])),
      latencyMs: 60,
    });
    const random = seededRandom(20_261_123);
    let adopted = 0;
    for (let kill = 1; kill <= 12; kill += 1) {
      const daemon = startAgain(site);
      const before = writes(site.sandbox);
      // In the first round of four that are under way at once, or in the second.
      const enough = before + 1 + Math.floor(random() * 6);
      await waitUntil(() => writes(site.sandbox) >= enough);
      await pause(random() * 25);
      daemon.signal('SIGKILL');
      await daemon.exited;
      adopted += daemon.said('connector.adopted').length;
    }
    expect(site.sandbox.connectors().length).toBeLessThan(100);
    const last = startAgain(site);
    await settle(
      site.sandbox,
      last,
      names.map((name): Short => [name, null]),
    );
    adopted += last.said('connector.adopted').length;
    expect(adopted).toBeGreaterThan(0);
  });
});

const writes = ({ requests }: Sandbox): number => requests.filter(({ method }) => method === 'POST').length;

/** Mulberry32: the same numbers at each run. */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
