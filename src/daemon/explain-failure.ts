/** A refusal of the server, told to the author of the definition: scrubbed, and placed in the file where the server said where. */

import type { ApiError } from '../api/api-error.ts';
import type { DesiredLoader } from '../desired/load-desired.ts';
import { mapServerProblems } from '../desired/map-server-problem.ts';
import { createRepetitionTest, scrubServerText } from '../desired/scrub-server-text.ts';
import type { ValidConnector } from '../model/connector.ts';
import type { Problem } from '../model/problem.ts';

export function explainFailure(
  connector: ValidConnector,
  error: ApiError,
  locate: DesiredLoader['locate'],
): { readonly message: string; readonly problems: readonly Problem[] } {
  const said =
    error.serverMessage === null ? null : scrubServerText(error.serverMessage, createRepetitionTest(connector));
  return {
    message: said === null ? error.message : `${error.message}: ${said}`,
    problems: mapServerProblems(error.details, connector, locate),
  };
}
