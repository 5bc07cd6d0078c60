/**
 * Whatever the server does to a list, an update or a delete: when it is over, the workspace equals the files, and nothing
 * else was touched. Creates, which may not be repeated, are in create-faults.test.ts.
 *
 * One daemon for each operation goes through all its faults, so that each also meets what the one before left behind.
 */

import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Fault } from '../../src/sandbox/faults.ts';
import type { RecordedRequest } from '../../src/sandbox/request-log.ts';
import { LOST_ANSWERS, REFUSALS } from '../support/server-faults.ts';
import type { Short } from '../support/settle.ts';
import { settle } from '../support/settle.ts';
import type { Site } from '../support/site.ts';
import { openSite, yaml } from '../support/site.ts';
import type { Stage } from '../support/stage.ts';
import { useStages } from '../support/stage.ts';

const FLAGS = ['--interval', '200ms', '--debounce', '10ms', '--timeout', '1s', '--policy', 'sync'];
const BYSTANDERS = ['B1', 'B2', 'B3', 'B4', 'B5'];
const STANDING: readonly Short[] = BYSTANDERS.map((name) => [name, 7]);
const FAULTS = [...REFUSALS, ...LOST_ANSWERS];

/** The tests of a suite share its stage, while other suites go on. */
const IN_TURN = { concurrent: false };

const openStage = useStages();
let next = 100;

/** Call it in a suite: its tests share a stage with the bystanders and the target, one after the other. */
function useStage(): () => Stage {
  let stage: Stage | null = null;
  beforeAll(async () => {
    const files = Object.fromEntries(BYSTANDERS.map((name) => [`${name}.yaml`, yaml(name, 'rate_limit: 7\n')]));
    stage = await openStage({ files: { ...files, 'target.yaml': yaml('Target') } }, FLAGS);
    await settle(stage.site.sandbox, stage.daemon, [...STANDING, ['Target', null]]);
  });
  return () => stage ?? expect.unreachable('the stage is not open');
}

/** Inject, do, wait until all is well; gives what was asked of the server meanwhile. */
async function survive({ site, daemon }: Stage, fault: Fault, act: () => readonly Short[]): Promise<RecordedRequest[]> {
  const from = site.sandbox.requests.length;
  site.sandbox.inject(fault);
  await settle(site.sandbox, daemon, act());
  // An answer without a body cannot be cut short, and one that is too large is not asked for again: such a fault is left over.
  site.sandbox.clearFaults();
  const asked = site.sandbox.requests.slice(from);
  expect(asked.map((request) => request.fault)).toContain(fault.kind);
  return asked;
}

const of = (requests: readonly RecordedRequest[], method: string): readonly string[] =>
  requests.filter((request) => request.method === method).map(({ path }) => path);

const idOf = ({ sandbox }: Site, name: string): number | undefined =>
  sandbox.connectors().find((connector) => connector.name === name)?.id;

/** Give the target new content. */
function editTarget({ site }: Stage): readonly Short[] {
  next += 1;
  site.replace('target.yaml', yaml('Target', `rate_limit: ${next}\n`));
  return [...STANDING, ['Target', next]];
}

describe.concurrent('after a list that meets', () => {
  const listStage = useStage();

  test.each(FAULTS)(
    '$name, the new content is there and nothing else was written',
    IN_TURN,
    async ({ effect, times }) => {
      const stage = listStage();
      const asked = await survive(stage, { on: 'list', times, ...effect() }, () => editTarget(stage));
      expect(of(asked, 'PUT')).toEqual([`/v1/connectors/${idOf(stage.site, 'Target')}`]);
      expect([...of(asked, 'POST'), ...of(asked, 'DELETE')]).toEqual([]);
    },
  );

  test.each<[string, Fault]>([
    ['an empty list', { on: 'list', kind: 'short-list', count: 0, times: 3 }],
    ['a list of which half is missing', { on: 'list', kind: 'short-list', count: 3, times: 3 }],
    ['a list that lacks one', { on: 'list', kind: 'short-list', count: 5, times: 3 }],
    ['an empty list of another making', { on: 'list', kind: 'wrong-shape', body: [], times: 3 }],
  ])('%s, nothing is created again', IN_TURN, async (_, fault) => {
    const stage = listStage();
    const asked = await survive(stage, fault, () => editTarget(stage));
    expect([...of(asked, 'POST'), ...of(asked, 'DELETE')]).toEqual([]);
  });

  test('a stale list, what was written since is not taken for drift that needs a twin', IN_TURN, async () => {
    const stage = listStage();
    const fault: Fault = { on: 'list', kind: 'stale-list', times: 5 };
    const asked = await survive(stage, fault, () => {
      stage.site.write('young.yaml', yaml('Young', 'rate_limit: 7\n'));
      return [...editTarget(stage), ['Young', 7]];
    });
    expect(of(asked, 'POST')).toHaveLength(1);
    expect(of(asked, 'DELETE')).toEqual([]);
    expect(new Set(of(asked, 'PUT'))).toEqual(new Set([`/v1/connectors/${idOf(stage.site, 'Target')}`]));
    stage.site.remove('young.yaml');
    await settle(stage.site.sandbox, stage.daemon, [...STANDING, ['Target', next]]);
  });

  test('a list that lacks an orphan, its binding is kept, and it is deleted all the same', IN_TURN, async () => {
    const stage = listStage();
    const { site, daemon } = stage;
    site.write('victim.yaml', yaml('Victim'));
    await settle(site.sandbox, daemon, [...STANDING, ['Target', next], ['Victim', null]]);
    const id = idOf(site, 'Victim');
    const asked = await survive(stage, { on: 'list', kind: 'short-list', count: 6, times: 3 }, () => {
      site.remove('victim.yaml');
      return [...STANDING, ['Target', next]];
    });
    expect(of(asked, 'DELETE')).toEqual([`/v1/connectors/${id}`]);
  });
});

