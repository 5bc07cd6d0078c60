/** `databar-sync run`: the daemon. */

import { readTriggerToken } from '../../config/read-trigger-token.ts';
import type { Settings } from '../../config/settings.ts';
import type { RunLoop } from '../../daemon/run-loop.ts';
import { createRunLoop } from '../../daemon/run-loop.ts';
import { nextPassInMs } from '../../daemon/schedule.ts';
import { createShutdown } from '../../daemon/shutdown.ts';
import type { HttpServer } from '../../http/server.ts';
import { startHttpServer } from '../../http/server.ts';
import type { PassObserver } from '../../daemon/run-once.ts';
import type { ConditionTracker } from '../../report/conditions.ts';
import { createConditionTracker } from '../../report/conditions.ts';
import { createHeartbeat } from '../../report/heartbeat.ts';
import type { Log } from '../../report/log.ts';
import type { StatusBoard } from '../../report/status.ts';
import { createStatusBoard } from '../../report/status.ts';
import { watchConnectors } from '../../source/watch-connectors.ts';
import { monotonicNow } from '../clock.ts';
import type { Pipeline } from '../compose.ts';
import { composePipeline } from '../compose.ts';
import type { CommonOptions } from '../common-options.ts';
import { prepare, requireApiKey } from '../prepare.ts';
import { enterSandbox } from '../enter-sandbox.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';
import { VERSION } from '../version.ts';

export interface RunOptions extends CommonOptions {
  readonly sandbox: boolean;
  readonly sandboxPort: string;
  readonly dryRun: boolean;
}

/** @returns 0 after SIGTERM or SIGINT; 1 when in-flight work had to be broken off. Rejects when it cannot start. */
export async function runCommand(terminal: Terminal, options: RunOptions): Promise<number> {
  const { settings: given, log, logContext } = prepare(terminal, options, 'stdout');
  // Released in reverse order, also when a later step of the start fails.
  await using releases = new AsyncDisposableStack();
  releases.defer(logCrashes(terminal, log));

  const sandbox = options.sandbox ? await enterSandbox(given, terminal.environment, options.sandboxPort) : null;
  releases.defer(async () => sandbox?.close());
  const settings = sandbox?.settings ?? given;
  const apiKey = sandbox === null ? requireApiKey(settings, false) : (): string => 'sandbox';

  const board = createStatusBoard(VERSION, monotonicNow);
  const tracker = createConditionTracker(log.emit);
  const pipeline = composePipeline({
    settings,
    environment: sandbox?.environment ?? terminal.environment,
    apiKey,
    stateMode: options.dryRun ? 'read' : 'write',
    dryRun: options.dryRun,
    emit: (event) => {
      if (event.event === 'api.throttled') board.paused(event.pauseMs);
      log.emit(event);
    },
    observer: observePass(logContext, board, tracker),
    warn: (message) => log.say('warn', message),
    onRequest: () => board.moved(),
  });
  releases.defer(async () => pipeline.close());

  const loop = openLoop({ pipeline, settings, log, logContext, board, tracker, dryRun: options.dryRun });
  // Before all that takes its time, so that a signal during the start is no sudden death.
  const runUntilSignalled = obeySignals(terminal, { loop, pipeline, settings, log });
  const http = await openHttp(settings, board, () => loop.nudge('person'));
  releases.defer(async () => http?.close());
  const watcher = await watchConnectors(settings.source.dir, {
    debounceMs: settings.sync.debounce,
    onNudge: () => loop.nudge('files'),
    onDegraded: (reason) => log.emit({ event: 'watch.degraded', reason }),
  });
  releases.defer(async () => watcher.close());

  log.emit({
    event: 'daemon.started',
    version: VERSION,
    sourceDir: settings.source.dir,
    baseUrl: settings.api.baseUrl,
    policy: settings.sync.policy,
    drift: settings.sync.drift,
    dryRun: options.dryRun,
    sandbox: options.sandbox,
    listen: http === null ? null : `http://${http.host}:${http.port}`,
  });

  const exitCode = await runUntilSignalled();
  await releases.disposeAsync();
  log.emit({ event: 'daemon.stopped', exitCode });
  return exitCode;
}

