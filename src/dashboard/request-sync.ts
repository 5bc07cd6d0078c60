/** Asks for a pass. */

export type SyncAnswer = 'accepted' | 'token-needed' | 'off' | 'failed';

/** @param token null asks without one, to learn whether the trigger is on */
export async function requestSync(token: string | null): Promise<SyncAnswer> {
  try {
    const { status } = await fetch('api/sync', {
      method: 'POST',
      headers: token === null ? {} : { authorization: `Bearer ${token}` },
    });
    switch (status) {
      case 202:
        return 'accepted';
      case 401:
        return 'token-needed';
      case 404:
        return 'off';
      default:
        return 'failed';
    }
  } catch {
    return 'failed';
  }
}
