/** Makes sure that a connector which a list lacks is gone indeed: lists may be stale, or cut short. */

import { ApiError } from '../api/api-error.ts';
import type { ThrottledClient } from './throttled-client.ts';
import { StoppedError } from './throttled-client.ts';

/**
 * Resolves when the server says, asked about this connector alone, that there is none.
 *
 * @throws StoppedError when it is there after all (`exhausted`: another list will have it), or nobody can tell. In the first case it
 *   is of no attempt: the server has answered, so that is no sign of an outage, and the write was not tried
 */
export async function ensureGone(client: Pick<ThrottledClient, 'get'>, id: number, signal: AbortSignal): Promise<void> {
  try {
    await client.get(id, signal);
  } catch (error) {
    if (error instanceof StoppedError && error.reason === 'gone') return;
    throw error;
  }
  throw new StoppedError(
    'get',
    'exhausted',
    0,
    new ApiError({
      kind: 'invalid_answer',
      method: 'GET',
      path: `/v1/connectors/${id}`,
      what: 'finds the connector that the list lacks',
      sent: true,
      status: 200,
    }),
  );
}
