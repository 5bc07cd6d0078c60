/** Why a change was chosen. The types leave no gap. */

import type { Cause } from '../../model/change.ts';

export const CAUSE_GUIDE: Readonly<Record<Cause, string>> = {
  new: 'No binding, and no live connector of that name.',
  adopted: 'A connector that existed was bound to the definition.',
  ambiguous_name: 'It is not clear which live connector is meant.',
  in_sync: 'Nothing differs.',
  file_changed: 'The definition changed, the live connector did not.',
  remote_changed: 'Drift: the live connector changed, the definition did not.',
  both_changed: 'Drift too: both changed. The definition is written.',
  remote_deleted:
    'Drift: the live connector is gone; the only unbound one of its name, if there is one, takes its place.',
  pinned_id_missing: 'There is no live connector with the pinned `id`.',
  invalid: 'The definition is invalid; its connector is held as it is.',
  removed_from_source: 'No definition speaks of the bound connector any more.',
};
