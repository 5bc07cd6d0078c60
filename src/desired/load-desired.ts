/** A source tree to what it asks for: valid connectors, and invalid definitions with everything wrong with them. */

import type { JsonPointer } from '../model/connector.ts';
import type { Desired, InvalidDefinition } from '../model/problem.ts';
import type { SourceFile, SourceLines, SourceTree } from '../model/source.ts';
import type { AskedSecret } from './asked-secrets.ts';
import { answersHold } from './asked-secrets.ts';
import { checkSet } from './check-set.ts';
import type { Fault, Position } from './fault.ts';
import { MAX_FAULTS } from './fault.ts';
import { findLikenesses } from './find-likenesses.ts';
import type { FindPlace } from './find-place.ts';
import { createPlaceFinder, locateFault } from './find-place.ts';
import type { Definition, JudgedFile } from './judge-file.ts';
import { createJudge, wholeFile } from './judge-file.ts';
import { MAX_DEFINITIONS, openWithin } from './open-within.ts';
import type { ParsedFile } from './parse-yaml.ts';
import { parseYaml } from './parse-yaml.ts';
import type { LookUpPlaceholder, PlaceholderSource } from './placeholder-source.ts';
import { openPlaceholders } from './placeholder-source.ts';
import type { ValuesMode } from './resolve-secrets.ts';
import { errorsFirst, inFile } from './tell-problems.ts';

export interface DesiredLoaderOptions {
  readonly placeholders: PlaceholderSource;
  /** With `optional`, connectors may hold unresolved placeholders: they are fit for `validate`, never for sending. */
  readonly values: ValuesMode;
  /**
   * What becomes of doubts, such as a secret in clear: nobody looks for them, they are warnings, or they are errors.
   * Default: `none`, for whoever runs the daemon cannot mend files, and whoever can has `validate`.
   */
  readonly doubts?: 'none' | 'warnings' | 'errors';
  /** How the bytes of a file become documents. Default: {@link parseYaml}. */
  readonly parse?: (bytes: Uint8Array) => ParsedFile;
  /** Files beyond so many definitions are not read. Default: 100,000. */
  readonly maxDefinitions?: number;
}

/** A place in a file; the file is relative to the source directory. */
export interface Location extends Position {
  readonly file: string;
}

export interface DesiredLoader {
  /**
   * Begin with a new reading. What it returns judges a file as soon as it is read, while others still are; the load that follows
   * finds it done. It never throws.
   */
  readonly begin: () => (file: SourceFile) => void;
  /**
   * Judge every file. Files whose bytes did not change since the last load are not parsed again, nor judged again while
   * their secrets, which are read anew, are the same: their definitions are the same objects. So is the whole for a list of files
   * that is the very one of the last load.
   * `isBound` tells whether a key is bound to a live connector; the same function always says the same. It never throws.
   */
  readonly load: (tree: SourceTree, isBound: (key: string) => boolean) => Desired;
  /**
   * Where something of a definition stands, or the nearest thing around it, in the files of the last load; null for
   * an unknown key.
   */
  readonly locate: (key: string, pointer: JsonPointer) => Location | null;
  /** The lines of the files of the last load; later loads change nothing in what it returns. */
  readonly lines: () => SourceLines;
}

const LINE_END = /\r\n|\n|\r/u;

