/**
 * The decision table. D = the definition as it would be sent, A = last sent, E = last echo, L = live now.
 *
 *   definition | bound     | live      | condition      | action              | cause
 *   -----------+-----------+-----------+----------------+---------------------+--------------------
 *   yes        | no        | none      |                | create              | new
 *   yes        | no        | one match | L = D          | adopt, no write     | adopted
 *   yes        | no        | one match | L != D         | adopt and update    | adopted
 *   yes        | no        | several   |                | blocked             | ambiguous_name
 *   yes        | yes       | yes       | D = A, L = E   | none                | in_sync
 *   yes        | yes       | yes       | L = D, but not | none, record        | in_sync
 *   yes        | yes       | yes       | D != A, L = E  | update              | file_changed
 *   yes        | yes       | yes       | D = A, L != E  | update (drift)      | remote_changed
 *   yes        | yes       | yes       | D != A, L != E | update              | both_changed
 *   yes        | yes       | no        | not pinned     | create (drift)      | remote_deleted
 *   yes        | yes       | another   | of its name    | adopt it (drift)    | remote_deleted
 *   yes        | any       | no        | pinned         | blocked             | pinned_id_missing
 *   invalid    | yes       | any       |                | held                | invalid
 *   no         | yes       | yes       |                | delete              | removed_from_source
 *   no         | yes       | no        |                | forget the binding  |
 *   no         | no        | yes       |                | none: unmanaged     |
 *
 * The lower four rows are in `compute-plan.ts`. What policy makes of an update or a delete is in `policy.ts`.
 */

import type { Binding } from '../model/baseline.ts';
import type { BlockCode, Change, FieldChange } from '../model/change.ts';
import type { ConnectorConfig, ConnectorField, LiveConnector, ValidConnector } from '../model/connector.ts';
import { CONNECTOR_FIELDS } from '../model/connector.ts';
import type { Digests, Fingerprint } from '../model/digest.ts';
import { differingFields } from '../model/digest.ts';
import type { SecretPlace } from '../model/secret-place.ts';
import { secretPlaces } from '../model/secret-place.ts';
import { storedName } from '../model/stored-name.ts';
import { sameButMasked } from '../model/masked-values.ts';
import { sameConfig } from '../model/same-config.ts';
import { carryIgnored, compareConfigs } from './compare-connector.ts';
import type { Match } from './match-identity.ts';

/** A configuration as it may be shown: values at secret places become fingerprints. */
export type Mask = (config: ConnectorConfig, places: readonly SecretPlace[]) => ConnectorConfig;

export interface Lens {
  readonly fingerprint: Fingerprint;
  readonly digests: Digests;
  readonly mask: Mask;
}

export type Classify = (desired: ValidConnector, match: Match, lens: Lens) => Change;

/** Classify a valid definition, given what it was matched to. */
export function classifyConnector(desired: ValidConnector, match: Match, lens: Lens): Change {
  const about = {
    key: desired.key,
    file: desired.file,
    name: storedName(desired, lens.fingerprint),
    fields: [],
  };
  const block = (code: BlockCode, cause: Change['cause'], id: number | null, reason: string): Change => ({
    ...about,
    action: 'blocked',
    code,
    cause,
    id,
    reason,
    held: null,
  });

  switch (match.kind) {
    case 'new':
      return { ...about, action: 'create', cause: 'new', id: null, reason: null, desired, send: desired.config };
    case 'found':
      return {
        ...about,
        action: 'adopt',
        cause: match.replaces === null ? 'adopted' : 'remote_deleted',
        id: match.live.id,
        reason: whyFound(desired, match),
        replaces: match.replaces,
        fields: showDifferences(desired, match.live, null, lens, match.secretPlaces),
        desired,
        live: match.live,
        send: carryIgnored(desired.config, match.live.config, desired.sync.ignore),
      };
    case 'bound':
      return match.live === null
        ? {
            ...about,
            action: 'create',
            cause: 'remote_deleted',
            id: match.binding.id,
            reason: `connector ${match.binding.id} is gone from the workspace`,
            desired,
            send: desired.config,
          }
        : { ...about, ...classifyBound(desired, match.binding, match.live, lens) };
    case 'pin_missing':
      return block(
        'pinned_id_missing',
        'pinned_id_missing',
        match.id,
        `connector ${match.id} does not exist; correct \`id\`, or remove it to create a new connector`,
      );
    case 'ambiguous':
      return block(
        'ambiguous_name',
        'ambiguous_name',
        null,
        `${match.ids.length} live connectors have this name (ids ${match.ids.join(', ')}); pin one with \`id\``,
      );
    case 'claimed':
      return block(
        'id_claimed',
        'ambiguous_name',
        match.id,
        `connector ${match.id}, bound to this definition, belongs to ${match.by}, which is pinned or bound to it; remove one of the two`,
      );
    case 'name_held':
      return block(
        'name_held',
        'ambiguous_name',
        match.id,
        `connector ${match.id} has this name and is held for ${match.by}, which is invalid; mend that file first`,
      );
  }
}

