/**
 * The program's pipeline in this process: composed as the command line composes it, with a clock that only moves when it
 * is told to, and with deaths. A process that dies leaves its state directory as it is at that moment and its
 * connections cut; so here the directory is copied, the pipeline is broken off, and the next one starts from the copy.
 */

import { copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Pipeline } from '../../../src/cli/compose.ts';
import { composePipeline } from '../../../src/cli/compose.ts';
import { loadSettings } from '../../../src/config/load-settings.ts';
import { plannedBy } from '../../../src/daemon/confirmed-deletes.ts';
import type { Binding, Intent } from '../../../src/model/baseline.ts';
import type { PassResult } from '../../../src/model/pass.ts';
import { createConditionTracker } from '../../../src/report/conditions.ts';
import type { KillMoment, Setting } from './action.ts';
import type { Variables } from './definition.ts';

export interface Kill {
  readonly at: number;
  readonly when: KillMoment;
}

export interface PassOptions {
  readonly kill: Kill | null;
  readonly withdrawAt: number | null;
  readonly honourBackOff: boolean;
}

export interface PassReport {
  readonly result: PassResult;
  readonly killed: boolean;
  /** What the pass before had planned to delete. */
  readonly confirmable: ReadonlySet<string>;
}

export interface EngineOptions {
  /** Holds `connectors/`; the state goes beside it. */
  readonly directory: string;
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly setting: Setting;
  /** Milliseconds; real ones for requests, the engine's own for what waits to be settled. */
  readonly timeoutMs: number;
  /** Read anew at each pass. */
  readonly variables: Variables;
}

export interface Engine {
  pass(options: PassOptions): Promise<PassReport>;
  /** What `plan` would say, from a second process beside this one. */
  plan(): Promise<PassResult>;
  restart(options?: { readonly force?: boolean; readonly loseState?: boolean }): Promise<void>;
  /** Let this much time go by; milliseconds. */
  advance(ms: number): void;
  bindings(): readonly Binding[];
  intents(): readonly Intent[];
  /** What was said to people since somebody last took it out, serialised. */
  readonly said: string[];
  readonly stateDirectory: string;
  close(): Promise<void>;
}

export function openEngine(options: EngineOptions): Engine {
  const { directory, variables, apiKey } = options;
  const said: string[] = [];
  let clock = Date.UTC(2030, 0, 1);
  let lives = 0;
  let confirmable: ReadonlySet<string> = new Set();
  let onSend: () => void = () => undefined;
  let onAnswered: () => void = () => undefined;

  const stateDirectory = (): string => join(directory, `state-${lives}`);
  const compose = (mode: 'write' | 'read', force = false): Life => {
    let alive = true;
    const say = (what: unknown): void => {
      if (alive) said.push(JSON.stringify(what));
    };
    const tracker = createConditionTracker(say);
    const pipeline = composePipeline({
      tracing: null,
      onSecret: () => undefined,
      settings: settingsOf(options, stateDirectory(), force),
      environment: variables,
      apiKey: () => {
        if (mode === 'write' && alive) onSend();
        return apiKey;
      },
      stateMode: mode,
      dryRun: mode === 'read',
      emit: say,
      observer: {
        sourceRead: (source) => tracker.sourceRead(source),
        planned: (desired, braked) => tracker.planned(desired, braked),
        outcome: (outcome) => tracker.outcome(outcome),
      },
      warn: say,
      onRequest: () => {
        if (mode === 'write' && alive) onAnswered();
      },
      now: () => clock,
    });
    const end = (): void => {
      alive = false;
    };
    return { pipeline, tracker, end };
  };
  let life = compose('write');

  const die = (): void => {
    const last = stateDirectory();
    life.end();
    lives += 1;
    mkdirSync(stateDirectory());
    for (const file of ['state.db', 'state.db-wal']) {
      if (existsSync(join(last, file))) copyFileSync(join(last, file), join(stateDirectory(), file));
    }
    void life.pipeline.abort();
  };

  return {
    said,
    get stateDirectory() {
      return stateDirectory();
    },
    async pass({ kill, withdrawAt, honourBackOff }) {
      const withdraw = new AbortController();
      const before = confirmable;
      let sent = 0;
      let answered = 0;
      let killed = false;
      let over = false;
      const dieOnce = (): void => {
        if (killed || over) return;
        killed = true;
        die();
      };
      onSend = () => {
        sent += 1;
        if (withdrawAt !== null && sent > withdrawAt) withdraw.abort();
        if (kill === null || sent !== kill.at + 1 || kill.when === 'when it is answered') return;
        if (kill.when === 'before it is sent') dieOnce();
        else setImmediate(dieOnce);
      };
      onAnswered = () => {
        answered += 1;
        if (kill?.when === 'when it is answered' && answered === kill.at + 1) dieOnce();
      };
      const { pipeline, tracker } = life;
      const result = await pipeline.pass({ signal: withdraw.signal, plannedDeletes: before, honourBackOff });
      over = true;
      onSend = () => undefined;
      onAnswered = () => undefined;
      if (killed) {
        await pipeline.close();
        life = compose('write');
        confirmable = new Set();
      } else {
        tracker.passCompleted(result, { nextInMs: 0, heartbeat: false });
        confirmable = plannedBy(result, before);
      }
      return { result, killed, confirmable: before };
    },
    async plan() {
      const { pipeline } = compose('read');
      const { signal } = new AbortController();
      const result = await pipeline.pass({ signal, plannedDeletes: new Set(), honourBackOff: false });
      await pipeline.close();
      return result;
    },
    async restart({ force = false, loseState = false } = {}) {
      await life.pipeline.close();
      if (loseState) rmSync(stateDirectory(), { recursive: true });
      confirmable = new Set();
      life = compose('write', force);
    },
    advance(ms) {
      clock += ms;
    },
    bindings: () => life.pipeline.store.bindings(),
    intents: () => life.pipeline.store.intents(),
    close: async () => life.pipeline.close(),
  };
}

interface Life {
  readonly pipeline: Pipeline;
  readonly tracker: ReturnType<typeof createConditionTracker>;
  /** Nothing is heard of it from now on. */
  readonly end: () => void;
}

function settingsOf(
  { directory, baseUrl, setting, timeoutMs }: EngineOptions,
  stateDirectory: string,
  force: boolean,
): Parameters<typeof composePipeline>[0]['settings'] {
  const environment = {
    DATABAR_SYNC_DIR: join(directory, 'connectors'),
    DATABAR_SYNC_STATE_DIR: stateDirectory,
    DATABAR_BASE_URL: baseUrl,
    DATABAR_SYNC_TIMEOUT: `${timeoutMs}ms`,
    DATABAR_SYNC_POLICY: setting.policy,
    DATABAR_SYNC_DRIFT: setting.drift,
    DATABAR_SYNC_RATE: 'off',
    DATABAR_SYNC_CONCURRENCY: String(setting.concurrency),
    DATABAR_SYNC_RETRY_MAX_ATTEMPTS: '2',
    DATABAR_SYNC_RETRY_BASE_DELAY: '1ms',
    DATABAR_SYNC_RETRY_MAX_DELAY: '2ms',
  };
  return loadSettings({ flags: { 'sync.force': force }, environment, configFile: null, isTerminal: false }).settings;
}
