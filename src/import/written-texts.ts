/** The texts of a definition as its author wrote them: an import that writes it anew keeps those that still hold. */

import { sameButMasked } from '../model/masked-values.ts';

const PLACEHOLDER = /(?<!\$)\$\{(?:env|secret):/u;
const TEXTS = ['name', 'type', 'method', 'url', 'body_template'] as const;
const LISTS = ['headers', 'parameters', 'body'] as const;

/** By place: `url`, or `headers/Authorization/1` for the second header of that name. */
export type WrittenTexts = ReadonlyMap<string, string>;

/** @param fields a definition as YAML gives it, whatever it holds */
export function writtenTexts(fields: Readonly<Record<string, unknown>>): WrittenTexts {
  const texts = new Map<string, string>();
  const keep = (place: string, text: unknown): void => {
    if (typeof text === 'string') texts.set(place, text);
  };
  for (const field of TEXTS) keep(field, fields[field]);
  for (const field of LISTS) {
    const list: readonly unknown[] = Array.isArray(fields[field]) ? fields[field] : [];
    const place = createPlaceCounter(field);
    for (const entry of list) {
      if (typeof entry !== 'object' || entry === null || !('name' in entry) || typeof entry.name !== 'string') continue;
      keep(place(entry.name), 'value' in entry ? entry.value : undefined);
    }
  }
  return texts;
}

/**
 * True when the text may stand for what is live: a literal when it is the same. Nobody sees through a placeholder, or through
 * a mask, so these are never taken for an edit. Names are shown to everyone, and never masked.
 */
export function stillHolds(place: string, text: string, live: string): boolean {
  if (PLACEHOLDER.test(text)) return true;
  const literal = text.replaceAll('$${', () => '${');
  return place === 'name' ? literal === live : sameButMasked(live, literal);
}

/** Names the places of a list in its order, so that equal names are told apart. */
export function createPlaceCounter(field: string): (name: string) => string {
  const seen = new Map<string, number>();
  return (name) => {
    const nth = seen.get(name) ?? 0;
    seen.set(name, nth + 1);
    return `${field}/${name}/${nth}`;
  };
}
