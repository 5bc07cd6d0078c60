/** What people are told: one condition that began or ended, of one connector or of the whole. */

import type { BlockCode, Cause } from '../model/change.ts';
import type { ConnectorRef } from '../model/event.ts';
import type { ProblemCode } from '../model/problem.ts';

/** What `notify.events` chooses among. `recovery` stands for the end of any of them. */
export type NoticeKind = 'drift' | 'failure' | 'brake' | 'api' | 'source';

/** What exactly it is; notices that agree in this and in their state are told together. Codes are API. */
export type Subject =
  'drift' | 'failed' | 'invalid' | 'blocked' | 'unauthorized' | 'unreachable' | 'unavailable' | BlockCode;

/**
 * - `begun`: it is so, and was not told yet
 * - `ended`: it was told, and is no longer so
 * - `healed`: a drift that was found and written over in one pass
 */
export type NoticeState = 'begun' | 'ended' | 'healed';

/** Where in a file something is wrong, and what; not the problem's message, which may quote what stands there. */
export interface ProblemPlace {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly code: ProblemCode;
}

/**
 * No part of it is the value of a field, not even masked: it leaves the place where values may be known. Texts are
 * bounded in length.
 */
export interface Notice {
  readonly kind: NoticeKind;
  readonly subject: Subject;
  readonly state: NoticeState;
  /** Null for what concerns more than one connector. */
  readonly connector: ConnectorRef | null;
  /** Relative to the source directory. */
  readonly file: string | null;
  /** Of a drift. */
  readonly cause: Cause | null;
  /** JSON Pointers to what differs: the first ten. */
  readonly fields: readonly string[];
  /** The first three. */
  readonly problems: readonly ProblemPlace[];
  /** How many fields or problems there are beyond those. */
  readonly more: number;
  /** HTTP status; null when there is none. */
  readonly status: number | null;
  /** A sentence, without a full stop. */
  readonly reason: string | null;
  /** How many changes a brake holds; null for all else. */
  readonly blocked: number | null;
  /** When it began; milliseconds since the epoch. */
  readonly since: number;
  /** How many passes it has lasted, from 1. */
  readonly passes: number;
}
