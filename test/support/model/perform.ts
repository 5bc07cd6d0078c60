/** Carries out one action. One that makes no sense where it stands is left out, so that any sequence is a story. */

import type { Action } from './action.ts';
import type { ModelDefinition } from './definition.ts';
import { CANARY, expectedConfig, keyOf, markerOf, newDefinition } from './definition.ts';
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
    case 'add':
      return add(world, action);
    case 'edit':
      return edit(world, action.which, ({ version }) => ({ version: version + 1, rate: action.rate }));
    case 'rename':
      return edit(world, action.which, ({ name }) => ({ name: `${name}'` }));
    case 'move':
      return edit(world, action.which, ({ marker }) => placeOf(action.file, marker, world));
    case 'mend':
      return edit(world, action.which, () => ({ broken: 'none' }));
    case 'break':
      return edit(world, action.which, () => ({ broken: action.how }));
    case 'toggle':
      return edit(world, action.which, (definition) => {
        if (action.what === 'protect') world.protectedOnes.delete(definition.marker);
        return { [action.what]: !definition[action.what] };
      });
    case 'unpin':
      return edit(world, action.which, () => ({ pin: null }));
    case 'pin':
      return edit(world, action.which, ({ marker }) => ({ pin: liveOf(world, marker)?.id ?? null }));
    case 'remove':
      return change(world, (files) => void files.delete(pick(files, action.which)?.marker ?? ''));
    case 'restore':
      return restore(world, action.which);
    case 'swap':
      return swap(world, action);
    case 'move-over':
      return moveOver(world, action.which, action.other);
    case 'rotate-secret':
      variables['CONNECTOR_TOKEN'] = action.to === 'set' ? `${CANARY}-token-${Math.random()}` : undefined;
      return undefined;
    case 'edit-outside':
      return editOutside(world, action.which, action.what);
    case 'remove-outside':
      return removeOutside(world, action.which);
    case 'add-namesake':
      return addNamesake(world, action.which);
    case 'fault':
      sandbox.inject(action.fault);
      return undefined;
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
  }
}

type Files = Map<string, ModelDefinition>;

function pick(files: ReadonlyMap<string, ModelDefinition>, which: number): ModelDefinition | undefined {
  return [...files.values()][which % Math.max(1, files.size)];
}

/** False when the book does not make the change. */
function change({ book, writeFiles, contested, unmanaged }: World, make: (files: Files) => void): undefined {
  if (!book.change(make)) return;
  writeFiles();
  // Once its definition is gone, the other one of its name is free to be adopted.
  for (const [marker, id] of contested) if (book.removed.has(marker)) unmanaged.delete(id);
}

function edit(
  world: World,
  which: number,
  changes: (definition: ModelDefinition) => Partial<ModelDefinition>,
): undefined {
  change(world, (files) => {
    const definition = pick(files, which);
    if (definition !== undefined) files.set(definition.marker, { ...definition, ...changes(definition) });
  });
}

const SHARED_FILES = 2;

/** Few places, so that they are taken over from others; a place that is taken is avoided. */
function placeOf(number: number, marker: string, { book }: World): Pick<ModelDefinition, 'file' | 'shared'> {
  if (number < SHARED_FILES) return { file: `several/${number}.yaml`, shared: true };
  const extension = ['yaml', 'yml', 'json'][number % 3] ?? 'yaml';
  const taken = [...book.files.values()].some(({ file }) => file.startsWith(`team-${number % 2}/c${number}.`));
  return { file: taken ? `own/${marker}.${extension}` : `team-${number % 2}/c${number}.${extension}`, shared: false };
}

function add(world: World, { file, header, secretName, rate, adopt }: Extract<Action, { do: 'add' }>): undefined {
  const marker = world.nextMarker();
  // A place that another definition had gives its connector along, rather than the one of the same name.
  const place = adopt === 'no' ? placeOf(file, marker, world) : { file: `own/${marker}.yaml` };
  const definition = newDefinition(marker, { ...place, header, secretName, rate });
  change(world, (files) => void files.set(marker, definition));
  if (adopt === 'no') return;
  world.book.knownByName(marker);
  const wanted = expectedConfig(definition, world.variables);
  world.sandbox.add(adopt === 'same' ? wanted : { ...wanted, method: 'patch' });
}

function restore(world: World, which: number): undefined {
  const definition = pick(world.book.removed, which);
  if (definition === undefined) return;
  const taken = [...world.book.files.values()].some(({ file, shared }) => file === definition.file && !shared);
  const file = taken ? { file: `own/${definition.marker}.yml`, shared: false } : {};
  change(world, (files) => void files.set(definition.marker, { ...definition, ...file, pin: null, broken: 'none' }));
}

function swap(world: World, { what, which, other }: Extract<Action, { do: 'swap' }>): undefined {
  change(world, (files) => {
    const [one, two] = [pick(files, which), pick(files, other)];
    if (one === undefined || two === undefined || one === two) return;
    // Names that hold a variable cannot be traded with names that do not.
    if (what === 'names' && one.secretName === two.secretName) {
      files.set(one.marker, { ...one, name: two.name }).set(two.marker, { ...two, name: one.name });
    } else if (what === 'paths' && !one.shared && !two.shared) {
      files.set(one.marker, { ...one, file: two.file }).set(two.marker, { ...two, file: one.file });
    }
  });
}

/** `git mv` over another definition. */
function moveOver(world: World, which: number, other: number): undefined {
  change(world, (files) => {
    const [one, two] = [pick(files, which), pick(files, other)];
    if (one === undefined || two === undefined || one === two || one.shared || two.shared) return;
    files.delete(two.marker);
    files.set(one.marker, { ...one, file: two.file });
  });
}

/** The connector that is bound to a definition, as it is now. */
function liveOf({ book, engine, sandbox }: World, marker: string): ReturnType<World['sandbox']['connectors']>[number] | null {
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

