/** `databar-sync run`: the daemon. */

import type { Settings } from '../../config/settings.ts';
import { createAnnouncedRevision } from '../../daemon/announced-revision.ts';
import type { RunLoop } from '../../daemon/run-loop.ts';
import { createRunLoop } from '../../daemon/run-loop.ts';
import { nextPassInMs } from '../../daemon/schedule.ts';
import { createShutdown } from '../../daemon/shutdown.ts';
import type { Log } from '../../report/log.ts';
import { watchConnectors } from '../../source/watch-connectors.ts';
import { monotonicNow } from '../clock.ts';
import { composeNotifier } from '../compose-notifier.ts';
import type { Pipeline } from '../compose.ts';
import { composePipeline } from '../compose.ts';
import type { CommonOptions } from '../common-options.ts';
import { enterSandbox } from '../enter-sandbox.ts';
import type { MemoryKeeper } from '../give-back-memory.ts';
import { createMemoryKeeper } from '../give-back-memory.ts';
import { httpUrl } from '../http-url.ts';
import type { Observation } from '../observe.ts';
import { createObservation } from '../observe.ts';
import { openHttp } from '../open-http.ts';
import { openTracing } from '../open-tracing.ts';
import { prepare, requireApiKey } from '../prepare.ts';
import type { Terminal } from '../terminal.ts';
import { COMMIT, VERSION } from '../version.ts';

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

  const { dryRun } = options;
  // A dry run sends nothing to anybody.
  const notifier = dryRun
    ? null
    : composeNotifier(settings, terminal, {
        emit: (event) => observation.emit(event),
        sandbox: options.sandbox,
      });
  releases.defer(async () => notifier?.close());
  const announced = createAnnouncedRevision((revision, found) => log.say('warn', describeMissing(revision, found)));
  const observation = createObservation({
    settings,
    dryRun,
    sandbox: options.sandbox,
    log,
    logContext,
    witnesses: [
      ...(notifier === null ? [] : [notifier]),
      {
        told: () => undefined,
        passed: ({ source, revision }) => {
          if (source.status === 'ok') announced.read(revision);
        },
      },
    ],
  });
  const pipeline = composePipeline({
    settings,
    environment: sandbox?.environment ?? terminal.environment,
    apiKey,
    stateMode: dryRun ? 'read' : 'write',
    dryRun,
    emit: observation.emit,
    observer: observation.observer,
    warn: (message) => log.say('warn', message),
    onRequest: observation.requested,
    tracing: await openTracing(settings.api.baseUrl, (message) => log.say('warn', message)),
    onSecret: terminal.scrubber.learn,
  });
  observation.attach(pipeline);
  releases.defer(async () => pipeline.close());

  const memory = createMemoryKeeper(terminal.process);
  const loop = openLoop({ pipeline, settings, log, logContext, observation, memory, dryRun });
  // Before all that takes its time, so that a signal during the start is no sudden death.
  const runUntilSignalled = obeySignals(terminal, { loop, pipeline, settings, log, observation });
  const http = await openHttp({
    settings,
    observation,
    pipeline,
    scrubber: terminal.scrubber,
    onTrigger: (revision) => {
      if (revision === null) return loop.nudge('person');
      announced.announce(revision);
      loop.nudge('files');
    },
  });
  releases.defer(async () => http?.close());
  const watcher = await watchConnectors(settings.source.dir, {
    debounceMs: settings.sync.debounce,
    onLull: pipeline.lookAhead,
    onNudge: () => {
      observation.nudged();
      loop.nudge('files');
    },
    onDegraded: (reason) => observation.emit({ event: 'watch.degraded', reason }),
  });
  releases.defer(async () => watcher.close());

  observation.emit({
    event: 'daemon.started',
    version: VERSION,
    commit: COMMIT,
    sourceDir: settings.source.dir,
    baseUrl: settings.api.baseUrl,
    policy: settings.sync.policy,
    drift: settings.sync.drift,
    dryRun,
    sandbox: options.sandbox,
    listen: http === null ? null : httpUrl(http),
  });

  notifier?.start();

  const exitCode = await runUntilSignalled();
  await releases.disposeAsync();
  log.emit({ event: 'daemon.stopped', exitCode });
  return exitCode;
}

interface LoopParts {
  readonly pipeline: Pipeline;
  readonly settings: Settings;
  readonly log: Log;
  readonly logContext: { pass: number | null };
  readonly observation: Observation;
  readonly memory: MemoryKeeper;
  readonly dryRun: boolean;
}

function openLoop({ pipeline, settings, log, logContext, observation, memory, dryRun }: LoopParts): RunLoop {
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
    onMode: observation.modeChanged,
    onPass: (result, nextInMs) => {
      observation.passed(result, nextInMs);
      memory.rest();
    },
    onCrash: (error) => {
      observation.crashed();
      log.say('error', 'a pass broke off: this is a defect of databar-sync', { error: describe(error) });
    },
  });
}

/** @returns runs the loop to its end and gives the exit code; after a signal that came before, the end is near at once */
function obeySignals(
  { process }: Terminal,
  {
    loop,
    pipeline,
    settings,
    log,
    observation,
  }: Pick<LoopParts, 'pipeline' | 'settings' | 'log' | 'observation'> & { readonly loop: RunLoop },
): () => Promise<number> {
  const drained = Promise.withResolvers<void>();
  const shutdown = createShutdown({
    graceMs: settings.shutdown.grace,
    drain: () => loop.stop(),
    abort: pipeline.abort,
    drained: drained.promise,
  });
  const stop = (signal: NodeJS.Signals): void => {
    observation.emit({ event: 'daemon.stopping', signal });
    shutdown.signal();
  };
  const nudge = (): void => loop.nudge('person');
  process.on('SIGTERM', stop).on('SIGINT', stop).on('SIGHUP', nudge).on('SIGUSR2', log.cycleLevel);
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

function describeMissing(announced: string, found: string | null): string {
  const files = found === null ? 'the files are of no commit that can be told' : `the files are at ${found}`;
  return `git-sync announced commit ${announced}, but ${files}: does source.dir lead through the link that git-sync moves?`;
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
