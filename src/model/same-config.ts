/** Whether two configurations are the same, value by value. */

import type { ConnectorConfig, ConnectorField, NameValue } from './connector.ts';
import { CONNECTOR_FIELDS } from './connector.ts';

export function sameConfig(left: ConnectorConfig, right: ConnectorConfig): boolean {
  return CONNECTOR_FIELDS.every((field) => sameValue(left[field], right[field]));
}

export function sameValue(left: ConnectorConfig[ConnectorField], right: ConnectorConfig[ConnectorField]): boolean {
  if (!Array.isArray(left) || !Array.isArray(right)) return left === right;
  const [ours, theirs] = [left as readonly NameValue[], right as readonly NameValue[]];
  return (
    ours.length === theirs.length &&
    ours.every((pair, index) => pair.name === theirs[index]?.name && pair.value === theirs[index].value)
  );
}
