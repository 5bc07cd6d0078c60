/** Places that `sync.ignore` names and whose live value nobody can carry along, because the server hides it. */

import type { AdoptChange, UpdateChange } from '../model/change.ts';
import type { JsonPointer } from '../model/connector.ts';
import { holdsMask, isAllMask } from '../model/masked-values.ts';
import { valueAt } from '../model/pointer.ts';

/**
 * The ignored places where a PUT would write the mask of a value over the value itself.
 *
 * A text that the file has word for word is taken for a text; what is a mask and nothing else never is.
 */
export function maskedPlaces({ desired, live, send }: AdoptChange | UpdateChange): readonly JsonPointer[] {
  return desired.sync.ignore.filter(
    (pointer) =>
      valueAt(live.config, pointer) !== undefined && isMasked(valueAt(send, pointer), valueAt(desired.config, pointer)),
  );
}

function isMasked(carried: unknown, own: unknown): boolean {
  if (typeof carried === 'string') return holdsMask(carried) && (carried !== own || isAllMask(carried));
  if (typeof carried !== 'object' || carried === null) return false;
  return Object.entries(carried).some(([segment, part]) => isMasked(part, valueAt(own, `/${segment}`)));
}
