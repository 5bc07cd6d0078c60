/** What chaos does, one deed at a time. Each gives the name under which it is counted; null when there was nothing to do. */

import { rmSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { FileAction } from '../support/model/action.ts';
import { expectedConfig, markerOf } from '../support/model/definition.ts';
import { editFiles } from '../support/model/edit-files.ts';
import type { Damages } from './damages.ts';
import type { Scene } from './scene.ts';
import { GOOD_KEY } from './scene.ts';
import { anyFault } from './server-faults.ts';

type Deed = (scene: Scene, damages: Damages) => string | null | Promise<string | null>;

type Deeds = readonly { readonly weight: number; readonly deed: Deed }[];

/** What a daemon goes through in one life. */
const DISTURBANCES: Deeds = [
  { weight: 20, deed: failServer },
  { weight: 24, deed: changeFiles },
  { weight: 4, deed: editOutside },
  { weight: 1, deed: removeOutside },
  { weight: 1, deed: refuseKey },
];

const EVERYTHING: Deeds = [
  ...DISTURBANCES,
  { weight: 2, deed: kill },
  { weight: 1, deed: stop },
  { weight: 1, deed: freeze },
  { weight: 1, deed: removeState },
];

export async function disturb(scene: Scene, damages: Damages): Promise<string | null> {
  return doOne(DISTURBANCES, scene, damages);
}

export async function doAnything(scene: Scene, damages: Damages): Promise<string | null> {
  return doOne(EVERYTHING, scene, damages);
}

async function doOne(deeds: Deeds, scene: Scene, damages: Damages): Promise<string | null> {
  let at = scene.random.next() * deeds.reduce((sum, { weight }) => sum + weight, 0);
  const chosen = deeds.find(({ weight }) => (at -= weight) < 0);
  return (chosen?.deed ?? failServer)(scene, damages);
}

function failServer({ sandbox, random }: Scene): string {
  const fault = anyFault(random);
  sandbox.inject(fault);
  return `server: ${fault.kind}`;
}

export function changeFiles(scene: Scene, damages: Damages): string | null {
  const { book } = scene;
  const action = anyEdit(scene);
  if (!editFiles(book, action, scene.nextMarker())) return null;
  damages.noteFiles();
  scene.writeFiles();
  // The program may look at any time from now on.
  book.begin();
  return `files: ${action.do}`;
}

function anyEdit({ random, book, nextPlace }: Scene): FileAction {
  const which = random.below(1_000);
  const rate = random.pick([null, 1, 20, 60, 100]);
  const file = random.chance(0.2) ? random.below(2) : nextPlace();
  const grows = random.below(60) > book.files.size;
  const edits: readonly [FileAction, ...FileAction[]] = [
    { do: 'edit', which, rate },
    { do: 'edit', which, rate },
    { do: 'rename', which },
    { do: 'move', which, file },
    { do: 'break', which, how: random.pick(['syntax', 'schema', 'empty']) },
    { do: 'mend', which },
    { do: 'toggle', which, what: 'ignoreRate' },
    grows
      ? {
          do: 'add',
          file,
          header: random.pick(['none', 'literal', 'placeholder']),
          secretName: random.chance(0.2),
          rate,
          adopt: 'no',
        }
      : { do: 'remove', which },
    { do: 'restore', which },
  ];
  return random.pick(edits);
}

/** So often a connector may be changed elsewhere before the program would call it a fight. */
const MOST_EDITS = 3;

function editOutside({ sandbox, random, book, variables }: Scene, damages: Damages): string | null {
  const live = random.pick([null, ...sandbox.connectors()]);
  const marker = live === null ? null : markerOf(live);
  const definition = marker === null ? undefined : book.files.get(marker);
  if (live === null || definition === undefined || damages.editsOf(definition.marker) >= MOST_EDITS) return null;
  const { name } = expectedConfig(definition, variables);
  // A connector that still goes by an older name is known to the program by that name alone.
  const patch = live.name === name && random.chance(0.2) ? { method: 'put' } : { method: 'patch', rate_limit: 3 };
  sandbox.edit(live.id, patch);
  damages.noteEdit(definition.marker);
  return 'people: edit a connector';
}

function removeOutside({ sandbox, random }: Scene, damages: Damages): string | null {
  const live = random.pick([null, ...sandbox.connectors()]);
  const marker = live === null ? null : markerOf(live);
  if (live === null || marker === null || damages.editsOf(marker) >= MOST_EDITS) return null;
  sandbox.remove(live.id);
  damages.noteEdit(marker);
  return 'people: delete a connector';
}

async function kill({ program, random }: Scene): Promise<string> {
  await program.end('SIGKILL');
  if (random.chance(0.3)) await delay(random.below(300));
  program.start();
  return 'process: SIGKILL and restart';
}

async function stop({ program }: Scene, damages: Damages): Promise<string> {
  const code = await program.end('SIGTERM');
  // Null: it had not begun to listen yet.
  if (code !== 0 && code !== null) damages.add('misbehaved', `SIGTERM ended it with ${code}`);
  program.start();
  return 'process: SIGTERM and restart';
}

async function freeze({ program, random }: Scene): Promise<string> {
  program.signal('SIGSTOP');
  await delay(random.below(1_000));
  program.signal('SIGCONT');
  return 'process: SIGSTOP for a while';
}

/** While it runs, memory has everything: the next thing that is recorded brings it all back to the disk. */
async function removeState({ program, stateDirectory, sandbox }: Scene, damages: Damages): Promise<string | null> {
  sandbox.clearFaults();
  if ((await program.next(({ event }) => event === 'pass.completed', 20_000)) === null) return null;
  rmSync(stateDirectory, { recursive: true, force: true, maxRetries: 5 });
  const rebuilt = await program.next(({ event }) => event === 'state.rebuilt', 20_000);
  if (rebuilt === null) damages.add('misbehaved', 'the state directory was removed, and it did not notice');
  return 'state: directory removed under a running daemon';
}

async function refuseKey({ sandbox, random }: Scene): Promise<string> {
  sandbox.setApiKey('another');
  await delay(random.below(500));
  sandbox.setApiKey(GOOD_KEY);
  return 'server: key refused for a moment';
}
