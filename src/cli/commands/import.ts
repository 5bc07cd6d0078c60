/** `databar-sync import`: live connectors to YAML files. It sends only GET, takes no lock, and writes no secret. */

import { readdirSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { StoppedError } from '../../apply/throttled-client.ts';
import { createDesiredLoader } from '../../desired/load-desired.ts';
import { parseYaml } from '../../desired/parse-yaml.ts';
import { variablesNamedIn } from '../../import/env-example.ts';
import { createNameMatcher } from '../../import/name-glob.ts';
import type { DroppedDefinition, ImportPlan } from '../../import/plan-import.ts';
import { planImport, SINGLE_FILE } from '../../import/plan-import.ts';
import type { LiveConnector, ValidConnector } from '../../model/connector.ts';
import { looksLikeCredential } from '../../model/credential-name.ts';
import { listSome } from '../../model/list-some.ts';
import type { Problem } from '../../model/problem.ts';
import type { SourceTree } from '../../model/source.ts';
import { maskIfUrl, maskUrl } from '../../report/mask-url.ts';
import type { ImportReport } from '../../report/render-import.ts';
import { importDocument, isImportWell, renderImportText } from '../../report/render-import.ts';
import { readConnectors } from '../../source/read-connectors.ts';
import { createFingerprint } from '../../state/fingerprint.ts';
import { openStateStore } from '../../state/state-store.ts';
import { monotonicNow } from '../clock.ts';
import type { CommonOptions } from '../common-options.ts';
import { composeClient } from '../compose-client.ts';
import { dropUnchanged } from '../drop-unchanged.ts';
import { findClaims } from '../find-claims.ts';
import { findEnvExample, findSchema, relativePath } from '../neighbour-files.ts';
import type { Prepared } from '../prepare.ts';
import { displayFileFrom, prepare, requireApiKey } from '../prepare.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';
import { placeholdersOf, pretendToWrite, writeImport, writeNeighbours } from '../write-import.ts';

export interface ImportOptions extends CommonOptions {
  /** Globs over names of connectors. */
  readonly only: readonly string[];
  readonly exclude: readonly string[];
  /** Headers whose values are no secrets. */
  readonly keepHeaders: readonly string[];
  readonly singleFile: boolean;
  readonly overwrite: boolean;
  readonly dryRun: boolean;
  readonly quiet: boolean;
  readonly output: 'text' | 'json';
}

/** @returns 0; 1 when a file could not be written, or a live connector is no valid definition */
export async function importCommand(terminal: Terminal, options: ImportOptions): Promise<number> {
  checkKeptHeaders(options.keepHeaders);
  const prepared = prepare(terminal, options, 'stderr');
  const { settings } = prepared;
  const directory = resolve(terminal.cwd, settings.source.dir);
  const displayFile = displayFileFrom(terminal.cwd, directory);

  const live = await listLive(terminal, prepared);
  const isWanted = createSelection(options);
  const wanted = live.filter(({ config }) => isWanted(config.name));
  const tree = await readTree(directory);
  const schema = findSchema(directory);
  const host = new URL(settings.api.baseUrl).host;
  const wholePlan = planImport({
    live: wanted,
    ...claimsOf(tree, live, terminal, prepared),
    takenNames: takenNames(directory, tree),
    variables: new Map(tree.files.map(({ path, bytes }) => [path, variablesNamedIn(bytes.toString('utf8'))])),
    envPrefix: settings.secrets.envPrefix,
    singleFile: options.singleFile,
    overwrite: options.overwrite,
    host,
    schemaFor: (path) => relativePath(join(directory, path), join(schema.directory, schema.name)),
    hiding: { maskUrl, maskIfUrl, openHeaders: new Set(options.keepHeaders.map((name) => name.toLowerCase())) },
  });
  refuseToDrop(wholePlan.dropped, displayFile(SINGLE_FILE));
  const plan = dropUnchanged(wholePlan, tree.files, settings.secrets.envPrefix);
  const problems = problemsOf(plan, settings.secrets.envPrefix);
  if (options.singleFile && problems.some(({ code }) => code === 'file_too_large')) {
    throw new UsageError('one file cannot hold so many connectors (1000 and 1 MiB at most); leave out --single-file');
  }

  const imported = options.dryRun
    ? pretendToWrite(plan, displayFile)
    : writeImport(plan, directory, displayFile, options.quiet ? null : terminal.stderr);
  const written = new Set(imported.flatMap(({ file, error }) => (error === null ? [file] : [])));
  const placeholders = placeholdersOf(plan, displayFile).filter(({ file }) => written.has(file));
  const envExample = findEnvExample(directory);
  const variables = placeholders.map(({ variable }) => variable);
  const others = options.dryRun || written.size === 0 ? [] : writeNeighbours(schema, envExample, variables);
  const shown = (path: string): string => relative(terminal.cwd, path);
  const report: ImportReport = {
    imported,
    left: plan.left.map((one) => ({ ...one, file: displayFile(one.file) })),
    placeholders,
    problems: problems.map((problem) => ({ ...problem, file: displayFile(problem.file) })),
    otherFiles: others.map(({ file, error }) => ({ file: shown(file), error })),
    dryRun: options.dryRun,
  };
  const isWell = isImportWell(report);
  if (options.output === 'json') {
    await terminal.stdout.print(`${JSON.stringify(importDocument(report), null, 2)}\n`);
  } else if (!options.quiet || !isWell) {
    await terminal.stdout.print(
      renderImportText(report, {
        directory: settings.source.dir,
        host,
        envExample: shown(join(envExample.directory, envExample.name)),
        live: live.length,
        excluded: live.length - wanted.length,
      }),
    );
  }
  return isWell ? 0 : 1;
}

/** A promise that no secret gets into a file is not lifted by a flag. */
function checkKeptHeaders(names: readonly string[]): void {
  const refused = names.find(looksLikeCredential);
  if (refused === undefined) return;
  throw new UsageError(`--keep-header ${refused}: a header of this name holds a credential, which no file may hold`);
}

const MAX_DROPPED = 5;

/** One bad definition, or one that was not asked for, is never read as a deletion. */
function refuseToDrop(dropped: readonly DroppedDefinition[], file: string): void {
  if (dropped.length === 0) return;
  const named = dropped.map(({ key, reason }) => `${key} (${reason})`);
  throw new UsageError(
    `${file} is not written anew, and nothing else is, for these definitions in it would be lost: ${listSome(named, MAX_DROPPED)}. ` +
      'Mend those that are invalid, sync those that have no connector yet, and ask for the others too; or move them to another file',
  );
}

function createSelection({ only, exclude }: ImportOptions): (name: string) => boolean {
  const isIncluded = only.length === 0 ? (): boolean => true : createNameMatcher(only);
  const isExcluded = createNameMatcher(exclude);
  return (name) => isIncluded(name) && !isExcluded(name);
}

async function listLive(terminal: Terminal, { settings, log }: Prepared): Promise<readonly LiveConnector[]> {
  const { client, close } = composeClient({
    settings,
    environment: terminal.environment,
    apiKey: requireApiKey(settings, true),
    readOnly: true,
    onSecret: terminal.scrubber.learn,
    tracing: null,
    // What went wrong is told once, by the error below.
    emit: (event) => {
      if (event.event === 'api.throttled') log.emit(event);
    },
    onRequest: () => undefined,
    random: Math.random,
    now: monotonicNow,
  });
  try {
    return await client.list();
  } catch (error) {
    if (error instanceof StoppedError) throw new UsageError(`the connectors cannot be listed: ${error.message}`);
    throw error;
  } finally {
    await close();
  }
}

/** The definitions that are there; none when the directory is yet to be made. @throws UsageError */
async function readTree(directory: string): Promise<SourceTree> {
  const reading = await readConnectors(directory);
  if (reading.status === 'missing') return { status: 'ok', files: [], problems: [], revision: null };
  if (reading.status !== 'ok') throw new UsageError(reading.message);
  return reading;
}

function claimsOf(
  tree: SourceTree,
  live: readonly LiveConnector[],
  { environment }: Terminal,
  { settings, log }: Prepared,
): ReturnType<typeof findClaims> {
  const { envPrefix, dir: secretsDir } = settings.secrets;
  const store = openStateStore({
    directory: settings.state.dir,
    mode: 'read',
    now: monotonicNow,
    onRebuilt: () => undefined,
    onDegraded: (reason) => log.say('debug', `no state was read: ${reason}`),
    onRestored: () => undefined,
  });
  try {
    const bindings = store.bindings();
    const bound = new Set(bindings.map(({ key }) => key));
    const loader = createDesiredLoader({ placeholders: { environment, envPrefix, secretsDir }, values: 'optional' });
    const desired = loader.load(tree, (key) => bound.has(key));
    const fingerprint = createFingerprint(store.installationKey);
    const texts = new Map(tree.files.map(({ path, bytes }) => [path, bytes]));
    const fieldsOf = ({ file, document }: ValidConnector): Readonly<Record<string, unknown>> =>
      parseYaml(texts.get(file) ?? Buffer.alloc(0)).documents[document]?.fields ?? {};
    return findClaims({ desired, bindings, intents: store.intents(), live, fingerprint, fieldsOf });
  } finally {
    store.close();
  }
}

/** Whatever lies in the directory keeps its name, also under another extension, and where case is not told apart. */
function takenNames(directory: string, tree: SourceTree): ReadonlySet<string> {
  const entries = (() => {
    try {
      return readdirSync(directory);
    } catch {
      return [];
    }
  })();
  const paths = [...entries, ...tree.files.map(({ path }) => path)];
  return new Set(paths.map((path) => path.replace(/\.(?:ya?ml|json)$/iu, '').toLowerCase()));
}

/** What would be wrong with the new files, however their placeholders are filled in. */
function problemsOf({ files }: ImportPlan, envPrefix: string): readonly Problem[] {
  const placeholders = { environment: {}, envPrefix, secretsDir: null };
  const loader = createDesiredLoader({ placeholders, values: 'optional' });
  const tree: SourceTree = {
    status: 'ok',
    files: files.map(({ path, text }) => ({ path, bytes: Buffer.from(text) })),
    problems: [],
    revision: null,
  };
  const { invalid } = loader.load(tree, () => false);
  return invalid.flatMap(({ problems }) => problems.filter(({ severity }) => severity === 'error'));
}
