/** Edits of the files, as people make them. One that makes no sense where it stands is left out. */

import type { FileAction } from './action.ts';
import type { Book } from './book.ts';
import type { Files, ModelDefinition } from './definition.ts';
import { newDefinition } from './definition.ts';

/** False when nothing was changed. `marker` is for a definition that is added. */
export function editFiles(book: Book, action: FileAction, marker: string): boolean {
  switch (action.do) {
    case 'add':
      return add(book, action, marker);
    case 'edit':
      return edit(book, action.which, ({ version }) => ({ version: version + 1, rate: action.rate }));
    case 'rename':
      return edit(book, action.which, ({ name }) => ({ name: `${name}'` }));
    case 'move':
      return edit(book, action.which, (definition) => placeOf(action.file, definition.marker, book.files));
    case 'mend':
      return edit(book, action.which, () => ({ broken: 'none' }));
    case 'break':
      return edit(book, action.which, () => ({ broken: action.how }));
    case 'toggle':
      return edit(book, action.which, (definition) => ({ [action.what]: !definition[action.what] }));
    case 'unpin':
      return edit(book, action.which, () => ({ pin: null }));
    case 'remove':
      return book.change((files) => void files.delete(pick(files, action.which)?.marker ?? ''));
    case 'restore':
      return restore(book, action.which);
    case 'swap':
      return swap(book, action);
    case 'move-over':
      return moveOver(book, action.which, action.other);
  }
}

/** Counted round those that there are. */
export function pick(files: Files, which: number): ModelDefinition | undefined {
  return [...files.values()][which % Math.max(1, files.size)];
}

export function edit(
  book: Book,
  which: number,
  changes: (definition: ModelDefinition) => Partial<ModelDefinition>,
): boolean {
  return book.change((files) => {
    const definition = pick(files, which);
    if (definition !== undefined) files.set(definition.marker, { ...definition, ...changes(definition) });
  });
}

const SHARED_FILES = 2;

/** Few places, so that they are taken over from others; a place that is taken is avoided. */
function placeOf(number: number, marker: string, files: Files): Pick<ModelDefinition, 'file' | 'shared'> {
  if (number < SHARED_FILES) return { file: `several/${number}.yaml`, shared: true };
  const extension = ['yaml', 'yml', 'json'][number % 3] ?? 'yaml';
  const taken = [...files.values()].some(({ file }) => file.startsWith(`team-${number % 2}/c${number}.`));
  return { file: taken ? `own/${marker}.${extension}` : `team-${number % 2}/c${number}.${extension}`, shared: false };
}

function add(
  book: Book,
  { file, header, secretName, rate, adopt }: Extract<FileAction, { do: 'add' }>,
  marker: string,
): boolean {
  // A place that another definition had gives its connector along, rather than the one of the same name.
  const place = adopt === 'no' ? placeOf(file, marker, book.files) : { file: `own/${marker}.yaml` };
  const definition = newDefinition(marker, { ...place, header, secretName, rate });
  const added = book.change((files) => void files.set(marker, definition));
  if (added && adopt !== 'no') book.knownByName(marker);
  return added;
}

function restore(book: Book, which: number): boolean {
  const definition = pick(book.removed, which);
  if (definition === undefined) return false;
  const taken = [...book.files.values()].some(({ file, shared }) => file === definition.file && !shared);
  const file = taken ? { file: `own/${definition.marker}.yml`, shared: false } : {};
  return book.change(
    (files) => void files.set(definition.marker, { ...definition, ...file, pin: null, broken: 'none' }),
  );
}

function swap(book: Book, { what, which, other }: Extract<FileAction, { do: 'swap' }>): boolean {
  return book.change((files) => {
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
function moveOver(book: Book, which: number, other: number): boolean {
  return book.change((files) => {
    const [one, two] = [pick(files, which), pick(files, other)];
    if (one === undefined || two === undefined || one === two || one.shared || two.shared) return;
    files.delete(two.marker);
    files.set(one.marker, { ...one, file: two.file });
  });
}
