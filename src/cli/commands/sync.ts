/** `databar-sync sync`: one pass, then exit. */

import { createConditionTracker } from '../../report/conditions.ts';
import { isAllWell, renderSyncText, syncDocument } from '../../report/render-sync.ts';
import { composePipeline } from '../compose.ts';
import { openTracing } from '../open-tracing.ts';
import { createProgress } from '../progress.ts';
import type { CommonOptions } from '../common-options.ts';
import { parserOf } from '../parse-files.ts';
import { displayFileFrom, prepare, requireApiKey } from '../prepare.ts';
import type { Terminal } from '../terminal.ts';

export interface SyncOptions extends CommonOptions {
  readonly output: 'text' | 'json';
  readonly dryRun: boolean;
}

/** @returns 0 when all is well; 1 when anything is invalid, blocked or failed, or nothing could be read */
export async function syncCommand(terminal: Terminal, options: SyncOptions): Promise<number> {
  const { settings, log, logContext } = prepare(terminal, options, 'stderr');
  const tracker = createConditionTracker(log.emit);
  const progress = createProgress(terminal.stderr);
  const stop = new AbortController();
  const pipeline = composePipeline({
    settings,
    environment: terminal.environment,
    parseFiles: parserOf(terminal),
    apiKey: requireApiKey(settings, true),
    stateMode: options.dryRun ? 'read' : 'write',
    dryRun: options.dryRun,
    emit: log.emit,
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
        : renderSyncText(result),
    );
    return isAllWell(result) ? 0 : 1;
  } finally {
    terminal.process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
    await pipeline.close();
  }
}
