/** The outcome of reading one value from text. */
export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  /** `wrong` completes "the value ...": `is not a duration`. It never quotes the value. */
  | { readonly ok: false; readonly wrong: string };

export function parsed<T>(value: T): Parsed<T> {
  return { ok: true, value };
}

export function rejected(wrong: string): Parsed<never> {
  return { ok: false, wrong };
}