function observePass(
  logContext: { revision: string | null },
  board: StatusBoard,
  tracker: ConditionTracker,
): PassObserver {
  return {
    sourceRead: (source, revision) => {
      logContext.revision = revision;
      board.setRevision(revision);
      tracker.sourceRead(source);
    },
    planned: (desired, braked) => tracker.planned(desired, braked),
    outcome: (outcome) => {
      board.moved();
      tracker.outcome(outcome);
    },
  };
}

interface LoopParts {
  readonly pipeline: Pipeline;
  readonly settings: Settings;
  readonly log: Log;
  readonly logContext: { pass: number | null };
  readonly board: StatusBoard;
  readonly tracker: ConditionTracker;
  readonly dryRun: boolean;
}

function openLoop({ pipeline, settings, log, logContext, board, tracker, dryRun }: LoopParts): RunLoop {
  const heartbeat = createHeartbeat(monotonicNow);
  return createRunLoop({
    pass: async (request) => {
      logContext.pass = (logContext.pass ?? 0) + 1;
      // A dry run confirms no delete, however often it plans it.
      return pipeline.pass(dryRun ? { ...request, plannedDeletes: new Set() } : request);
    },
    nextInMs: (result) =>
      nextPassInMs({
        intervalMs: settings.sync.interval,
        random: Math.random(),
        result,
        intents: pipeline.store.intents(),
        settleMs: settings.api.timeout,
        now: monotonicNow(),
      }),
    onMode: (mode) => board.setMode(mode),
    onPass: (result, nextInMs) => {
      board.setDurable(pipeline.store.durable);
      board.passed(result, nextInMs);
      tracker.passCompleted(result, { nextInMs, heartbeat: heartbeat.isDue() });
    },
    onCrash: (error) =>
      log.say('error', 'a pass broke off: this is a defect of databar-sync', { error: describe(error) }),
  });
}

/** @returns runs the loop to its end and gives the exit code; after a signal that came before, the end is near at once */
function obeySignals(
  { process }: Terminal,
  { loop, pipeline, settings, log }: Pick<LoopParts, 'pipeline' | 'settings' | 'log'> & { readonly loop: RunLoop },
): () => Promise<number> {
  const drained = Promise.withResolvers<void>();
  const shutdown = createShutdown({
    graceMs: settings.shutdown.grace,
    drain: () => loop.stop(),
    abort: pipeline.abort,
    drained: drained.promise,
  });
  const stop = (signal: NodeJS.Signals): void => {
    log.emit({ event: 'daemon.stopping', signal });
    shutdown.signal();
  };
  const nudge = (): void => loop.nudge('person');
  process.on('SIGTERM', stop).on('SIGINT', stop).on('SIGHUP', nudge);
  return async () => {
    drained.resolve(loop.run());
    return shutdown.finished;
  };
}

/** The last line of a daemon that dies of a defect is in its log, too. */
function logCrashes({ process }: Terminal, log: Log): () => void {
  const onCrash = (error: unknown): void =>
    log.say('fatal', 'databar-sync ends: this is a defect of it', { error: describe(error) });
  process.on('uncaughtExceptionMonitor', onCrash);
  return () => {
    process.off('uncaughtExceptionMonitor', onCrash);
  };
}

async function openHttp(settings: Settings, board: StatusBoard, onTrigger: () => void): Promise<HttpServer | null> {
  const { listen } = settings.http;
  if (listen === null) return null;
  try {
    return await startHttpServer({
      ...listen,
      limits: {
        intervalMs: settings.sync.interval,
        quietMs: Math.max(settings.api.timeout, settings.retry.maxDelay),
      },
      status: () => board.read(),
      triggerToken: () => {
        const reading = readTriggerToken(settings);
        return reading.status === 'ok' ? reading.secret : null;
      },
      onTrigger,
      now: monotonicNow,
    });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'an error';
    throw new UsageError(
      `cannot listen on ${listen.host}:${listen.port} (${code}); set http.listen to another address, or to off`,
    );
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
