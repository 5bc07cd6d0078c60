/** Spans, as the stages may speak of them; there are some only where somebody has registered an OpenTelemetry SDK. */

import type { PassResult } from './pass.ts';

/** What a request is about; never a query, a header, or a name. */
export interface RequestAbout {
  readonly operation: string;
  readonly method: string;
  /** The path with `{id}` in place of a connector's id. */
  readonly route: string;
  readonly id: number | null;
}

/** Why a request failed, without a word of what was sent or answered. */
export interface RequestFault {
  /** HTTP status; null when no answer came. */
  readonly status: number | null;
  readonly kind: string;
}

export interface Tracing {
  /** A span around a pass; the requests in it are its children. */
  readonly pass: (run: () => Promise<PassResult>) => Promise<PassResult>;
  /** A span around one attempt of a request. */
  readonly request: <T>(
    about: RequestAbout,
    run: () => Promise<T>,
    faultOf: (error: unknown) => RequestFault,
  ) => Promise<T>;
}
