/** `databar-sync sync`: one pass, then exit. */

import { resolve } from 'node:path';
import type { EmitEvent, SyncEvent } from '../../model/event.ts';
import type { PassResult } from '../../model/pass.ts';
import type { Objection } from '../../model/plan-seal.ts';
import { compareSeals } from '../../plan/compare-seals.ts';
import { sealPlan } from '../../plan/seal-plan.ts';
import { createConditionTracker } from '../../report/conditions.ts';
import { plainText } from '../../report/plain-text.ts';
import { isAllWell, renderSyncText, syncDocument } from '../../report/render-sync.ts';
import type { CommonOptions } from '../common-options.ts';
import { composePipeline } from '../compose.ts';
import type { Limit } from '../limit-to-paths.ts';
import { createCover, describeLimit, limitToPaths } from '../limit-to-paths.ts';
import { compareSettings, planSettings, readPlanFile } from '../plan-file.ts';
import { openTracing } from '../open-tracing.ts';
import { displayFileFrom, prepare, requireApiKey } from '../prepare.ts';
import { createProgress } from '../progress.ts';
import type { Output, Terminal } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';

export interface SyncOptions extends CommonOptions {
  readonly output: 'text' | 'json';
  readonly dryRun: boolean;
  /** Files, directories and globs that the pass is limited to; empty for all. */
  readonly paths: readonly string[];
  /** A plan that was reviewed: exactly this is applied, or nothing; null for whatever is to be done. */
  readonly plan: string | null;
  readonly quiet: boolean;
}

/** Who watches a terminal reads these in the result, at once after. */
const TOLD_BY_RESULT: ReadonlySet<string> = new Set<SyncEvent['event']>([
  'connector.created',
  'connector.adopted',
  'connector.updated',
  'connector.deleted',
  'connector.blocked',
  'connector.failed',
  'connector.orphaned',
  'drift.detected',
  'drift.healed',
  'pass.completed',
]);

/** @returns 0 when all is well; 1 when anything is invalid, blocked, failed or refused, or nothing could be read */
export async function syncCommand(terminal: Terminal, options: SyncOptions): Promise<number> {
  const progress = createProgress(terminal.stderr, options.quiet);
  const { settings, log, logContext } = prepare({ ...terminal, stderr: progress.output }, options, 'stderr');
  if (options.plan !== null && options.paths.length > 0) {
    throw new UsageError('--plan says which files it is limited to; name no paths beside it');
  }
  const apiKey = requireApiKey(settings, true);
  const reviewed = options.plan === null ? null : readPlanFile(resolve(terminal.cwd, options.plan), apiKey());
  const limit =
    reviewed === null ? await limitToPaths(terminal.cwd, settings.source.dir, options.paths) : reviewed.file.limit;

  const isWatched = terminal.stderr.isTerminal && options.output === 'text';
  const emit: EmitEvent = (event) => {
    if (!isWatched || !TOLD_BY_RESULT.has(event.event)) log.emit(event);
  };
  const tracker = createConditionTracker(emit);
  const stop = new AbortController();
  const pipeline = composePipeline({
    settings,
    environment: terminal.environment,
    apiKey,
    stateMode: options.dryRun ? 'read' : 'write',
    dryRun: options.dryRun,
    covers: limit === null ? null : createCover(limit),
    review: (facts) => {
      if (reviewed === null) return [];
      const { file, key } = reviewed;
      const settingsMoved = compareSettings(file.settings, planSettings(settings));
      return settingsMoved.length > 0 ? settingsMoved : compareSeals(file.seal, sealPlan(facts, key.fingerprint));
    },
    emit,
    observer: {
      sourceRead: (source, revision) => {
        logContext.revision = revision;
        tracker.sourceRead(source);
      },
      planned: (desired, braked) => {
        tracker.planned(desired, braked);
        progress.begin(braked.plan);
      },
      outcome: (outcome) => {
        tracker.outcome(outcome);
        progress.step(outcome);
      },
    },
    warn: (message) => log.say('warn', message),
    onRequest: () => undefined,
    tracing: await openTracing(settings.api.baseUrl, (message) => log.say('warn', message)),
    onSecret: terminal.scrubber.learn,
  });
  const onSignal = (): void => stop.abort();
  terminal.process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
  try {
    const result = await pipeline.pass({ signal: stop.signal, plannedDeletes: null, honourBackOff: false });
    progress.end();
    tracker.passCompleted(result, { nextInMs: null, heartbeat: false });
    const displayFile = displayFileFrom(terminal.cwd, settings.source.dir);
    await terminal.stdout.print(
      options.output === 'json'
        ? `${JSON.stringify(syncDocument(result, displayFile), null, 2)}\n`
        : renderText(result, limit, { colour: terminal.stdout.colour, quiet: options.quiet }),
    );
    return isAllWell(result) ? 0 : 1;
  } finally {
    terminal.process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
    await pipeline.close();
  }
}

function renderText(
  result: PassResult,
  limit: Limit | null,
  { colour, quiet }: Pick<Output, 'colour'> & { readonly quiet: boolean },
): string {
  if (result.objections.length > 0) return renderRefusal(result.objections);
  const text = renderSyncText(result, { colour, quiet });
  return limit === null || quiet ? text : `${plainText(describeLimit(limit))}\n${text}`;
}

/** The JSON output tells all. */
const MAX_TOLD = 50;

function renderRefusal(objections: readonly Objection[]): string {
  const rows = objections
    .slice(0, MAX_TOLD)
    .map(({ key, message }) => `  ${plainText(key === null ? message : `${key}: ${message}`)}`);
  const more = objections.length - rows.length;
  return [
    'The plan is not applied, for something has moved since it was made:',
    ...rows,
    ...(more > 0 ? [`  … and ${more} more`] : []),
    'Nothing was written. Look at a new plan: databar-sync plan --out',
    '',
  ].join('\n');
}
