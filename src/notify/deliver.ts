/** One message to the webhook: a few attempts, each with the address and the key as they are then. */

import type { Post, PostAnswer } from './post.ts';
import { signatureHeaders } from './sign.ts';

/** What is configured cannot be used now: a sentence that holds no part of it. */
interface Unreadable {
  readonly status: 'unreadable';
  readonly message: string;
}

export interface DeliverOptions {
  /** Asked before each attempt, and so is the key. */
  readonly readWebhook: () =>
    { readonly status: 'ok'; readonly url: URL } | { readonly status: 'missing' } | Unreadable;
  readonly readSecret: () =>
    { readonly status: 'ok'; readonly secret: string } | { readonly status: 'missing' } | Unreadable;
  readonly post: Post;
  readonly userAgent: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** From 0 up to, not including, 1. */
  readonly random: () => number;
  /** Resolves early when the signal aborts. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

export interface DeliverSignals {
  /** No more waiting: at most the attempt under way is finished. */
  readonly hurry: AbortSignal;
  /** Ends the attempt under way, too. */
  readonly abort: AbortSignal;
}

export type Delivery =
  | { readonly status: 'delivered'; readonly code: number }
  /** `permanent`: to send the same again is of no use. */
  | {
      readonly status: 'failed';
      readonly permanent: boolean;
      readonly code: number | null;
      readonly attempts: number;
      readonly error: string;
    };

export type Deliver = (body: string, signals: DeliverSignals) => Promise<Delivery>;

const PASSING: ReadonlySet<number> = new Set([408, 425, 429]);
/** The first, and three more. */
const MOST_ATTEMPTS = 4;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;

export function createDeliver({
  readWebhook,
  readSecret,
  post,
  userAgent,
  now,
  random,
  sleep,
}: DeliverOptions): Deliver {
  const attempt = async (body: string, signal: AbortSignal): Promise<PostAnswer> => {
    const [webhook, secret] = [readWebhook(), readSecret()];
    if (webhook.status === 'unreadable') return unanswered(webhook.message);
    if (secret.status === 'unreadable') return unanswered(secret.message);
    if (webhook.status === 'missing') return unanswered('No webhook is configured.');
    const headers = { 'content-type': 'application/json', 'user-agent': userAgent };
    // Signed for each attempt: a receiver may refuse what is older than a few minutes.
    const signature = secret.status === 'ok' ? signatureHeaders(secret.secret, body, now()) : {};
    return post({ url: webhook.url, headers: { ...headers, ...signature }, body, signal });
  };

  return async (body, { hurry, abort }) => {
    for (let attempts = 1; ; attempts += 1) {
      const answer = await attempt(body, abort);
      if (answer.status === 'answered' && isSuccess(answer.code)) return { status: 'delivered', code: answer.code };
      const permanent = answer.status === 'answered' && isRefusal(answer.code);
      const failed = { status: 'failed', permanent, attempts, ...explain(answer) } as const;
      if (!isWorthRepeating(answer) || attempts === MOST_ATTEMPTS || hurry.aborted) return failed;
      await sleep(pauseMs(attempts, answer, random()), hurry);
      if (hurry.aborted) return failed;
    }
  };
}

function unanswered(message: string): PostAnswer {
  return { status: 'unanswered', reason: message.replace(/\.$/u, '') };
}

function isSuccess(code: number): boolean {
  return code >= 200 && code < 300;
}

/** In a few seconds; a redirect is not, but it may be gone in a few minutes. */
function isWorthRepeating(answer: PostAnswer): boolean {
  return answer.status === 'unanswered' || answer.code >= 500 || PASSING.has(answer.code);
}

/** The receiver will not have this message, however often it is sent. */
function isRefusal(code: number): boolean {
  return code >= 400 && code < 500 && !PASSING.has(code);
}

function explain(answer: PostAnswer): { readonly code: number | null; readonly error: string } {
  if (answer.status === 'unanswered') return { code: null, error: answer.reason };
  const { code } = answer;
  const isRedirect = code >= 300 && code < 400;
  return { code, error: `the webhook answered ${code}${isRedirect ? ', a redirect, which is not followed' : ''}` };
}

/** Doubling with jitter in its upper half; the receiver's wish counts up to the longest pause. */
function pauseMs(attempts: number, answer: PostAnswer, random: number): number {
  const longest = FIRST_PAUSE_MS * 4 ** (attempts - 1);
  const wish = answer.status === 'answered' ? (answer.retryAfterMs ?? 0) : 0;
  return Math.min(LONGEST_PAUSE_MS, Math.max(wish, longest / 2 + (longest / 2) * random));
}
