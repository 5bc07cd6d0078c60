/**
 * `a, b, c and 34 more`.
 *
 * @param most how many are named
 * @param count how many there are, where not all of them are among the names
 */
export function listSome(names: readonly string[], most: number, count = names.length): string {
  const shown = names.slice(0, most);
  return count > shown.length ? `${shown.join(', ')} and ${count - shown.length} more` : shown.join(', ');
}
