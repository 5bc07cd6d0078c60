/** Length of the longest text, for aligning columns; a spread into `Math.max` would not bear 100,000 texts. */
export function longest(texts: readonly string[]): number {
  let length = 0;
  for (const text of texts) length = Math.max(length, text.length);
  return length;
}
