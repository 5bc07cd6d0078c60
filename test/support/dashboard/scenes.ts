/** The states of the page that are looked at and tested one by one. */

import type { ConnectorDetail } from '../../../src/model/status-api.ts';
import type { Scene } from './scene.ts';
import { connector, lastPass, MINUTE, NOW, scene, told } from './scene.ts';

const samples: readonly ConnectorDetail[] = [
  connector('company/headcount', { id: 2, name: 'Headcount by domain' }),
  connector('company/registry#eu', { id: 3, name: 'Company registry (EU)', file: 'company/registry.yaml' }),
  connector('company/registry#us', { id: 4, name: 'Company registry (US)', file: 'company/registry.yaml' }),
  connector('exporters/chat-alert', { id: 1, name: 'Chat alert' }),
  connector('exporters/crm-contact', { id: 5, name: 'CRM contact upsert', since: NOW - 7 * MINUTE }),
  connector('lead-score', { id: 6, name: 'Acme lead score', adjusted: ['rate_limit'], since: NOW - 19_000 }),
  connector('people/email-verifier', { id: 7, name: 'Mailproof email verifier' }),
  connector('people/profile-lookup', { id: 8, name: 'Profile lookup' }),
];

const leadScore = { key: 'lead-score', id: 6, name: 'Acme lead score' };

const drifted = connector('lead-score', {
  ...leadScore,
  state: 'drifted',
  cause: 'remote_changed',
  action: 'update',
  since: NOW - 16 * MINUTE,
  message:
    'Changed outside of git: /url, /rate_limit, /headers/0/value. Drift is only reported (sync.drift is report).',
  fields: [
    { path: '/url', live: 'https://example.com/hijacked/score', desired: 'https://api.acme-scoring.example/v1/score' },
    { path: '/rate_limit', live: 500, desired: 45 },
    { path: '/headers/0/value', live: 'hmac:9f1c03aa', desired: 'hmac:3b7e21d4' },
    { path: '/body/1', live: { name: 'company', value: '{{ company }}' }, desired: undefined },
    {
      path: '/body_template',
      live: '{\n  "email": "{{ email }}",\n  "score": true\n}',
      desired: '{\n  "email": "{{ email | lower }}",\n  "score": true\n}',
    },
  ],
  events: [
    told(
      16 * MINUTE,
      'warn',
      'drift.detected',
      'drift: lead-score "Acme lead score" (id 6) was changed outside of git: /url',
      leadScore,
    ),
    told(26 * 60 * MINUTE, 'info', 'connector.created', 'created lead-score "Acme lead score" (id 6)', leadScore),
  ],
});

const deleted = connector('people/profile-lookup', {
  id: 8,
  name: 'Profile lookup',
  state: 'drifted',
  cause: 'remote_deleted',
  action: 'create',
  since: NOW - 2 * MINUTE,
  message: 'Deleted outside of git. Drift is only reported (sync.drift is report).',
});

const invalid = connector('broken', {
  id: null,
  name: 'Broken',
  state: 'invalid',
  cause: 'invalid',
  action: 'held',
  line: 2,
  since: NOW - 3 * MINUTE,
  message: 'The method must be get, post, put or patch; found "fetch". (and 1 more)',
  problems: [
    {
      code: 'not_allowed',
      severity: 'error',
      file: 'broken.yaml',
      line: 2,
      column: 9,
      path: '/method',
      message: 'The method must be get, post, put or patch; found "fetch".',
      hint: null,
      frame: 'method: fetch\n        ^^^^^',
    },
    {
      code: 'unknown_field',
      severity: 'error',
      file: 'broken.yaml',
      line: 4,
      column: 1,
      path: '/rate-limit',
      message: 'The definition has no field "rate-limit".',
      hint: 'Did you mean "rate_limit"?',
      frame: 'rate-limit: 3\n^^^^^^^^^^',
    },
  ],
  events: [
    told(
      3 * MINUTE,
      'error',
      'connector.invalid',
      'broken.yaml is invalid: 2:9 The method must be get, post, put or patch; found "fetch". (and 1 more)',
      {
        key: 'broken',
        id: null,
        name: 'Broken',
      },
    ),
  ],
});

const failing = connector('exporters/crm-contact', {
  id: 5,
  name: 'CRM contact upsert',
  state: 'failing',
  cause: 'file_changed',
  action: 'update',
  line: 11,
  since: NOW - 42 * MINUTE,
  retryAt: NOW + 3 * MINUTE,
  message: 'The server refused it (500 Internal Server Error) after 5 attempts.',
  fields: [{ path: '/rate_limit', live: 50, desired: 45 }],
});

