/** "Did you mean": the known name that a mistyped one stands for. */

/**
 * The candidate nearest to a name, or null when none is near enough to be worth suggesting.
 *
 * Near is at most one slip (a letter too many, missing, wrong, or two swapped) in every three letters, and three
 * slips in all. Case is not a slip. Of equally near candidates the first is taken.
 */
export function nearestName(name: string, candidates: Iterable<string>): string | null {
  const letters = Array.from(name.toLowerCase());
  let nearest: string | null = null;
  let fewest = Infinity;
  for (const candidate of candidates) {
    const others = Array.from(candidate.toLowerCase());
    const allowed = Math.min(3, Math.floor(Math.max(letters.length, others.length) / 3));
    // A difference in length is a lower bound, and spares us a table as large as a hostile name.
    if (Math.abs(letters.length - others.length) > allowed) continue;
    const slips = countSlips(letters, others);
    if (slips <= allowed && slips < fewest) {
      nearest = candidate;
      fewest = slips;
    }
  }
  return nearest;
}

/** Damerau-Levenshtein distance in its restricted form: no part is edited twice. */
function countSlips(left: readonly string[], right: readonly string[]): number {
  let beforeLast: readonly number[] = [];
  let last: readonly number[] = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (const [row, letter] of left.entries()) {
    const current = [row + 1];
    for (const [column, other] of right.entries()) {
      const replaced = at(last, column) + (letter === other ? 0 : 1);
      const swapped =
        letter === right[column - 1] && left[row - 1] === other ? at(beforeLast, column - 1) + 1 : Infinity;
      current.push(Math.min(replaced, swapped, at(last, column + 1) + 1, at(current, column) + 1));
    }
    beforeLast = last;
    last = current;
  }
  return at(last, right.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Infinity;
}
