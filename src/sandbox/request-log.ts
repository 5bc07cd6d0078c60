/** What was asked of the sandbox, for tests and for people who look on. */

import type { FaultKind } from './faults.ts';

export interface RecordedRequest {
  /** When it had arrived whole; milliseconds since the epoch. */
  readonly at: number;
  readonly method: string;
  /** With the query, as it was sent. */
  readonly path: string;
  /** The status of the answer; null while there is none, and when the connection was cut or left hanging. */
  readonly status: number | null;
  /** Parsed JSON with everything that was sent, unknown fields too; the text where it is not JSON; null without one. */
  readonly body: unknown;
  /** The fault that befell it. */
  readonly fault: FaultKind | null;
}

export interface RequestLog {
  /** In order of arrival; the latest 100,000 at most. */
  readonly requests: readonly RecordedRequest[];
  /** Note a request; the function returned notes the status of its answer. */
  begin(request: Omit<RecordedRequest, 'status' | 'body'> & { readonly text: string }): (status: number) => void;
  clear(): void;
}

const REMEMBERED = 100_000;
const DROPPED_AT_ONCE = 10_000;

export function createRequestLog(): RequestLog {
  const requests: { -readonly [Field in keyof RecordedRequest]: RecordedRequest[Field] }[] = [];
  return {
    requests,
    begin({ text, ...request }) {
      if (requests.length >= REMEMBERED) requests.splice(0, DROPPED_AT_ONCE);
      const record = { ...request, status: null as number | null, body: parsed(text) };
      requests.push(record);
      return (status) => {
        record.status = status;
      };
    },
    clear() {
      requests.length = 0;
    },
  };
}

function parsed(text: string): unknown {
  if (text === '') return null;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
