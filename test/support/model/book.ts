/**
 * The files as the tests mean them, with what may be known of each definition's past.
 *
 * A definition is recognised by its path or by its name. One that changes both before a pass has seen either is another
 * definition for everybody, so such an edit is not made here.
 */

import type { ModelDefinition, Files } from './definition.ts';
import { keyOf } from './definition.ts';

/** The keys and names under which the program may know a definition; more than one while that is uncertain. */
interface Known {
  readonly keys: ReadonlySet<string>;
  readonly names: ReadonlySet<string>;
}

export interface Book {
  readonly files: Files;
  /** Definitions whose file is gone; `protect` as the program last saw it for sure. */
  readonly removed: ReadonlyMap<string, ModelDefinition>;
  /** False where an edit would make a definition unrecognisable, or give two of them one key. */
  change(edit: (files: Map<string, ModelDefinition>) => void): boolean;
  /** A pass begins, and may come to know everything as it is now. */
  begin(): void;
  /** Only its name tells whose connector it has. */
  knownByName(marker: string): void;
  /** The program has agreed with the server about this definition. */
  agree(marker: string): void;
  /** The name of its connector is another one now. */
  renamedOutside(marker: string, name: string): void;
  /** Forget that paths are known. False, and nothing happens, where a name is not certain either. */
  loseState(): boolean;
  /** Whether two definitions may have traded places since the program last agreed to everything. */
  loose: boolean;
  /** Whether any ever have: then one may have got the connector of another, and that one a new one. */
  readonly everLoose: boolean;
}

/** No key looks like this. */
const NO_PATH = '#';
const LOST: ReadonlySet<string> = new Set([NO_PATH]);

/** @param mayTrade whether one definition may get the place or the name that another had */
export function createBook({ mayTrade }: { readonly mayTrade: boolean } = { mayTrade: true }): Book {
  let files = new Map<string, ModelDefinition>();
  const removed = new Map<string, ModelDefinition>();
  const known = new Map<string, Known>();

  const isRecognisable = (next: Files, definition: ModelDefinition): boolean => {
    const past = known.get(definition.marker);
    if (past === undefined) return true;
    return isOnly(past.keys, keyOf(definition, next)) || isOnly(past.names, definition.name);
  };

  /** Whether somebody gets what was another one's; null where the edit must not be. */
  const judge = (next: Files): boolean | null => {
    const definitions = [...next.values()];
    if (!definitions.every((definition) => isRecognisable(next, definition))) return null;
    if (new Set(definitions.map((each) => keyOf(each, next))).size < next.size) return null;
    const names = new Map([...files.values()].map(({ name, marker }) => [name, marker]));
    const byFile = Map.groupBy(definitions, ({ file }) => file).values();
    if (byFile.some((together) => together.length > 1 && together.some(({ shared }) => !shared))) return null;
    let trades = false;
    for (const definition of definitions) {
      const { marker, name } = definition;
      const key = keyOf(definition, next);
      const takesPlace = [...known].some(([other, { keys }]) => other !== marker && keys.has(key));
      // It would get the connector of that place, and not the one that only its name tells.
      if (takesPlace && known.get(marker)?.keys.has(NO_PATH) === true) return null;
      const namesake = names.get(name) ?? marker;
      // A name that was never agreed is nobody's yet, and what is traded for it has no taker.
      if (namesake !== marker && !isOnly(known.get(namesake)?.names ?? new Set([name]), name)) return null;
      trades ||= takesPlace || namesake !== marker;
    }
    return trades;
  };

  let everLoose = false;
  const book: Book = {
    get files() {
      return files;
    },
    get everLoose() {
      return everLoose;
    },
    removed,
    loose: false,
    change(edit) {
      const next = new Map(files);
      edit(next);
      const trades = judge(next);
      if (trades === null || (trades && !mayTrade)) return false;
      book.loose ||= trades;
      everLoose ||= trades;
      for (const marker of next.keys()) removed.delete(marker);
      for (const [marker, definition] of files) if (!next.has(marker)) removed.set(marker, definition);
      files = next;
      const taken = new Set([...next.values()].map((each) => keyOf(each, next)));
      for (const marker of removed.keys()) {
        const past = known.get(marker);
        const isTaken = past?.keys.values().some((key) => taken.has(key)) === true;
        if (past !== undefined && isTaken) known.set(marker, { ...past, keys: past.keys.union(LOST) });
      }
      return true;
    },
    begin() {
      for (const [marker, definition] of files) {
        const { keys, names } = known.get(marker) ?? { keys: [], names: [] };
        known.set(marker, {
          keys: new Set([...keys, keyOf(definition, files)]),
          names: new Set([...names, definition.name]),
        });
      }
    },
    knownByName(marker) {
      const definition = files.get(marker);
      if (definition !== undefined) known.set(marker, { keys: LOST, names: new Set([definition.name]) });
    },
    agree(marker) {
      const definition = files.get(marker);
      if (definition === undefined) return;
      known.set(marker, { keys: new Set([keyOf(definition, files)]), names: new Set([definition.name]) });
    },
    renamedOutside(marker, name) {
      const past = known.get(marker);
      if (past !== undefined) known.set(marker, { ...past, names: new Set([...past.names, name]) });
    },
    loseState() {
      const all = [...files.values(), ...removed.values()];
      const certain = all.every(({ marker, name }) => {
        const past = known.get(marker);
        return past === undefined || isOnly(past.names, name);
      });
      if (!certain || book.loose) return false;
      for (const [marker, { names }] of known) known.set(marker, { keys: LOST, names });
      return true;
    },
  };
  return book;
}

function isOnly(set: ReadonlySet<string>, value: string): boolean {
  return set.size === 1 && set.has(value);
}
