/** The labels of a request. A server may answer with any status; the labels stay few. */

export const METHODS = {
  list: 'GET',
  get: 'GET',
  me: 'GET',
  create: 'POST',
  update: 'PUT',
  delete: 'DELETE',
} as const;

/** Without an answer. */
const NONE = 'none';

/** Told one by one, and from the start. */
export const STATUSES = ['200', '401', '403', '404', '409', '422', '429', '500', '502', '503', '504', NONE] as const;

/** The status itself, or its class when it is rare: `418` is `4xx`. */
export function statusLabel(status: number | null): string {
  if (status === null) return NONE;
  const text = String(status);
  return STATUSES.some((known) => known === text) ? text : `${text.slice(0, 1)}xx`;
}
