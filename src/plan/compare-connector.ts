/**
 * Differences between two configurations, place by place.
 *
 * Lists are aligned by name, not by index: a header inserted at the top is one difference, not five.
 */

import type { FieldChange } from '../model/change.ts';
import type { ConnectorConfig, ConnectorField, JsonPointer, NameValue } from '../model/connector.ts';
import { CONNECTOR_FIELDS } from '../model/connector.ts';
import { replaceAt, valueAt } from '../model/pointer.ts';

/** Two sides of a comparison: the true values, and the same values as they may be shown. */
export interface Side {
  readonly config: ConnectorConfig;
  readonly shown: ConnectorConfig;
}

export function compareConfigs(
  live: Side,
  desired: Side,
  only: readonly ConnectorField[] = CONNECTOR_FIELDS,
): readonly FieldChange[] {
  return only.flatMap((field) => {
    switch (field) {
      case 'headers':
      case 'parameters':
      case 'body':
        return compareLists(field, live, desired);
      case 'name':
      case 'type':
      case 'method':
      case 'url':
      case 'body_template':
      case 'rate_limit':
      case 'max_concurrency':
        return live.config[field] === desired.config[field]
          ? []
          : [{ path: `/${field}`, live: live.shown[field], desired: desired.shown[field] }];
    }
  });
}

/** What a PUT would send: the desired configuration with the live values at the ignored places. */
export function carryIgnored(
  desired: ConnectorConfig,
  live: ConnectorConfig,
  ignore: readonly JsonPointer[],
): ConnectorConfig {
  let carried = desired;
  for (const pointer of ignore) {
    const value = valueAt(live, pointer);
    if (value !== undefined) carried = replaceAt(carried, pointer, value);
  }
  return carried;
}

type ListField = 'headers' | 'parameters' | 'body';

function compareLists(field: ListField, live: Side, desired: Side): readonly FieldChange[] {
  const [before, after] = [live.config[field], desired.config[field]];
  const partner = alignByName(before, after);
  const changes = new Map<JsonPointer, FieldChange>();

  for (const [index, pair] of after.entries()) {
    const from = partner.get(index);
    if (from === undefined) {
      const path = `/${field}/${index}`;
      changes.set(path, { path, live: undefined, desired: desired.shown[field][index] });
    } else if (before[from]?.value !== pair.value) {
      const path = `/${field}/${index}/value`;
      changes.set(path, { path, live: live.shown[field][from]?.value, desired: desired.shown[field][index]?.value });
    }
  }

  const matched = [...partner.values()];
  for (const index of before.keys()) {
    if (matched.includes(index)) continue;
    const path = `/${field}/${index}`;
    changes.set(path, { path, desired: changes.get(path)?.desired, live: live.shown[field][index] });
  }

  const inOrder = matched.every((from, at) => at === 0 || from > (matched[at - 1] ?? -1));
  if (!inOrder) {
    const names = (pairs: readonly NameValue[]): readonly string[] => pairs.map((pair) => pair.name);
    changes.set(`/${field}`, {
      path: `/${field}`,
      live: names(live.shown[field]),
      desired: names(desired.shown[field]),
    });
  }
  return [...changes.values()];
}

/** For each index in `after`, the index in `before` of the same name (the n-th of a name with the n-th). */
function alignByName(before: readonly NameValue[], after: readonly NameValue[]): ReadonlyMap<number, number> {
  const positions = new Map<string, number[]>();
  for (const [index, { name }] of before.entries()) {
    const known = positions.get(name);
    if (known === undefined) positions.set(name, [index]);
    else known.push(index);
  }
  const partner = new Map<number, number>();
  for (const [index, { name }] of after.entries()) {
    const from = positions.get(name)?.shift();
    if (from !== undefined) partner.set(index, from);
  }
  return partner;
}
