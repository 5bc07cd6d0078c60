/** What a server can do to a call, by name: the table that tests of every operation go through. */

import type { Effect } from '../../src/sandbox/faults.ts';

export interface ServerFault {
  readonly name: string;
  /** Made when it is injected, for it may hold a time of day. */
  readonly effect: () => Effect;
  /** How many calls in a row it befalls. */
  readonly times: number;
}

/** A fault that leaves in the dark whether a write was made. */
export interface LostAnswer extends ServerFault {
  /** Whether it was. */
  readonly commits: boolean;
}

const status = (code: number, retryAfter?: () => string): (() => Effect) => {
  return () => ({ kind: 'status', status: code, ...(retryAfter !== undefined && { retryAfter: retryAfter() }) });
};
/** HTTP dates tell whole seconds. */
const inASecond = (): string => new Date(Date.now() + 1_000).toUTCString();
const LONG_AGO = 'Sun, 06 Nov 1994 08:49:37 GMT';

/** Faults that are answers which say what is wrong. */
export const REFUSALS: readonly ServerFault[] = [
  { name: '429 with seconds', effect: status(429, () => '1'), times: 1 },
  { name: '429 with an HTTP date', effect: status(429, inASecond), times: 1 },
  { name: '429 with a date that has passed', effect: status(429, () => LONG_AGO), times: 2 },
  { name: '429 with nonsense', effect: status(429, () => 'soon'), times: 2 },
  { name: '429 without a word', effect: status(429), times: 2 },
  { name: '500', effect: status(500), times: 2 },
  { name: '502', effect: status(502), times: 2 },
  { name: '503', effect: status(503), times: 2 },
  { name: '503 with seconds', effect: status(503, () => '1'), times: 1 },
  { name: '504', effect: status(504), times: 2 },
  { name: '307', effect: () => ({ kind: 'redirect-307', location: 'http://127.0.0.1:1/' }), times: 1 },
];

export const LOST_ANSWERS: readonly LostAnswer[] = [
  { name: 'a reset before the commit', effect: () => ({ kind: 'reset-before-commit' }), times: 2, commits: false },
  { name: 'no answer, ever', effect: () => ({ kind: 'hang' }), times: 1, commits: false },
  { name: 'a page of HTML with 200', effect: () => ({ kind: 'html-200' }), times: 2, commits: false },
  { name: 'a reset after the commit', effect: () => ({ kind: 'reset-after-commit' }), times: 2, commits: true },
  { name: '504 after it', effect: () => ({ kind: 'status-after-commit', status: 504 }), times: 2, commits: true },
  { name: 'no answer after the commit', effect: () => ({ kind: 'hang-after-commit' }), times: 1, commits: true },
  {
    name: 'a reset, and a late commit',
    effect: () => ({ kind: 'late-commit', delayMs: 150, close: true }),
    times: 1,
    commits: true,
  },
  { name: 'an answer that drips', effect: () => ({ kind: 'slow-drip', intervalMs: 30 }), times: 1, commits: true },
  { name: 'truncated JSON', effect: () => ({ kind: 'truncated-json' }), times: 2, commits: true },
  { name: 'half of a body', effect: () => ({ kind: 'cut-body' }), times: 2, commits: true },
  { name: 'another shape with 200', effect: () => ({ kind: 'wrong-shape' }), times: 2, commits: true },
  { name: 'a flood of headers', effect: () => ({ kind: 'header-flood' }), times: 2, commits: true },
  { name: '100 MB', effect: () => ({ kind: 'huge-answer' }), times: 2, commits: true },
];
