/** What the server found wrong with a definition, told as a problem of its file. */

import type { ConnectorConfig, JsonPointer, ValidConnector } from '../model/connector.ts';
import { CONNECTOR_FIELDS } from '../model/connector.ts';
import { formatPointer, valueAt } from '../model/pointer.ts';
import type { Problem } from '../model/problem.ts';
import { MAX_FAULTS } from './fault.ts';
import type { DesiredLoader } from './load-desired.ts';
import type { RepeatsSecret } from './scrub-server-text.ts';
import { createRepetitionTest, scrubServerText } from './scrub-server-text.ts';

/** One entry of a 422's `detail`: `loc` such as `["body", "headers", 0, "name"]`. */
export interface ServerProblem {
  readonly loc: readonly (string | number)[];
  readonly msg: string;
  readonly type: string;
}

/**
 * Map the entries of a 422 back to the file. Of several with one place and message one is kept, and at most 20 in all. When
 * their messages repeat a secret together that none repeats alone, none is shown.
 *
 * A `loc` that leads deeper than the definition, or elsewhere, gives the nearest place that exists.
 */
export function mapServerProblems(
  details: readonly ServerProblem[],
  connector: ValidConnector,
  locate: DesiredLoader['locate'],
): readonly Problem[] {
  const taken = details.slice(0, MAX_FAULTS);
  const repeatsSecret = createRepetitionTest(connector);
  const isSplit = repeatsSecret(taken.map(({ msg }) => msg).join(''));
  const problems = taken.map((detail): Problem => {
    const path = pathOf(detail.loc, connector.config);
    const place = locate(connector.key, path) ?? { file: connector.file, line: 1, column: 1 };
    const message = messageOf(isSplit ? { ...detail, msg: '' } : detail, repeatsSecret);
    return { code: 'rejected_by_server', severity: 'error', ...place, path, message, hint: null };
  });
  const distinct = new Map(problems.map((problem) => [`${problem.path} ${problem.message}`, problem]));
  return [...distinct.values()];
}

function messageOf({ msg, type }: ServerProblem, repeatsSecret: RepeatsSecret): string {
  const text = scrubServerText(msg, repeatsSecret);
  if (text !== null) return `The server rejected this: ${text}`;
  // The kind of an error is a word of the server's framework; anything longer may hold what was sent.
  const kind = /^[a-z][a-z0-9_.]{0,59}$/.test(type) ? scrubServerText(type, repeatsSecret) : null;
  return kind === null ? 'The server rejected this.' : `The server rejected this (${kind}).`;
}

/** The longest beginning of a location that exists in the configuration. */
function pathOf([part, field, ...rest]: ServerProblem['loc'], config: ConnectorConfig): JsonPointer {
  if (part !== 'body' || !CONNECTOR_FIELDS.some((known) => known === field)) return '';
  let path: JsonPointer = formatPointer([String(field)]);
  for (const segment of rest) {
    const deeper = path + formatPointer([segment]);
    if (valueAt(config, deeper) === undefined) break;
    path = deeper;
  }
  return path;
}
