/** Files that an import would write anew with nothing new in them stay as they are, comments and all. */

import { isDeepStrictEqual } from 'node:util';
import { createDesiredLoader } from '../desired/load-desired.ts';
import type { ImportPlan, PlannedFile } from '../import/plan-import.ts';
import type { SourceFile } from '../model/source.ts';

/** @param present the files that are there */
export function dropUnchanged(plan: ImportPlan, present: readonly SourceFile[], envPrefix: string): ImportPlan {
  const placeholders = { environment: {}, envPrefix, secretsDir: null };
  // Placeholders stay as they are written, in both texts.
  const loader = createDesiredLoader({ placeholders, values: 'optional' });
  const meaningOf = (file: SourceFile): unknown => {
    const { connectors, invalid } = loader.load(
      { status: 'ok', files: [file], problems: [], revision: null },
      () => true,
    );
    // By key: the order of documents means nothing.
    return invalid.length > 0 ? null : new Map(connectors.map(({ key, config, sync }) => [key, { config, sync }]));
  };
  const isUnchanged = ({ path, text, replaces }: PlannedFile): boolean => {
    const old = replaces ? present.find((file) => file.path === path) : undefined;
    const meaning = old === undefined ? null : meaningOf(old);
    return meaning !== null && isDeepStrictEqual(meaning, meaningOf({ path, bytes: Buffer.from(text) }));
  };

  const unchanged = plan.files.filter(isUnchanged);
  return {
    ...plan,
    files: plan.files.filter((file) => !unchanged.includes(file)),
    left: [
      ...plan.left,
      ...unchanged.flatMap(({ path, connectors }) =>
        connectors.map(({ id, name }) => ({ id, name, file: path, reason: 'the file says the same' })),
      ),
    ],
  };
}