describe.concurrent('after an update that meets', () => {
  const updateStage = useStage();

  test.each(FAULTS)(
    '$name, the connector is as its file says, and no other was touched',
    IN_TURN,
    async ({ effect, times }) => {
      const stage = updateStage();
      const asked = await survive(stage, { on: 'update', times, ...effect() }, () => editTarget(stage));
      expect(new Set(of(asked, 'PUT'))).toEqual(new Set([`/v1/connectors/${idOf(stage.site, 'Target')}`]));
      expect(of(asked, 'PUT').length).toBeLessThanOrEqual(times + 1);
      expect([...of(asked, 'POST'), ...of(asked, 'DELETE')]).toEqual([]);
    },
  );
});

describe.concurrent.each([
  ['in words', REFUSALS],
  ['in the dark', LOST_ANSWERS],
] as const)('after a delete that fails %s and meets', (_, faults) => {
  const deleteStage = useStage();

  test.each(faults)('$name, the connector is gone, and no other', IN_TURN, async ({ effect, times }) => {
    const stage = deleteStage();
    const { site, daemon } = stage;
    site.write('victim.yaml', yaml('Victim'));
    await settle(site.sandbox, daemon, [...STANDING, ['Target', null], ['Victim', null]]);
    const id = idOf(site, 'Victim');
    const asked = await survive(stage, { on: 'delete', times, ...effect() }, () => {
      site.remove('victim.yaml');
      return [...STANDING, ['Target', null]];
    });
    expect(new Set(of(asked, 'DELETE'))).toEqual(new Set([`/v1/connectors/${id}`]));
    expect([...of(asked, 'POST'), ...of(asked, 'PUT')]).toEqual([]);
  });
});

describe.concurrent('an answer of 100 MB', () => {
  /** The most memory that a process ever had, in MB. */
  const peakMb = (pid: number): number => {
    const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/mu.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return Number(kilobytes) / 1024;
  };

  test('of announced length costs no memory to speak of, however often it comes', async ({
    onTestFinished: onOpened,
  }) => {
    const site = await openSite({ onOpened, files: { 'a.yaml': yaml('A') } });
    site.sandbox.inject({ on: 'any', kind: 'huge-answer', times: 8 });
    const daemon = site.start(...FLAGS);
    await settle(site.sandbox, daemon, [['A', null]]);
    expect(peakMb(daemon.pid)).toBeLessThan(250);
  });

  test('that does not say how long it is costs no more than the bound', async ({ onTestFinished }) => {
    const endless = createServer((_, outgoing) => {
      outgoing.writeHead(200, { 'content-type': 'application/json' });
      const piece = Buffer.alloc(1_048_576, ' ');
      const pour = (left: number): void => {
        if (left === 0) outgoing.end('[]');
        else if (outgoing.write(piece)) setImmediate(pour, left - 1);
        else outgoing.once('drain', () => pour(left - 1));
      };
      pour(100);
    });
    endless.listen(0, '127.0.0.1');
    await once(endless, 'listening');
    onTestFinished(() => endless.closeAllConnections());
    const site = await openSite({ onOpened: onTestFinished, files: { 'a.yaml': yaml('A') } });
    site.environment['DATABAR_BASE_URL'] = `http://127.0.0.1:${(endless.address() as AddressInfo).port}`;
    const daemon = site.start(...FLAGS, '--timeout', '20s');
    for (let pass = 0; pass < 3; pass += 1) await daemon.until('pass.completed');
    expect(daemon.said('api.unreachable')).toMatchObject([
      { error: expect.stringContaining('67108864 bytes') as string },
    ]);
    expect(peakMb(daemon.pid)).toBeLessThan(450);
    expect(await daemon.stop()).toBe(0);
  });
});
