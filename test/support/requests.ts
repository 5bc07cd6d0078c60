/** What the sandbox was asked to write, in the order of arrival. */

import type { RecordedRequest } from '../../src/sandbox/request-log.ts';

interface Asked {
  readonly requests: readonly RecordedRequest[];
}

/** Everything but GET. */
export function writesTo({ requests }: Asked): readonly RecordedRequest[] {
  return requests.filter(({ method }) => method !== 'GET');
}

export function deletesTo({ requests }: Asked): readonly RecordedRequest[] {
  return requests.filter(({ method }) => method === 'DELETE');
}

/** The values of one field in the bodies of all PUTs to one connector. */
export function putsOf({ requests }: Asked, id: number, field: string): readonly unknown[] {
  return requests
    .filter(({ method, path }) => method === 'PUT' && path.endsWith(`/${id}`))
    .map(({ body }) => (body as Readonly<Record<string, unknown>>)[field]);
}
