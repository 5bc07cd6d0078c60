/** `databar-sync run`: the daemon. */

import { readTriggerToken } from '../../config/read-trigger-token.ts';
import type { Settings } from '../../config/settings.ts';
import { createRunLoop } from '../../daemon/run-loop.ts';
import { nextPassInMs } from '../../daemon/schedule.ts';
import { createShutdown } from '../../daemon/shutdown.ts';
import type { HttpServer } from '../../http/server.ts';
import { startHttpServer } from '../../http/server.ts';
import type { PassObserver } from '../../daemon/run-once.ts';
import { createConditionTracker } from '../../report/conditions.ts';
import { createHeartbeat } from '../../report/heartbeat.ts';
import type { StatusBoard } from '../../report/status.ts';
import { createStatusBoard } from '../../report/status.ts';
import { watchConnectors } from '../../source/watch-connectors.ts';
import { monotonicNow } from '../clock.ts';
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
  const sandbox = options.sandbox ? await enterSandbox(given, terminal.environment, options.sandboxPort) : null;
  const settings = sandbox?.settings ?? given;
  const apiKey = sandbox === null ? requireApiKey(settings, false) : (): string => 'sandbox';

  const board = createStatusBoard(VERSION, monotonicNow);
  const tracker = createConditionTracker(log.emit);
  const heartbeat = createHeartbeat(monotonicNow);
  const observer: PassObserver = {
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
    observer,
    warn: (message) => log.say('warn', message),
    onRequest: () => board.moved(),
  });

  const loop = createRunLoop({
    pass: async (request) => {
      logContext.pass = (logContext.pass ?? 0) + 1;
      return pipeline.pass(options.dryRun ? { ...request, plannedDeletes: new Set() } : request);
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

  const http = await openHttp(settings, board, () => loop.nudge('person'));
  const watcher = await watchConnectors(settings.source.dir, {
    debounceMs: settings.sync.debounce,
    onNudge: () => loop.nudge('files'),
    onDegraded: (reason) => log.emit({ event: 'watch.degraded', reason }),
  });

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

  const shutdown = createShutdown({
    graceMs: settings.shutdown.grace,
    drain: () => loop.stop(),
    abort: pipeline.abort,
    drained: loop.run(),
  });
  const stop = (signal: NodeJS.Signals): void => {
    log.emit({ event: 'daemon.stopping', signal });
    shutdown.signal();
  };
  const nudge = (): void => loop.nudge('person');
  terminal.process.on('SIGTERM', stop).on('SIGINT', stop).on('SIGHUP', nudge);

  const exitCode = await shutdown.finished;

  terminal.process.off('SIGHUP', nudge);
  await watcher.close();
  await http?.close();
  await pipeline.close();
  await sandbox?.close();
  log.emit({ event: 'daemon.stopped', exitCode });
  terminal.process.off('SIGTERM', stop).off('SIGINT', stop);
  return exitCode;
}

async function openHttp(settings: Settings, board: StatusBoard, onTrigger: () => void): Promise<HttpServer | null> {
  const { listen } = settings.http;
  if (listen === null) return null;
  try {
    return await startHttpServer({
      ...listen,
      limits: { intervalMs: settings.sync.interval, timeoutMs: settings.api.timeout },
      status: board.read,
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
