/**
 * What the reference pages say about each event and code. The types leave no gap: who adds an event, a block code or a
 * cause to the model is asked by the compiler to describe it here.
 */

import type { BlockCode, Cause } from '../../src/model/change.ts';
import type { EventName, PassCounts, SyncEvent } from '../../src/model/event.ts';

export interface EventEntry<E extends SyncEvent = SyncEvent> {
  /** When it is logged; the level is not said here, for it is read off the examples. */
  readonly when: string;
  /** One for each level at which the event can be logged. */
  readonly examples: readonly [E, ...E[]];
}

const leadScore = { connector: { key: 'lead-score', id: 4711, name: 'Acme lead score' }, file: 'lead-score.yaml' };
const crmContact = {
  connector: { key: 'exporters/crm-contact', id: 4712, name: 'CRM contact upsert' },
  file: 'exporters/crm-contact.yaml',
};

const noCounts: PassCounts = {
  created: 0,
  adopted: 0,
  updated: 0,
  deleted: 0,
  unchanged: 0,
  drifted: 0,
  healed: 0,
  adjusted: 0,
  blocked: 0,
  held: 0,
  invalid: 0,
  failed: 0,
  orphaned: 0,
  unmanaged: 0,
};

/** In the order in which the page tells them. */
export const EVENTS: { readonly [Name in EventName]: EventEntry<Extract<SyncEvent, { event: Name }>> } = {
  'daemon.started': {
    when: 'once, before the first pass',
    examples: [
      {
        event: 'daemon.started',
        version: '0.1.0',
        sourceDir: '/git/current/connectors',
        baseUrl: 'https://api.databar.ai',
        policy: 'upsert-only',
        drift: 'heal',
        dryRun: false,
        sandbox: false,
        listen: 'http://0.0.0.0:8700',
      },
    ],
  },
  'daemon.stopping': {
    when: 'SIGTERM or SIGINT came; what is under way finishes, nothing new begins',
    examples: [{ event: 'daemon.stopping', signal: 'SIGTERM' }],
  },
  'daemon.stopped': {
    when: 'the last line; `exitCode` is 1 when work under way had to be broken off',
    examples: [{ event: 'daemon.stopped', exitCode: 0 }],
  },
  'pass.completed': {
    when: 'a pass is done; at debug level when nothing was told since the pass before, but for one in ten minutes',
    examples: [
      {
        event: 'pass.completed',
        durationMs: 412,
        nextInMs: 58_127,
        notable: true,
        ...noCounts,
        updated: 1,
        unchanged: 7,
      },
      { event: 'pass.completed', durationMs: 96, nextInMs: 61_904, notable: false, ...noCounts, unchanged: 8 },
    ],
  },
  'connector.created': {
    when: 'a definition had no connector, and now has one',
    examples: [{ event: 'connector.created', ...leadScore }],
  },
  'connector.adopted': {
    when:
      'a definition without a binding took over a connector that existed, by its pinned `id` or as the only one of ' +
      'that name; when fields differed, `connector.updated` follows',
    examples: [{ event: 'connector.adopted', ...leadScore }],
  },
  'connector.updated': {
    when: 'a connector was written; `fields` says what differed before, `cause` why',
    examples: [
      {
        event: 'connector.updated',
        cause: 'file_changed',
        fields: [
          { path: '/headers/0/value', live: 'hmac:9f1c03aa', desired: 'hmac:3b7e21d4' },
          { path: '/rate_limit', live: 50, desired: 45 },
        ],
        ...leadScore,
      },
    ],
  },
  'connector.deleted': {
    when: 'the source no longer defines the connector, policy is `sync`, and no brake held it',
    examples: [{ event: 'connector.deleted', ...leadScore }],
  },
  'connector.invalid': {
    when: 'a definition, or a whole file, cannot be used: its connector is held as it is; again when the problems change',
    examples: [
      {
        event: 'connector.invalid',
        connector: leadScore.connector,
        file: leadScore.file,
        problems: [
          {
            code: 'unknown_field',
            severity: 'error',
            file: 'lead-score.yaml',
            line: 20,
            column: 1,
            path: '/rate-limit',
            message: 'The definition has no field "rate-limit".',
            hint: 'Did you mean "rate_limit"?',
          },
        ],
      },
    ],
  },
  'connector.blocked': {
    when: 'a change to one connector waits for a person, or for its cause to pass; brakes are told by `brake.engaged`',
    examples: [
      {
        event: 'connector.blocked',
        code: 'ambiguous_name',
        reason: '2 live connectors have this name (ids 4711, 4718); pin one with `id`',
        connector: { ...leadScore.connector, id: null },
        file: leadScore.file,
      },
    ],
  },
  'connector.failed': {
    when:
      'a write failed; again when status, kind of failure or problems change. `retryInMs` is null when only new content ' +
      'helps, `status` is null when no answer came',
    examples: [
      {
        event: 'connector.failed',
        status: 422,
        attempts: 1,
        retryInMs: null,
        error: 'PUT /v1/connectors/4712 answered 422',
        problems: [
          {
            code: 'rejected_by_server',
            severity: 'error',
            file: 'exporters/crm-contact.yaml',
            line: 8,
            column: 11,
            path: '/headers/0/name',
            message: 'The server rejected this: Header not allowed',
            hint: null,
          },
        ],
        ...crmContact,
      },
    ],
  },
  'connector.recovered': {
    when: 'what was told of a connector has ended; `was` says what: invalid, blocked, failed or orphaned',
    examples: [{ event: 'connector.recovered', was: 'failed', ...crmContact }],
  },
  'connector.orphaned': {
    when: 'the source no longer defines the connector, and policy does not delete it',
    examples: [{ event: 'connector.orphaned', ...leadScore }],
  },
  'connector.adjusted': {
    when: 'the server kept something else than it was sent, such as a `rate_limit` capped by plan; once for the same fields and values',
    examples: [{ event: 'connector.adjusted', fields: ['rate_limit'], ...leadScore }],
  },
  'drift.detected': {
    when: 'the live connector changed or vanished, and databar-sync did not do it; before it is healed',
    examples: [
      {
        event: 'drift.detected',
        cause: 'remote_changed',
        fields: [
          {
            path: '/url',
            live: 'https://example.com/hijacked',
            desired: 'https://api.acme-scoring.example/v1/score',
          },
        ],
        ...leadScore,
      },
    ],
  },
  'drift.healed': {
    when: 'the definition was written over the drift',
    examples: [{ event: 'drift.healed', cause: 'remote_changed', ...leadScore }],
  },
  'drift.cleared': {
    when: 'a drift is gone without a write of databar-sync',
    examples: [{ event: 'drift.cleared', ...leadScore }],
  },
  'brake.engaged': {
    when:
      'a brake holds changes back; again when its reason or what it holds changes. `keys` names the first ten. ' +
      'At info level only for `unconfirmed_delete`, which the next pass releases',
    examples: [
      {
        event: 'brake.engaged',
        code: 'mass_delete',
        reason: '6 of 8 bound connectors would be deleted, more than 30 %; use --force if that is meant',
        blocked: 6,
        keys: [
          'company/headcount',
          'company/registry#eu',
          'company/registry#us',
          'lead-score',
          'people/email-verifier',
          'people/profile-lookup',
        ],
      },
      {
        event: 'brake.engaged',
        code: 'unconfirmed_delete',
        reason: 'a delete happens only when a later pass, over files at rest, plans it again',
        blocked: 1,
        keys: ['lead-score'],
      },
    ],
  },
  'brake.released': {
    when: 'a brake holds nothing back any more',
    examples: [{ event: 'brake.released', code: 'mass_delete' }],
  },
  'api.throttled': {
    when: 'the server asked for quiet (429, or 503 with Retry-After); every request waits `pauseMs`',
    examples: [{ event: 'api.throttled', pauseMs: 30_000, status: 429 }],
  },
  'api.unauthorized': {
    when: 'the server refuses the key; nothing more is written in that pass, and each pass tries the key again',
    examples: [{ event: 'api.unauthorized', status: 403 }],
  },
  'api.unreachable': {
    when: 'the live connectors could not be listed, retries included',
    examples: [{ event: 'api.unreachable', status: null, error: 'GET /v1/connectors/ failed: ECONNREFUSED' }],
  },
  'api.recovered': {
    when: 'the API answers again, or accepts the key again',
    examples: [{ event: 'api.recovered' }],
  },
  'source.unavailable': {
    when: 'the source directory is missing or cannot be read whole; everything stays as it is',
    examples: [
      {
        event: 'source.unavailable',
        reason: 'The source directory "/git/current/connectors" does not exist.',
      },
    ],
  },
  'source.recovered': {
    when: 'the source directory can be read again',
    examples: [{ event: 'source.recovered' }],
  },
  'watch.degraded': {
    when: 'the system grants no file events; the source is looked at every 5 s instead, until the process ends',
    examples: [
      {
        event: 'watch.degraded',
        reason: 'the system allows no more inotify watches (fs.inotify.max_user_watches)',
      },
    ],
  },
  'state.rebuilt': {
    when: 'the state file was damaged or replaced: it was set aside, and a new one begun',
    examples: [
      {
        event: 'state.rebuilt',
        reason:
          'The state file /var/lib/databar-sync/state.db cannot be used because the file is damaged (file is not a ' +
          'database). It was set aside as /var/lib/databar-sync/state.db.corrupt-20261123T093000Z; the state is rebuilt ' +
          'by adopting the connectors that match.',
      },
    ],
  },
  'notify.failed': {
    when:
      'a message to the webhook was not taken, attempts included; again when notices begin to be dropped. `waiting` and ' +
      '`dropped` count notices, `status` is null when no answer came',
    examples: [
      {
        event: 'notify.failed',
        status: null,
        attempts: 4,
        error: 'the webhook was not answered: ECONNREFUSED',
        waiting: 2,
        dropped: 0,
      },
    ],
  },
  'notify.recovered': {
    when: 'the webhook takes messages again',
    examples: [{ event: 'notify.recovered' }],
  },
};

