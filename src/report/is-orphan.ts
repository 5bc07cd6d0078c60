import type { Change } from '../model/change.ts';

/** True for a connector that no file defines any more and that is left alone: by policy, or because it is protected. */
export function isOrphan({ action, cause }: Change): boolean {
  return action === 'none' && cause === 'removed_from_source';
}
