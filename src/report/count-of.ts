/** `1 file`, `2 files`: a number with a noun that takes an s. */
export function countOf(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