/** Why a change is blocked, and what ends that. */
export const BLOCK_CODES: Readonly<Record<BlockCode, string>> = {
  ambiguous_name: 'Several live connectors have the name of a definition. Pin one with `id`.',
  pinned_id_missing: 'The pinned `id` does not exist. Correct it, or remove it to create a new connector.',
  id_claimed: 'The bound connector is pinned by another definition. Remove one of the two.',
  name_held: 'The only connector of that name is held for a definition that is invalid. Mend that one first.',
  unsettled_create: 'An earlier create got no answer. It is looked for again before another is sent.',
  source_unavailable: 'The source directory is missing or unreadable. `--force` does not lift it.',
  source_empty: 'The source holds no definition at all. `--force` does not lift it.',
  invalid_definitions: 'Deletes wait until every definition is valid. `--force` does not lift it.',
  mass_delete: 'More deletes than `sync.maxDeletePercent` allows, of at least 5 bound connectors.',
  unconfirmed_delete: 'The daemon deletes only what two passes in a row plan to delete.',
  live_list_short: 'The live list lacks more than half of at least 5 bound connectors. Nothing is created.',
  fight: 'Drift was healed 5 times in 10 minutes: something else writes to this connector too.',
};

/** Why a change was chosen. */
export const CAUSES: Readonly<Record<Cause, string>> = {
  new: 'No binding, and no live connector of that name.',
  adopted: 'A connector that existed was bound to the definition.',
  ambiguous_name: 'It is not clear which live connector is meant.',
  in_sync: 'Nothing differs.',
  file_changed: 'The definition changed, the live connector did not.',
  remote_changed: 'Drift: the live connector changed, the definition did not.',
  both_changed: 'Drift too: both changed. The definition is written.',
  remote_deleted: 'Drift: the live connector is gone.',
  pinned_id_missing: 'There is no live connector with the pinned `id`.',
  invalid: 'The definition is invalid; its connector is held as it is.',
  removed_from_source: 'No definition speaks of the bound connector any more.',
};
