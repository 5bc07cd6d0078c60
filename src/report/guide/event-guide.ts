/** Every event of the log: when it is told, and what to do then. The types leave no gap. */

import type { EventName } from '../../model/event.ts';

export interface EventGuide {
  /** When it is logged. */
  readonly when: string;
  /** What to do about it; null when nothing is to be done. */
  readonly remedy: string | null;
}

/** In the order in which pages tell them. */
export const EVENT_GUIDE: Readonly<Record<EventName, EventGuide>> = {
  'daemon.started': { when: 'once, before the first pass', remedy: null },
  'daemon.stopping': { when: 'SIGTERM or SIGINT came; what is under way finishes, nothing new begins', remedy: null },
  'daemon.stopped': {
    when: 'the last line; `exitCode` is 1 when work under way had to be broken off',
    remedy: 'With `exitCode` 1, raise `shutdown.grace`, and the grace period of what stops the container.',
  },
  'pass.completed': {
    when: 'a pass is done; at debug level when nothing was told since the pass before, but for one in ten minutes',
    remedy: null,
  },
  'connector.created': { when: 'a definition had no connector, and now has one', remedy: null },
  'connector.adopted': {
    when:
      'a definition without a binding took over a connector that existed, by its pinned `id` or as the only one of ' +
      'that name; when fields differed, `connector.updated` follows',
    remedy: null,
  },
  'connector.updated': {
    when: 'a connector was written; `fields` says what differed before, `cause` why',
    remedy: null,
  },
  'connector.deleted': {
    when: 'the source no longer defines the connector, policy is `sync`, and no brake held it',
    remedy: null,
  },
  'connector.invalid': {
    when: 'a definition, or a whole file, cannot be used: its connector is held as it is; again when the problems change',
    remedy:
      'Mend the file at the line that is named; `databar-sync explain` and the problem code says more. Until then the connector stays as it is.',
  },
  'connector.blocked': {
    when: 'a change to one connector waits for a person, or for its cause to pass; brakes are told by `brake.engaged`',
    remedy: 'Read the reason; `databar-sync explain` and the code says what releases it.',
  },
  'connector.failed': {
    when:
      'a write failed; again when status, kind of failure or problems change. `retryInMs` is null when only new content ' +
      'helps, `status` is null when no answer came',
    remedy:
      'Look at `status` and `error`: a 4xx needs another content, a 5xx or none is tried again by itself after `retryInMs`.',
  },
  'connector.recovered': {
    when: 'what was told of a connector has ended; `was` says what: invalid, blocked, failed or orphaned',
    remedy: null,
  },
  'connector.orphaned': {
    when: 'the source no longer defines the connector, and policy does not delete it',
    remedy: 'Delete the connector in the web app, put its definition back, or run with policy `sync`, which deletes.',
  },
  'connector.adjusted': {
    when: 'the server kept something else than it was sent, such as a `rate_limit` capped by plan; once for the same fields and values',
    remedy: 'Nothing, or write the value that the server keeps into the file; the plan of the workspace may cap it.',
  },
  'drift.detected': {
    when: 'the live connector changed or vanished, and databar-sync did not do it; before it is healed',
    remedy:
      'Find who edits outside of git. To keep such an edit, write it into the file; to leave a field to the web app, name it in `sync.ignore`.',
  },
  'drift.healed': { when: 'the definition was written over the drift', remedy: null },
  'drift.cleared': { when: 'a drift is gone without a write of databar-sync', remedy: null },
  'brake.engaged': {
    when:
      'a brake holds changes back; again when its reason or what it holds changes. `keys` names the first ten. ' +
      'At info level only for `unconfirmed_delete`, which the next pass releases',
    remedy: 'Read the reason and look at `plan`; `databar-sync explain` and the code says what lifts it.',
  },
  'brake.released': { when: 'a brake holds nothing back any more', remedy: null },
  'api.throttled': {
    when: 'the server asked for quiet (429, or 503 with Retry-After); every request waits `pauseMs`',
    remedy: 'Nothing, unless it goes on: then lower `limits.rate`, and see who else uses the same API key.',
  },
  'api.unauthorized': {
    when: 'the server refuses the key; nothing more is written in that pass, and each pass tries the key again',
    remedy:
      'Check the API key: in `DATABAR_API_KEY`, or in the file of `DATABAR_API_KEY_FILE`, which is read again at each pass. No restart is needed.',
  },
  'api.unreachable': {
    when: 'the live connectors could not be listed, retries included',
    remedy: 'Check the network, proxy and `api.baseUrl`, and the state of the API. It is tried again at each pass.',
  },
  'api.recovered': { when: 'the API answers again, or accepts the key again', remedy: null },
  'source.unavailable': {
    when: 'the source directory is missing or cannot be read whole; everything stays as it is',
    remedy: 'Check the mount, git-sync and the permissions of `source.dir`. Nothing is changed or deleted meanwhile.',
  },
  'source.recovered': { when: 'the source directory can be read again', remedy: null },
  'watch.degraded': {
    when: 'the system grants no file events; the source is looked at every 5 s instead, until the process ends',
    remedy:
      'Raise `fs.inotify.max_user_watches` or the limit of open files; until then changes are seen within 5 seconds.',
  },
  'state.rebuilt': {
    when: 'the state file was damaged or replaced: it was set aside, and a new one begun',
    remedy:
      'Look at the disk and at who else writes to `state.dir`. Connectors were found again by `id` and name; the damaged file lies beside.',
  },
  'notify.failed': {
    when:
      'a message to the webhook was not taken, attempts included; again when notices begin to be dropped. `waiting` and ' +
      '`dropped` count notices, `status` is null when no answer came',
    remedy:
      'Look at `error` and `status`, and try `databar-sync notify`. 401, 403 and 404 are a revoked or mistyped address. Syncing goes on, and what waits is sent by itself.',
  },
  'notify.recovered': { when: 'the webhook takes messages again', remedy: null },
};