/** Make a loader; it remembers the files of its last load and nothing older. */
export function createDesiredLoader(options: DesiredLoaderOptions): DesiredLoader {
  const { placeholders, values, doubts = 'none', parse = parseYaml, maxDefinitions = MAX_DEFINITIONS } = options;
  const weigh = (found: readonly Fault[]): readonly Fault[] =>
    doubts === 'errors' ? found.map((one) => ({ ...one, severity: 'error' })) : found;
  const findPlace = createPlaceFinder();
  const judge = createJudge({
    values,
    weigh: doubts === 'none' ? null : weigh,
    envPrefix: placeholders.envPrefix,
    findPlace,
  });
  let files: ReadonlyMap<string, JudgedFile> = new Map();
  let definitions: ReadonlyMap<string, Definition> = new Map();
  let last: Loaded | null = null;
  let judgedAhead: ReadonlyMap<Uint8Array, JudgedFile> = new Map();

  /** As it was judged in the last load or ahead of this one, when its content is still the same. */
  const findKnown = ({ path, bytes }: SourceFile): JudgedFile | null => {
    const known = judgedAhead.get(bytes) ?? files.get(path);
    if (known?.loaded.path !== path) return null;
    return known.loaded.bytes === bytes || known.loaded.bytes.equals(bytes) ? known : null;
  };

  const judgeFile = (file: SourceFile, lookUp: LookUpPlaceholder): JudgedFile => {
    const known = findKnown(file);
    if (known !== null && answersHold(known.asked, lookUp)) return known;
    return judge(known?.loaded ?? file, known?.parsed ?? parse(file.bytes), lookUp);
  };

  return {
    begin() {
      const lookUp = openPlaceholders(placeholders);
      const judged = new Map<Uint8Array, JudgedFile>();
      let count = 0;
      judgedAhead = judged;
      return (file) => {
        if (count > maxDefinitions) return;
        try {
          const one = judgeFile(file, lookUp);
          judged.set(file.bytes, one);
          count += one.definitions.length;
        } catch {
          // A defect of ours; the load comes upon it again, and throws.
        }
      };
    },

    load(tree, isBound) {
      const lookUp = openPlaceholders(placeholders);
      if (last !== null && isSameLoad(last, tree, isBound, lookUp)) return last.desired;
      const { opened, unopened } = openWithin(tree.files, maxDefinitions, (file) => judgeFile(file, lookUp));
      judgedAhead = new Map();
      const unread = [...Map.groupBy(tree.problems, ({ file }) => file)].map(([file, found]) => wholeFile(file, found));
      const all = [
        ...opened.flatMap((file) => file.definitions),
        ...unopened.map((one) => wholeFile(one.file, [one])),
        ...unread,
      ];
      const contradictions = checkSet(all, isBound);
      const likenesses = doubts === 'none' ? new Map<Definition, readonly Fault[]>() : findLikenesses(all);
      const judged = all.map((one) =>
        withFaults(findPlace, one, [...(contradictions.get(one) ?? []), ...weigh(likenesses.get(one) ?? [])]),
      );

      files = new Map(opened.map((file) => [file.loaded.path, file]));
      definitions = new Map(judged.map((definition) => [definition.key, definition]));
      const desired = {
        connectors: judged.flatMap(({ connector }) => connector ?? []),
        invalid: judged.filter(({ connector }) => connector === null).map(toInvalid),
        warnings: judged.flatMap(({ connector, problems }) => (connector === null ? [] : problems)),
        files: opened.length + unopened.length + unread.length,
      };
      last = { desired, tree, isBound, asked: opened.flatMap(({ asked }) => asked) };
      return desired;
    },

    locate(key, pointer) {
      const definition = definitions.get(key);
      if (definition === undefined) return null;
      const { file, loaded, document } = definition;
      if (loaded === null) return { file, line: 1, column: 1 };
      return { file, ...findPlace(loaded, document, pointer) };
    },

    lines() {
      const read = files;
      return (file, line) => read.get(file)?.loaded.bytes.toString('utf8').split(LINE_END)[line - 1] ?? null;
    },
  };
}

/** What a load found, and all that it rested on. */
interface Loaded {
  readonly desired: Desired;
  readonly tree: SourceTree;
  readonly isBound: (key: string) => boolean;
  readonly asked: readonly AskedSecret[];
}

/** A reading that finds all files as they were gives them as the same list; problems of files it tells anew each time. */
function isSameLoad(last: Loaded, tree: SourceTree, isBound: Loaded['isBound'], lookUp: LookUpPlaceholder): boolean {
  return (
    last.tree.files === tree.files &&
    last.tree.problems.length + tree.problems.length === 0 &&
    last.isBound === isBound &&
    answersHold(last.asked, lookUp)
  );
}

/** A definition with the faults of the set: where one is an error, it loses its connector, which must not be sent. */
function withFaults(find: FindPlace, definition: Definition, faults: readonly Fault[]): Definition {
  if (faults.length === 0) return definition;
  const { loaded, document, file } = definition;
  const located = faults.map((found) => locateFault(find, loaded, document, found));
  const isSound = located.every(({ severity }) => severity === 'warning');
  const problems = [...inFile(file, located), ...definition.problems].sort(errorsFirst);
  return { ...definition, connector: isSound ? definition.connector : null, problems };
}

function toInvalid({ key, file, wholeFile, id, name, hasSecretName, problems }: Definition): InvalidDefinition {
  return { key, file, wholeFile, id, name: hasSecretName ? null : name, problems: problems.slice(0, MAX_FAULTS) };
}
