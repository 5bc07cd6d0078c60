/** Globs over names of connectors, for `--only` and `--exclude`. */

/**
 * Matches whole names, whatever their case. `*` is any run of characters, also none; `?` is exactly one; everything else is
 * itself.
 */
export function createNameMatcher(globs: readonly string[]): (name: string) => boolean {
  const patterns = globs.map((glob) => new RegExp(`^${toPattern(glob)}$`, 'isu'));
  return (name) => patterns.some((pattern) => pattern.test(name.toWellFormed()));
}

function toPattern(glob: string): string {
  return glob
    .toWellFormed()
    .replaceAll(/\*+/gu, '*')
    .replaceAll(/[\\^$.+|()[\]{}/]/gu, String.raw`\$&`)
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
}
