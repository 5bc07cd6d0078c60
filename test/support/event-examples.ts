/**
 * The examples that the reference pages show of each event. The types leave no gap: who adds an event to the model is asked
 * by the compiler to show one here, and to explain it in src/report/guide/.
 */

import type { EventName, SyncEvent } from '../../src/model/event.ts';
import { NO_COUNTS } from './pass-builders.ts';

export interface EventEntry<E extends SyncEvent = SyncEvent> {
  /** One for each level at which the event can be logged. */
  readonly examples: readonly [E, ...E[]];
}

const leadScore = { connector: { key: 'lead-score', id: 4711, name: 'Acme lead score' }, file: 'lead-score.yaml' };
const crmContact = {
  connector: { key: 'exporters/crm-contact', id: 4712, name: 'CRM contact upsert' },
  file: 'exporters/crm-contact.yaml',
};

/** In the order in which the page tells them. */
export const EVENTS: { readonly [Name in EventName]: EventEntry<Extract<SyncEvent, { event: Name }>> } = {
  'daemon.started': {
    examples: [
      {
        event: 'daemon.started',
        version: '0.1.0',
        commit: '0a07a07fa5e3edcb11f82f2ba715a5f54cea97c0',
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
    examples: [{ event: 'daemon.stopping', signal: 'SIGTERM' }],
  },
  'daemon.stopped': {
    examples: [{ event: 'daemon.stopped', exitCode: 0 }],
  },
  'pass.completed': {
    examples: [
      {
        event: 'pass.completed',
        durationMs: 412,
        nextInMs: 58_127,
        notable: true,
        ...NO_COUNTS,
        updated: 1,
        unchanged: 7,
      },
      { event: 'pass.completed', durationMs: 96, nextInMs: 61_904, notable: false, ...NO_COUNTS, unchanged: 8 },
    ],
  },
  'connector.created': {
    examples: [{ event: 'connector.created', ...leadScore }],
  },
  'connector.adopted': {
    examples: [{ event: 'connector.adopted', ...leadScore }],
  },
  'connector.updated': {
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
    examples: [{ event: 'connector.deleted', ...leadScore }],
  },
  'connector.invalid': {
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
    examples: [{ event: 'connector.recovered', was: 'failed', ...crmContact }],
  },
  'connector.orphaned': {
    examples: [{ event: 'connector.orphaned', ...leadScore }],
  },
  'connector.adjusted': {
    examples: [{ event: 'connector.adjusted', fields: ['rate_limit'], ...leadScore }],
  },
  'drift.detected': {
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
    examples: [{ event: 'drift.healed', cause: 'remote_changed', ...leadScore }],
  },
  'drift.cleared': {
    examples: [{ event: 'drift.cleared', ...leadScore }],
  },
  'brake.engaged': {
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
    examples: [{ event: 'brake.released', code: 'mass_delete' }],
  },
  'api.throttled': {
    examples: [{ event: 'api.throttled', pauseMs: 30_000, status: 429 }],
  },
  'api.unauthorized': {
    examples: [{ event: 'api.unauthorized', status: 403 }],
  },
  'api.unreachable': {
    examples: [{ event: 'api.unreachable', status: null, error: 'GET /v1/connectors/ failed: ECONNREFUSED' }],
  },
  'api.recovered': {
    examples: [{ event: 'api.recovered' }],
  },
  'source.unavailable': {
    examples: [
      {
        event: 'source.unavailable',
        reason: 'The source directory "/git/current/connectors" does not exist.',
      },
    ],
  },
  'source.recovered': {
    examples: [{ event: 'source.recovered' }],
  },
  'watch.degraded': {
    examples: [
      {
        event: 'watch.degraded',
        reason: 'the system allows no more inotify watches (fs.inotify.max_user_watches)',
      },
    ],
  },
  'state.rebuilt': {
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
    examples: [{ event: 'notify.recovered' }],
  },
};
