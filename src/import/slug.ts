/** Names of people as names for files and variables: plain ASCII, the same on every system. */

import slugify from '@sindresorhus/slugify';

const MAX_LENGTH = 60;

/** Names that Windows keeps for devices, whatever their extension. */
const RESERVED = /^(?:con|prn|aux|nul|com\d|lpt\d)$/u;

/**
 * Lower-case ASCII letters and digits with hyphens between words; accents and many scripts are transliterated. At most 60
 * characters. `fallback` where nothing is left of the name.
 */
export function slugOf(name: string, fallback: string): string {
  const slug = slugify(name, { decamelize: false }).slice(0, MAX_LENGTH).replace(/-+$/u, '');
  if (slug === '') return fallback;
  return RESERVED.test(slug) ? `${slug}-connector` : slug;
}

/** The same as the name of an environment variable: `X-Api-Key` is `X_API_KEY`. */
export function variableNameOf(text: string, fallback: string): string {
  return slugOf(text, fallback).replaceAll('-', '_').toUpperCase();
}

/** The first of `base`, `base-2`, `base-3`... that is free; it is taken then. */
export function takeFreeName(base: string, separator: '-' | '_', taken: Set<string>): string {
  let name = base;
  for (let number = 2; taken.has(name); number += 1) name = `${base}${separator}${number}`;
  taken.add(name);
  return name;
}
