/** What tests look up in a page. */

const FENCED = /^```(\w*)\n(.*?)^```$/gmsu;

/** The contents of the fenced blocks in one language. */
export function codeBlocks(text: string, language: string): readonly string[] {
  return [...text.matchAll(FENCED)].filter(([, name]) => name === language).map(([, , block = '']) => block);
}

/** The contents of the code spans outside fenced blocks. */
export function codeSpans(text: string): readonly string[] {
  return [...text.replaceAll(FENCED, '').matchAll(/`([^`\n]+)`/gu)].map(([, span = '']) => span);
}

/** The targets of the links outside fenced blocks. */
export function links(text: string): readonly string[] {
  return [...text.replaceAll(FENCED, '').matchAll(/\]\(([^)\s]+)\)/gu)].map(([, target = '']) => target);
}