const blocked = connector('company/headcount', {
  id: null,
  name: 'Headcount by domain',
  state: 'blocked',
  cause: 'ambiguous_name',
  action: 'blocked',
  since: NOW - 5 * 60 * MINUTE,
  message: 'Two live connectors have this name (ids 12 and 31). Pin one of them with id.',
});

const replace = (...changed: readonly ConnectorDetail[]): readonly ConnectorDetail[] => [
  ...samples.map((each) => changed.find(({ key }) => key === each.key) ?? each),
  ...changed.filter(({ key }) => samples.every((each) => each.key !== key)),
];

const troubles = replace(
  drifted,
  invalid,
  failing,
  blocked,
  connector('company/registry#us', {
    id: 4,
    name: 'Company registry (US)',
    file: 'company/registry.yaml',
    state: 'pending',
    cause: 'file_changed',
    action: 'update',
    since: NOW - 1_000,
    message: 'It waits for its turn.',
  }),
  connector('people/profile-lookup', {
    id: 8,
    name: 'Profile lookup',
    state: 'suspended',
    message: 'sync.suspend is true: it is left alone.',
  }),
  connector('old/webhook', {
    id: 3_120,
    name: 'Old webhook',
    state: 'orphaned',
    cause: 'removed_from_source',
    file: 'old/webhook.yaml',
    since: NOW - 9 * 24 * 60 * MINUTE,
    message: 'The source no longer defines it, and policy upsert-only does not delete.',
  }),
);

const STATES_OF_MANY = [
  'in_sync',
  'in_sync',
  'in_sync',
  'pending',
  'in_sync',
  'in_sync',
  'drifted',
  'in_sync',
] as const;

export const SCENES = {
  starting: scene(
    [],
    { mode: 'starting', lastPass: null, lastSuccessAt: null, nextPassAt: null, passes: 0 },
    { passes: [], events: [] },
  ),
  empty: scene([], { sandbox: true, baseUrl: 'http://127.0.0.1:8701' }, { passes: [], events: [] }),
  healthy: scene(samples),
  drifting: scene(replace(drifted, deleted), { drift: 'report' }),
  failing: scene(troubles, { queue: { pending: 12, inFlight: 4, pausedUntil: NOW + 12_000 } }),
  unreachable: scene(samples, {
    lastPass: lastPass({
      api: {
        status: 'unreachable',
        code: 503,
        message: 'GET /v1/custom-connector answered with 503 after 5 attempts.',
      },
    }),
  }),
  unauthorized: scene(samples, {
    lastPass: lastPass({ api: { status: 'unauthorized', code: 401, message: 'The server answered with 401.' } }),
  }),
  sourceMissing: scene(samples, {
    lastPass: lastPass({
      source: { status: 'missing', message: 'The directory /git/current/connectors does not exist.' },
    }),
  }),
  brake: scene(
    replace(
      ...samples.slice(0, 4).map((each) => ({
        ...each,
        state: 'blocked' as const,
        cause: 'removed_from_source' as const,
        action: 'blocked' as const,
        since: NOW - 6 * MINUTE,
        message: '4 of 8 connectors would be deleted, more than sync.maxDeletePercent (30 %) allows.',
      })),
    ),
    {
      policy: 'sync',
      dryRun: true,
      lastPass: lastPass({
        brakes: [
          {
            code: 'mass_delete',
            reason:
              '4 of 8 connectors would be deleted, more than sync.maxDeletePercent (30 %) allows. Run with --force once to let it through.',
            blocked: 4,
          },
        ],
      }),
    },
  ),
  tenThousand: scene(
    Array.from({ length: 10_000 }, (_, index) =>
      connector(`team-${index % 40}/connector-${String(index).padStart(5, '0')}`, {
        id: index + 1,
        name: `Connector ${index}`,
        state: index % 1_999 === 0 ? 'failing' : (STATES_OF_MANY[index % 8] ?? 'in_sync'),
        message: index % 1_999 === 0 ? 'The server refused it (500 Internal Server Error) after 5 attempts.' : null,
        since: NOW - index * 1_000,
      }),
    ),
    {
      mode: 'syncing',
      progress: { done: 3_412, total: 10_000 },
      queue: { pending: 6_584, inFlight: 4, pausedUntil: null },
    },
  ),
} as const satisfies Readonly<Record<string, Scene>>;

export type SceneName = keyof typeof SCENES;
