/** One attempt to hand a message over. */

export interface PostRequest {
  readonly url: URL;
  readonly headers: Record<string, string>;
  readonly body: string;
  /** Ends the attempt. */
  readonly signal: AbortSignal;
}

export type PostAnswer =
  | { readonly status: 'answered'; readonly code: number; readonly retryAfterMs: number | null }
  /** `reason` completes "the webhook ...": `was not answered within 10000 ms`. It holds no part of the address. */
  | { readonly status: 'unanswered'; readonly reason: string };

/** It never throws, follows no redirect, and takes in only so much of an answer. */
export type Post = (request: PostRequest) => Promise<PostAnswer>;