function whyFound({ id }: ValidConnector, { live, replaces }: Match & { readonly kind: 'found' }): string {
  if (replaces !== null) {
    return `connector ${replaces} is gone from the workspace; ${live.id} is the only unbound one of its name and takes its place`;
  }
  return id === null ? 'the only unbound live connector of this name' : 'pinned by id';
}

type BoundState = 'in_sync' | 'in_sync_unrecorded' | 'file_changed' | 'remote_changed' | 'both_changed';

function classifyBound(desired: ValidConnector, binding: Binding, live: LiveConnector, lens: Lens): OmitAbout<Change> {
  const state = nameState(desired, binding, live, lens);
  const base = { id: live.id, reason: null };
  switch (state) {
    case 'in_sync':
      return { ...base, action: 'none', cause: 'in_sync', outcome: 'unchanged', record: null, fields: [] };
    case 'in_sync_unrecorded':
      return { ...base, action: 'none', cause: 'in_sync', outcome: 'unchanged', record: { desired, live }, fields: [] };
    case 'file_changed':
    case 'remote_changed':
    case 'both_changed':
      return {
        ...base,
        action: 'update',
        cause: state,
        desired,
        live,
        send: carryIgnored(desired.config, live.config, desired.sync.ignore),
        fields: showDifferences(desired, live, binding, lens, binding.secretPlaces),
      };
  }
}

type OmitAbout<T> = T extends Change ? Omit<T, 'key' | 'file' | 'name'> : never;

function nameState(desired: ValidConnector, binding: Binding, live: LiveConnector, { digests }: Lens): BoundState {
  const { ignore } = desired.sync;
  const fileChanged = differingFields(digests.ofDefinition(desired), binding.sent).length > 0;
  const movedFields = differingFields(digests.ofLive(live.config, desired), binding.echo);
  if (!fileChanged && movedFields.length === 0) {
    return binding.protect === desired.sync.protect && binding.file === desired.file ? 'in_sync' : 'in_sync_unrecorded';
  }

  const target = carryIgnored(desired.config, live.config, ignore);
  if (sameConfig(live.config, target)) return 'in_sync_unrecorded';

  const remoteChanged = !newlyMasked(movedFields, binding, live.config, target);
  if (fileChanged) return remoteChanged ? 'both_changed' : 'file_changed';
  return remoteChanged ? 'remote_changed' : 'in_sync_unrecorded';
}

/** The server began to mask what it had echoed in clear: nobody changed anything. */
function newlyMasked(
  moved: readonly ConnectorField[],
  binding: Binding,
  live: ConnectorConfig,
  target: ConnectorConfig,
): boolean {
  return moved.every(
    (field) => binding.echo[field] === binding.sent[field] && sameButMasked(live[field], target[field]),
  );
}

/**
 * The differences between live and desired that belong to this change. For a bound connector these lie in
 * fields that one side has changed: a value that the server clamped long ago is not news.
 */
function showDifferences(
  desired: ValidConnector,
  live: LiveConnector,
  binding: Binding | null,
  { digests, mask }: Lens,
  liveSecrets: readonly SecretPlace[],
): readonly FieldChange[] {
  const target = carryIgnored(desired.config, live.config, desired.sync.ignore);
  if (sameConfig(live.config, target)) return [];
  const places = [...secretPlaces(desired.config, desired.secretPaths), ...liveSecrets];
  const moved = binding === null ? undefined : changedFields(desired, live, binding, digests);
  return compareConfigs(
    { config: live.config, shown: mask(live.config, places) },
    { config: target, shown: mask(target, places) },
    moved,
  );
}

function changedFields(
  desired: ValidConnector,
  live: LiveConnector,
  binding: Binding,
  digests: Digests,
): readonly ConnectorField[] {
  const changed = new Set([
    ...differingFields(digests.ofDefinition(desired), binding.sent),
    ...differingFields(digests.ofLive(live.config, desired), binding.echo),
  ]);
  return CONNECTOR_FIELDS.filter((field) => changed.has(field));
}
