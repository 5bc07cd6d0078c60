/**
 * Scripted faults: what goes wrong, on which calls, how often.
 *
 * | kind | what the client sees | is a write made? |
 * |---|---|---|
 * | `status` | that status, with a `detail` | no |
 * | `echo-422` | 422 that repeats every value sent, and the API key | no |
 * | `html-200` | 200 with a web page, as a captive portal sends | no |
 * | `redirect-307` | 307 to `location` | no |
 * | `reset-before-commit` | the connection reset | no |
 * | `hang` | nothing, on an open connection | no |
 * | `status-after-commit` | that status | yes |
 * | `reset-after-commit` | the connection reset | yes |
 * | `hang-after-commit` | nothing, on an open connection | yes |
 * | `late-commit` | nothing, on an open or (with `close`) a reset connection | yes, `delayMs` later |
 * | `slow-drip` | the right answer, a byte every `intervalMs` | yes |
 * | `truncated-json` | a well-framed answer that holds half of the JSON | yes |
 * | `cut-body` | half of the announced body, then the connection closed | yes |
 * | `wrong-shape` | the right status with valid JSON of another shape | yes |
 * | `header-flood` | the right answer behind 100 kB of response headers | yes |
 * | `huge-answer` | 200 with a JSON array of `bytes` bytes, mostly spaces | yes |
 * | `stale-list` | the list as it was | - |
 * | `short-list` | the first `count` of the list | - |
 */

import type { SandboxConnector } from './sandbox-connector.ts';

export type Operation = 'list' | 'create' | 'get' | 'update' | 'delete' | 'me';

interface Trigger {
  readonly on: Operation | 'any';
  /** How many calls it befalls; Infinity: until cleared. Default 1. */
  readonly times?: number;
  /** How many matching calls pass unharmed first. Default 0. */
  readonly after?: number;
  /** Chance that a matching call is befallen, 0 to 1. Default 1. */
  readonly probability?: number;
}

export interface StatusEffect {
  readonly kind: 'status' | 'status-after-commit';
  /** 400 to 599. */
  readonly status: number;
  /** Sent as it is: seconds, an HTTP date or nonsense. Absent: no such header. */
  readonly retryAfter?: string;
  /** The `detail` of the answer: any JSON. Default: a sentence, or for 422 a list of one entry. */
  readonly detail?: unknown;
}

/** What befalls a call of any kind. */
export type Effect =
  | StatusEffect
  | { readonly kind: 'reset-before-commit' | 'reset-after-commit' | 'hang' | 'hang-after-commit' }
  | { readonly kind: 'late-commit'; readonly delayMs: number; readonly close?: boolean }
  | { readonly kind: 'slow-drip'; readonly intervalMs: number }
  | { readonly kind: 'truncated-json' | 'cut-body' | 'html-200' | 'header-flood' }
  /** Default body: `{"ok": true}`. */
  | { readonly kind: 'wrong-shape'; readonly body?: unknown }
  | { readonly kind: 'redirect-307'; readonly location: string }
  /** Default 100,000,000 bytes; made as the client reads them. */
  | { readonly kind: 'huge-answer'; readonly bytes?: number }
  /** `detail` as a list of entries (default) or as one text. */
  | { readonly kind: 'echo-422'; readonly shape?: 'list' | 'text' };

/** What befalls a list. */
export type ListEffect =
  /** As it was so many changes ago; absent: as it was when the fault was injected. */
  | { readonly kind: 'stale-list'; readonly changesAgo?: number }
  | { readonly kind: 'short-list'; readonly count: number };

export type Fault = (Trigger & Effect) | (Trigger & { readonly on: 'list' } & ListEffect);

export type FaultKind = Fault['kind'];

/** A fault that befalls the call at hand. */
export interface StruckFault {
  readonly fault: Fault;
  /** The list when the fault was injected. */
  readonly snapshot: readonly SandboxConnector[];
}

export interface FaultQueue {
  inject(fault: Fault, snapshot: readonly SandboxConnector[]): void;
  /** The fault that befalls a call now, if any; uses up one of its times. */
  take(operation: Operation): StruckFault | null;
  clear(): void;
}

/**
 * Faults in the order in which they were injected: the first that matches befalls the call, and later ones do not
 * see that call.
 *
 * @param random from 0 up to, not including, 1.
 */
export function createFaultQueue(random: () => number): FaultQueue {
  let waiting: (StruckFault & { skip: number; left: number })[] = [];
  return {
    inject(fault, snapshot) {
      waiting.push({ fault, snapshot, skip: fault.after ?? 0, left: fault.times ?? 1 });
    },
    take(operation) {
      for (const entry of waiting) {
        if (entry.fault.on !== 'any' && entry.fault.on !== operation) continue;
        if (entry.skip > 0) {
          entry.skip -= 1;
          continue;
        }
        if (random() >= (entry.fault.probability ?? 1)) continue;
        entry.left -= 1;
        if (entry.left <= 0) waiting = waiting.filter((other) => other !== entry);
        return entry;
      }
      return null;
    },
    clear() {
      waiting = [];
    },
  };
}
