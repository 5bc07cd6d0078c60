/** The files of an import, on disk and in its report. */

import { join } from 'node:path';
import { definitionSchema } from '../desired/definition-schema.ts';
import { mergeEnvExample } from '../import/env-example.ts';
import type { ImportPlan } from '../import/plan-import.ts';
import { SINGLE_FILE } from '../import/plan-import.ts';
import type { ImportReport } from '../report/render-import.ts';
import { writeConnector } from '../source/write-connector.ts';
import type { NeighbourFile } from './neighbour-files.ts';
import type { Output } from './terminal.ts';

/** @param progress counts files while they are written, when it is a terminal */
export function writeImport(
  { files }: ImportPlan,
  directory: string,
  displayFile: (file: string) => string,
  progress: Output | null,
): ImportReport['imported'] {
  const imported = files.flatMap(({ path, text, replaces, connectors }, index) => {
    const result = writeConnector(directory, path, text, { overwrite: replaces });
    if (progress?.isTerminal === true) progress.write(`\r${index + 1}/${files.length} `);
    const error = result.status === 'written' ? null : result.reason;
    const hint = error === 'exists' && path === SINGLE_FILE ? '; --overwrite writes it anew' : '';
    return connectors.map(({ id, name }) => ({
      id,
      name,
      file: displayFile(path),
      outcome: error !== null ? ('failed' as const) : replaces ? ('overwritten' as const) : ('written' as const),
      error: error === null ? null : `${error}${hint}`,
    }));
  });
  if (progress?.isTerminal === true && files.length > 0) progress.write('\r\u001B[K');
  return imported;
}

/** What {@link writeImport} would say if all went well. */
export function pretendToWrite({ files }: ImportPlan, displayFile: (file: string) => string): ImportReport['imported'] {
  return files.flatMap(({ path, replaces, connectors }) =>
    connectors.map(({ id, name }) => {
      const outcome = replaces ? ('overwritten' as const) : ('written' as const);
      return { id, name, file: displayFile(path), outcome, error: null };
    }),
  );
}

export function placeholdersOf(
  { files }: ImportPlan,
  displayFile: (file: string) => string,
): ImportReport['placeholders'] {
  return files.flatMap(({ path, connectors }) =>
    connectors.flatMap(({ id, placeholders }) =>
      placeholders.map((placeholder) => ({ ...placeholder, id, file: displayFile(path) })),
    ),
  );
}

/** The schema for editors, where there is none, and the names of variables. */
export function writeNeighbours(
  schema: NeighbourFile,
  envExample: NeighbourFile,
  variables: readonly string[],
): ImportReport['otherFiles'] {
  const files = [
    { ...schema, text: schema.text === null ? `${JSON.stringify(definitionSchema, null, 2)}\n` : null },
    { ...envExample, text: mergeEnvExample(envExample.text, variables) },
  ];
  return files.flatMap(({ directory, name, text }) => {
    if (text === null) return [];
    const result = writeConnector(directory, name, text, { overwrite: true });
    return [{ file: join(directory, name), error: result.status === 'written' ? null : result.reason }];
  });
}
