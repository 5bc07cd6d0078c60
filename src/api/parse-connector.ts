/** What the server says about connectors, checked and brought into the one shape that the rest of the code knows. */

import type { LiveConnector, NameValue } from '../model/connector.ts';
import { sameConfig } from '../model/same-config.ts';

/** The answer is not what the API documents. The message names the place and never quotes a value. */
export class AnswerShapeError extends Error {
  override readonly name = 'AnswerShapeError';
}

/**
 * A list of connectors. The server's order is kept.
 *
 * @param before an earlier list: a connector that is as it was there is given as the same object, so that who has compared it
 *   with something knows what came of it
 * @throws AnswerShapeError when it is not a list, any member is malformed, or two members share an id
 */
export function parseConnectorList(
  answer: unknown,
  before: readonly LiveConnector[] | null = null,
): readonly LiveConnector[] {
  if (!Array.isArray(answer)) throw new AnswerShapeError('the answer is not a list');
  const known = new Map(before?.map((connector) => [connector.id, connector]));
  const connectors = (answer as readonly unknown[]).map((member, index) => {
    const connector = parseConnector(member, `[${index}]`);
    const same = known.get(connector.id);
    return same !== undefined && sameConfig(same.config, connector.config) ? same : connector;
  });
  const ids = new Set<number>();
  for (const { id } of connectors) {
    if (ids.has(id)) throw new AnswerShapeError(`the id ${id} is listed twice`);
    ids.add(id);
  }
  return connectors;
}

/**
 * One connector, normalised: absent lists are `[]`, absent nullables `null`, an absent `type` is `enrichment`, an absent
 * value of a name is `''`; `method` and `type` are lower case. `null` counts as absent; unknown fields are ignored.
 *
 * @param where prefix of the place named in errors, such as `[3]`
 * @throws AnswerShapeError
 */
export function parseConnector(answer: unknown, where = ''): LiveConnector {
  const fields = asRecord(answer, where === '' ? 'the answer' : where);
  const at = (field: string): string => (where === '' ? field : `${where}.${field}`);
  return {
    id: asSafeInteger(fields['id'], at('id')),
    config: {
      name: asString(fields['name'], at('name')),
      type: asString(fields['type'] ?? 'enrichment', at('type')).toLowerCase(),
      method: asString(fields['method'], at('method')).toLowerCase(),
      url: asString(fields['url'], at('url')),
      headers: asNameValues(fields['headers'], at('headers')),
      parameters: asNameValues(fields['parameters'], at('parameters')),
      body: asNameValues(fields['body'], at('body')),
      body_template: asNullable(fields['body_template'], at('body_template'), asString),
      rate_limit: asNullable(fields['rate_limit'], at('rate_limit'), asSafeInteger),
      max_concurrency: asNullable(fields['max_concurrency'], at('max_concurrency'), asSafeInteger),
    },
  };
}

function asNameValues(value: unknown, where: string): readonly NameValue[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw new AnswerShapeError(`${where} is not a list`);
  return (value as readonly unknown[]).map((member, index) => {
    const place = `${where}[${index}]`;
    const fields = asRecord(member, place);
    return {
      name: asString(fields['name'], `${place}.name`),
      value: asString(fields['value'] ?? '', `${place}.value`),
    };
  });
}

function asNullable<T>(value: unknown, where: string, as: (value: unknown, where: string) => T): T | null {
  return value === undefined || value === null ? null : as(value, where);
}

function asRecord(value: unknown, where: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new AnswerShapeError(`${where} is not an object`);
  }
  return value as Record<string, unknown>;
}

function asString(value: unknown, where: string): string {
  if (typeof value !== 'string') throw new AnswerShapeError(`${where} is not a string`);
  return value;
}

function asSafeInteger(value: unknown, where: string): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) {
    throw new AnswerShapeError(`${where} is not an integer that can be held exactly`);
  }
  return value;
}
