/** Read the whole source directory as it was at one moment. */

import { lstatSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

import type { Problem } from '../model/problem.ts';
import type { SourceFile, SourceReading, SourceTree, SourceUnavailable } from '../model/source.ts';
import { createCheckoutWait } from './checkout-wait.ts';
import type { ListedFile, Listing, ListingLimits } from './list-files.ts';
import type { FileStates } from './file-states.ts';
import { createFileStates } from './file-states.ts';
import { compareText, LISTING_LIMITS, listFiles } from './list-files.ts';
import { holdsBytes, readBounded } from './read-bounded.ts';
import { readRevision } from './revision.ts';
import { errorCode, sourceProblem } from './source-problem.ts';

export interface ReadConnectorsOptions extends Partial<ListingLimits> {
  /** Bytes a file may have. Default 1 MiB. */
  readonly maxFileBytes?: number;
  /** Bytes all files may have together; more makes the source unreadable. Default 256 MiB. */
  readonly maxTotalBytes?: number;
  /** Looks at a tree that keeps changing before giving up. Default 5. */
  readonly maxAttempts?: number;
  /** Milliseconds before the second look; doubled for each further one. Default 20. */
  readonly retryWaitMs?: number;
  /** Milliseconds to wait for a git checkout in progress, in all. Default 10,000. */
  readonly checkoutWaitMs?: number;
  /**
   * All files of an earlier reading, as it gave them. One that still has the same content is given back as the same object, and
   * so is the list when all have: so whoever has judged them knows that without looking. Default: none.
   */
  readonly known?: readonly SourceFile[];
  /**
   * Told of each file whose content is not known, as soon as it is read. The tree may still turn out to be not at rest; then it
   * is read again, and files may be told of that are not there any more. Default: nobody is told.
   */
  readonly onNew?: (file: SourceFile) => void;
  /** A first look that was had before, as {@link lookAhead} gives it. Default: none. */
  readonly ahead?: FirstLook | null;
  /** Locks of git that an earlier read waited for in vain, to be passed over now; this read adds to them. Default: none. */
  readonly staleLocks?: Set<string>;
  /** Told when something was not as it should be and was passed over: a stale `index.lock`. */
  readonly onWarning?: (message: string) => void;
  /** Default: real time. */
  readonly sleep?: (ms: number) => Promise<unknown>;
}

type Settings = Required<ReadConnectorsOptions>;

const DEFAULTS: Omit<Settings, 'staleLocks'> = {
  known: [],
  onNew: (): void => undefined,
  ahead: null,
  ...LISTING_LIMITS,
  maxFileBytes: 1024 * 1024,
  maxTotalBytes: 256 * 1024 * 1024,
  maxAttempts: 5,
  retryWaitMs: 20,
  checkoutWaitMs: 10_000,
  onWarning: (): void => undefined,
  sleep: delay,
};

/** Files read between two breaths of the event loop. */
const BREATH = 64;

/**
 * Read every definition file of a directory: `.yaml`, `.yml` and `.json` at any depth, without hidden names and
 * editors' temporary files.
 *
 * After it was read, each file is looked at again, and the tree is listed once more; there is no need when all is as in an
 * earlier reading. Where anything differs (a file is half written, a link was swapped), or a link leads nowhere, or a git checkout
 * holds its `index.lock`, it is read again after a short wait, a bounded number of times. What is still not at rest then is a
 * problem of its file; a whole tree that is not at rest is `unreadable`, since a file that is being moved might be seen nowhere.
 *
 * Never rejects, unless `sleep` does.
 */
export async function readConnectors(directory: string, options: ReadConnectorsOptions = {}): Promise<SourceReading> {
  const settings = { ...DEFAULTS, staleLocks: new Set<string>(), ...options };
  const checkout = createCheckoutWait(settings);
  for (let attempt = 1; ; attempt++) {
    await checkout.wait(directory);
    const early = attempt === 1 ? await useAhead(directory, settings) : null;
    const { reading, atRest } = early ?? (await readOnce(directory, settings, attempt === settings.maxAttempts));
    if (attempt >= settings.maxAttempts || (atRest && !checkout.inProgress(directory))) {
      return withKnownList(reading, settings.known);
    }
    await settings.sleep(settings.retryWaitMs * 2 ** (attempt - 1));
  }
}

/** The names in a tree. */
interface Found {
  /** When they were looked for first, in milliseconds since the epoch. */
  readonly at: number;
  readonly revision: string | null;
  readonly listing: Listing;
}

/** What a tree held at a first look: it is worth nothing before a second one finds it the same. */
export interface FirstLook extends Found {
  readonly contents: Contents;
}

/**
 * Have the first look before anybody asks, which is most of a reading: the second one, when it comes, finds whatever has changed since.
 *
 * @returns null when not all is well, which is for the reading itself to tell
 */
export async function lookAhead(directory: string, options: ReadConnectorsOptions = {}): Promise<FirstLook | null> {
  const settings = { ...DEFAULTS, staleLocks: new Set<string>(), ...options };
  const found = await list(directory, settings, false);
  const look = 'reading' in found ? found : await lookFirst(found, settings);
  if ('reading' in look) return null;
  const { listing, contents } = look;
  return listing.problems.length + contents.problems.length + contents.unsettled.length === 0 ? look : null;
}

/** @returns null where there was no look ahead, or where it does not hold any more */
async function useAhead(directory: string, settings: Settings): Promise<Attempt | null> {
  const { ahead, known, onNew } = settings;
  if (ahead === null) return null;
  const { reading, atRest } = await lookTwice(directory, settings, ahead);
  if (!atRest || reading.status !== 'ok' || !(await isAsRead(ahead, settings))) return null;
  // Meanwhile, another reading may have come to know these files.
  const findKnown = createFinder(known);
  const files = reading.files.map((file) => {
    const before = findKnown(file.path, file.bytes);
    if (before === null) onNew(file);
    return before ?? file;
  });
  return { reading: { ...reading, files }, atRest };
}

/**
 * Clocks of file systems may be coarse: what was changed shortly before it was read may have been changed again, and look the same.
 * @returns whether all such files are still what they were
 */
async function isAsRead(
  { at, listing, contents: { files, states } }: FirstLook,
  { maxFileBytes }: Settings,
): Promise<boolean> {
  const buffer = Buffer.allocUnsafeSlow(maxFileBytes + 1);
  for (const [index, { realPath }] of listing.files.entries()) {
    if (index % BREATH === BREATH - 1) await new Promise(setImmediate);
    if (states.isYoungerThan(index, at - COARSE_MS) && !stillHolds(realPath, files[index], buffer)) return false;
  }
  return true;
}

/** The coarsest clock of a file system that is in use: that of FAT. */
const COARSE_MS = 2_000;

interface Attempt {
  readonly reading: SourceReading;
  /** False when another look may tell more. */
  readonly atRest: boolean;
}

async function readOnce(directory: string, settings: Settings, isLast: boolean): Promise<Attempt> {
  const found = await list(directory, settings, isLast);
  if ('reading' in found) return found;
  // Who looked ahead was told that something has changed.
  if (settings.ahead === null && (await isKnownTree(found.listing.files, settings))) {
    return conclude(directory, found, { files: settings.known, problems: [], unsettled: [] }, []);
  }
  const look = await lookFirst(found, settings);
  return 'reading' in look ? look : lookTwice(directory, settings, look);
}

/** @returns an attempt when that is all there is to it */
async function list(directory: string, settings: Settings, isLast: boolean): Promise<Found | Attempt> {
  const at = Date.now();
  const revision = await readRevision(directory);
  const listing = await listFiles(directory, settings, 'names');
  if (listing.status === 'disturbed') return { reading: unreadable(listing.message), atRest: false };
  if (listing.status !== 'listed') return { reading: listing, atRest: true };
  if (listing.brokenLinks > 0 && !isLast) return { reading: unreadable('A link leads nowhere.'), atRest: false };
  return { at, revision, listing };
}

/** @returns an attempt when that is all there is to it */
async function lookFirst(found: Found, settings: Settings): Promise<FirstLook | Attempt> {
  const { listing } = found;
  const contents = await readFiles(listing.files, settings);
  if (contents === 'too large') {
    return { reading: unreadable(`The source holds more than ${settings.maxTotalBytes} bytes.`), atRest: true };
  }
  return { ...found, contents };
}

async function lookTwice(directory: string, settings: Settings, look: FirstLook): Promise<Attempt> {
  const moved = await lookAgain(directory, settings, look);
  return 'reading' in moved ? moved : conclude(directory, look, look.contents, moved);
}

/** @param moved paths of files that are not as they were when they were read */
async function conclude(
  directory: string,
  { revision, listing }: Found,
  contents: Omit<Contents, 'states'>,
  moved: readonly string[],
): Promise<Attempt> {
  const unsettled = new Set([...contents.unsettled, ...moved]);
  const tree: SourceTree = {
    status: 'ok',
    files: unsettled.size === 0 ? contents.files : contents.files.filter((file) => !unsettled.has(file.path)),
    problems: [
      ...listing.problems,
      ...contents.problems.filter((problem) => !unsettled.has(problem.file)),
      ...[...unsettled].map((path) =>
        sourceProblem('file_unreadable', path, 'The file keeps changing while it is being read.'),
      ),
    ].sort((left, right) => compareText(left.file, right.file)),
    revision,
  };
  return { reading: tree, atRest: unsettled.size === 0 && revision === (await readRevision(directory)) };
}

/**
 * Whether the whole tree is as it was when it was known to be at rest; what happens to it meanwhile, the next reading finds. Where it
 * holds anything else, nothing is said about it.
 */
async function isKnownTree(listed: readonly ListedFile[], { known, maxFileBytes }: Settings): Promise<boolean> {
  if (listed.length !== known.length) return false;
  const buffer = Buffer.allocUnsafeSlow(maxFileBytes + 1);
  let index = 0;
  for (const before of known) {
    if (index % BREATH === BREATH - 1) await new Promise(setImmediate);
    const file = listed[index++];
    if (file?.path !== before.path || !stillHolds(file.realPath, before, buffer)) return false;
  }
  return true;
}

function stillHolds(path: string, file: SourceFile | undefined, buffer: Buffer): boolean {
  try {
    return file !== undefined && file.bytes.length < buffer.length && holdsBytes(path, file.bytes, buffer);
  } catch {
    return false;
  }
}

/** @returns the paths of files that are not as they were when they were read; or what the attempt ends with */
async function lookAgain(
  directory: string,
  settings: Settings,
  { listing, contents }: FirstLook,
): Promise<readonly string[] | Attempt> {
  const moved = await findMoved(listing.files, contents.states);
  if ('status' in moved) return { reading: moved, atRest: true };
  const after = await listFiles(directory, settings, 'names');
  if (after.status === 'unreadable') return { reading: after, atRest: true };
  if (after.status !== 'listed' || !isSameListing(listing, after)) {
    return { reading: unreadable('The source keeps changing while it is being read.'), atRest: false };
  }
  return moved;
}

interface Contents {
  readonly files: readonly SourceFile[];
  /** Of each listed file that was read. */
  readonly states: FileStates;
  readonly problems: readonly Problem[];
  /** Paths of files that are not what was listed. */
  readonly unsettled: readonly string[];
}

async function readFiles(
  listed: readonly ListedFile[],
  { maxFileBytes, maxTotalBytes, known, onNew }: Settings,
): Promise<Contents | 'too large'> {
  const files: SourceFile[] = [];
  const states = createFileStates(listed.length);
  const problems: Problem[] = [];
  const unsettled: string[] = [];
  const findKnown = createFinder(known);
  const buffer = Buffer.allocUnsafeSlow(maxFileBytes + 1);
  let totalBytes = 0;
  for (const [index, file] of listed.entries()) {
    if (index % BREATH === BREATH - 1) await new Promise(setImmediate);
    try {
      const { stats, bytes } = readBounded(file.realPath, maxFileBytes, buffer);
      totalBytes += Math.min(stats.size, maxFileBytes);
      if (totalBytes > maxTotalBytes) return 'too large';
      // One that is too large may well be a log that grows: it is not looked at again.
      if (stats.isFile() && stats.size > maxFileBytes) {
        problems.push(sourceProblem('file_too_large', file.path, `The file is larger than ${maxFileBytes} bytes.`));
        continue;
      }
      // Not the file that was listed: replaced by something else, or written to.
      if (bytes === null || bytes.length !== stats.size) {
        unsettled.push(file.path);
        continue;
      }
      states.note(index, stats);
      const before = findKnown(file.path, bytes);
      if (before !== null) {
        files.push(before);
      } else {
        const read = { path: file.path, bytes: Buffer.from(bytes) };
        files.push(read);
        onNew(read);
      }
    } catch (error) {
      const code = errorCode(error);
      if (code !== null && REPLACED.has(code)) unsettled.push(file.path);
      else
        problems.push(sourceProblem('file_unreadable', file.path, `Cannot read the file (${code ?? String(error)}).`));
    }
  }
  return { files, states, problems, unsettled };
}

/** @returns finds a file as it is known, if that is still its content; to be asked in the order of paths, which is that of a reading */
function createFinder(known: readonly SourceFile[]): (path: string, bytes: Buffer) => SourceFile | null {
  const ahead = known.values();
  let next = ahead.next().value;
  return (path, bytes) => {
    while (next !== undefined && compareText(next.path, path) < 0) next = ahead.next().value;
    return next?.path === path && next.bytes.equals(bytes) ? next : null;
  };
}

/** With the list of files as it is known, if it holds just these. */
function withKnownList(reading: SourceReading, known: readonly SourceFile[]): SourceReading {
  if (reading.status !== 'ok' || reading.files.length !== known.length) return reading;
  return reading.files.every((file, index) => file === known[index]) ? { ...reading, files: known } : reading;
}

/** Look at each listed file again. @returns the paths of those that are not as they were when they were read */
async function findMoved(
  listed: readonly ListedFile[],
  states: FileStates,
): Promise<readonly string[] | SourceUnavailable> {
  const moved: string[] = [];
  for (const [index, { path, realPath }] of listed.entries()) {
    if (index % BREATH === BREATH - 1) await new Promise(setImmediate);
    try {
      const stats = lstatSync(realPath, { throwIfNoEntry: false });
      if (states.isNoted(index) && states.hasChanged(index, stats)) moved.push(path);
    } catch (error) {
      const code = errorCode(error);
      // In a directory that may be listed and not searched, no file can be told from one that is gone.
      if (code === null || !REPLACED.has(code)) {
        return unreadable(`"${path}" cannot be looked at (${code ?? String(error)}).`);
      }
      moved.push(path);
    }
  }
  return moved;
}

/** What opening a file says when something else has taken its place since it was listed. */
const REPLACED: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'ENXIO', 'ESTALE']);

function isSameListing(before: Listing, after: Listing): boolean {
  return (
    before.root === after.root &&
    before.rootIdentity === after.rootIdentity &&
    before.files.length === after.files.length &&
    before.files.every((file, index) => {
      const other = after.files[index];
      return file.path === other?.path && file.realPath === other.realPath;
    }) &&
    before.brokenLinks === after.brokenLinks &&
    before.problems.length === after.problems.length &&
    before.problems.every(({ file, code }, index) => {
      const other = after.problems[index];
      return file === other?.file && code === other.code;
    })
  );
}

function unreadable(message: string): SourceUnavailable {
  return { status: 'unreadable', message };
}
