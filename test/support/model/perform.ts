/** Carries out one action. One that makes no sense where it stands is left out, so that any sequence is a story. */

import type { Action, FileAction } from './action.ts';
import { CANARY, expectedConfig, keyOf, markerOf } from './definition.ts';
import { edit, editFiles, pick } from './edit-files.ts';
import { checkAfterAction, checkedPass } from './invariants.ts';
import type { World } from './world.ts';
import { GOOD_KEY } from './world.ts';

export async function perform(world: World, action: Action): Promise<void> {
  await carryOut(world, action);
  checkAfterAction(world);
}

async function carryOut(world: World, action: Action): Promise<void> {
  const { book, sandbox, engine, variables } = world;
  switch (action.do) {
    case 'pin':
      edit(book, action.which, ({ marker }) => ({ pin: liveOf(world, marker)?.id ?? null }));
      return world.writeFiles();
    case 'rotate-secret':
      variables['CONNECTOR_TOKEN'] = action.to === 'set' ? `${CANARY}-token-${world.nextMarker()}` : undefined;
      return undefined;
    case 'edit-outside':
      return editOutside(world, action.which, action.what);
    case 'remove-outside':
      return removeOutside(world, action.which);
    case 'add-namesake':
      return addNamesake(world, action.which);
    case 'fault':
      return sandbox.inject(action.fault);
    case 'calm':
      return sandbox.clearFaults();
    case 'refuse-key':
      return sandbox.setApiKey('another');
    case 'accept-key':
      return sandbox.setApiKey(GOOD_KEY);
    case 'restart':
      return engine.restart();
    case 'lose-state':
      await world.quiet();
      if (world.contested.size === 0 && book.loseState()) await engine.restart({ loseState: true });
      return undefined;
    case 'wait':
      await world.quiet();
      return engine.advance(20_000);
    case 'pass':
      await world.withSource(action.source, async () => checkedPass(world, action));
      return undefined;
    case 'add':
    case 'edit':
    case 'rename':
    case 'move':
    case 'mend':
    case 'break':
    case 'toggle':
    case 'unpin':
    case 'remove':
    case 'restore':
    case 'swap':
    case 'move-over':
      return changeFiles(world, action);
  }
}

function changeFiles(world: World, action: FileAction): undefined {
  const { book, contested, unmanaged, protectedOnes } = world;
  const marker = world.nextMarker();
  if (!editFiles(book, action, marker)) return;
  world.writeFiles();
  // Once its definition is gone, the other one of its name is free to be adopted.
  for (const [removed, id] of contested) if (book.removed.has(removed)) unmanaged.delete(id);
  for (const { marker: one, protect } of book.files.values()) if (!protect) protectedOnes.delete(one);
  const added = book.files.get(marker);
  if (action.do !== 'add' || action.adopt === 'no' || added === undefined) return;
  const wanted = expectedConfig(added, world.variables);
  world.sandbox.add(action.adopt === 'same' ? wanted : { ...wanted, method: 'patch' });
}

/** The connector that is bound to a definition, as it is now. */
function liveOf(
  { book, engine, sandbox }: World,
  marker: string,
): ReturnType<World['sandbox']['connectors']>[number] | null {
  const definition = book.files.get(marker);
  if (definition === undefined || book.loose) return null;
  const id = engine.bindings().find(({ key }) => key === keyOf(definition, book.files))?.id;
  return sandbox.connectors().find((live) => live.id === id && markerOf(live) === marker) ?? null;
}

function editOutside(world: World, which: number, what: Extract<Action, { do: 'edit-outside' }>['what']): undefined {
  const definition = pick(world.book.files, which);
  const live = definition && liveOf(world, definition.marker);
  if (definition === undefined || live === null || live === undefined) return;
  const patches = {
    rate: { rate_limit: (live.rate_limit ?? 0) + 1 },
    method: { method: live.method === 'put' ? 'patch' : 'put' },
    name: { name: `${live.name}, edited` },
    headers: { headers: [...live.headers, { name: 'X-Outside', value: CANARY }] },
  };
  world.sandbox.edit(live.id, patches[what]);
  world.tampered.add(definition.marker);
  if (what === 'name') world.book.renamedOutside(definition.marker, `${definition.name}, edited`);
}

function removeOutside(world: World, which: number): undefined {
  const definition = pick(world.book.files, which);
  const live = definition && liveOf(world, definition.marker);
  if (definition === undefined || live === null || live === undefined || world.contested.has(definition.marker)) return;
  world.sandbox.remove(live.id);
  world.tampered.add(definition.marker);
}

function addNamesake(world: World, which: number): undefined {
  const definition = pick(world.book.files, which);
  if (definition === undefined || liveOf(world, definition.marker) === null) return;
  if (world.contested.has(definition.marker)) return;
  const { name } = expectedConfig(definition, world.variables);
  const live = world.sandbox.add({ name, method: 'get', url: 'https://somebody.example.com/' });
  world.unmanaged.set(live.id, JSON.stringify(live));
  world.contested.set(definition.marker, live.id);
}
