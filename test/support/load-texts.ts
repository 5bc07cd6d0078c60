/** Files written in a test, loaded as a source directory would be. */

import type { Desired, Problem } from '../../src/model/problem.ts';
import type { SourceTree } from '../../src/model/source.ts';
import type { DesiredLoaderOptions } from '../../src/desired/load-desired.ts';
import { createDesiredLoader } from '../../src/desired/load-desired.ts';

type IsBound = (key: string) => boolean;

export type Texts = Readonly<Record<string, string | Uint8Array>>;

/** A source tree of these files, by path. */
export function sourceTree(texts: Texts, problems: readonly Problem[] = []): SourceTree {
  const files = Object.entries(texts)
    .map(([path, text]) => ({ path, bytes: Buffer.from(text) }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
  return { status: 'ok', files, problems, revision: null };
}

/** Options of a loader that knows no secret, unless told otherwise. */
export function loaderOptions(
  environment: Readonly<Record<string, string>> = {},
  values: DesiredLoaderOptions['values'] = 'required',
): DesiredLoaderOptions {
  return { placeholders: { environment, envPrefix: 'CONNECTOR_', secretsDir: null }, values };
}

const nothingIsBound = (): boolean => false;

/** Load files once; nothing is bound unless told otherwise. */
export function loadTexts(texts: Texts, options = loaderOptions(), isBound: IsBound = nothingIsBound): Desired {
  return createDesiredLoader(options).load(sourceTree(texts), isBound);
}

/** {@link loadTexts} for many loads, by one loader. */
export function createTextLoader(options = loaderOptions()): (texts: Texts, isBound?: IsBound) => Desired {
  const loader = createDesiredLoader(options);
  return (texts, isBound = nothingIsBound) => loader.load(sourceTree(texts), isBound);
}

/** Every problem of an invalid definition, and every warning. */
export function problemsOf({ invalid, warnings }: Desired): readonly Problem[] {
  return [...invalid.flatMap(({ problems }) => problems), ...warnings];
}

/** A problem in short: `code line:column path`. */
export function inShort({ code, line, column, path }: Problem): string {
  return `${code} ${line}:${column} ${path}`;
}
