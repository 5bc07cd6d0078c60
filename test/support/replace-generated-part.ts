/**
 * A text whose part between `<!-- generated:NAME -->` and `<!-- /generated:NAME -->` is replaced, the markers kept.
 * A text without the markers comes back unchanged.
 *
 * @throws Error when only one of the markers is there, or they are in the wrong order
 */
export function replaceGeneratedPart(text: string, name: string, part: string): string {
  const [opening, closing] = [`<!-- generated:${name} -->`, `<!-- /generated:${name} -->`];
  const [start, end] = [text.indexOf(opening), text.indexOf(closing)];
  if (start === -1 && end === -1) return text;
  if (start === -1 || end < start) throw new Error(`The markers of the generated part "${name}" do not match.`);
  return `${text.slice(0, start + opening.length)}\n\n${part}\n\n${text.slice(end)}`;
}
