/** What the routes of the sandbox work with. */

import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';
import type { Workspace } from './answer-call.ts';
import type { Fault, FaultQueue } from './faults.ts';
import type { RequestLog } from './request-log.ts';
import type { Timers } from './timers.ts';

export interface SandboxParts {
  readonly workspace: Workspace;
  readonly faults: FaultQueue;
  readonly inject: (fault: Fault) => void;
  readonly log: RequestLog;
  readonly timers: Timers;
  readonly latencyMs: number;
  readonly now: () => number;
}

export type SandboxContext = Context<{ Bindings: HttpBindings }>;
