/** Asks the daemon. */

/** The daemon answered, but not with what was asked for. */
export class AnswerError extends Error {
  readonly status: number;

  constructor(status: number) {
    super(`the daemon answered with status ${status}`);
    this.status = status;
  }
}

export interface Answer<T> {
  readonly body: T;
  /** When the daemon sent it, by its own clock; milliseconds since the epoch, in whole seconds. Null when it does not say. */
  readonly sentAt: number | null;
}

const TIMEOUT_MS = 15_000;

/**
 * @param url relative to the page, so that it works below any path
 * @throws AnswerError on a status other than 200; TypeError or DOMException when no answer came
 */
export async function fetchJson<T>(url: string, signal?: AbortSignal): Promise<Answer<T>> {
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  const response = await fetch(url, {
    cache: 'no-store',
    signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
  });
  if (response.status !== 200) throw new AnswerError(response.status);
  const sentAt = Date.parse(response.headers.get('date') ?? '');
  return { body: (await response.json()) as T, sentAt: Number.isNaN(sentAt) ? null : sentAt };
}
