/** What a judgement asked of the secrets, so that it need not be made again while they answer the same. */

import { isDeepStrictEqual } from 'node:util';

import type { LookUpPlaceholder, PlaceholderKind, PlaceholderLookup } from './placeholder-source.ts';

/** One question, and the answer that it had. */
export interface AskedSecret {
  readonly kind: PlaceholderKind;
  readonly name: string;
  readonly answer: PlaceholderLookup;
}

/** Looks up, and notes in `asked` what was asked and answered. */
export function noteLookups(lookUp: LookUpPlaceholder, asked: AskedSecret[]): LookUpPlaceholder {
  return (kind, name) => {
    const answer = lookUp(kind, name);
    asked.push({ kind, name, answer });
    return answer;
  };
}

/** Whether everything that was asked is answered the same now. */
export function answersHold(asked: readonly AskedSecret[], lookUp: LookUpPlaceholder): boolean {
  return asked.every(({ kind, name, answer }) => isDeepStrictEqual(lookUp(kind, name), answer));
}
