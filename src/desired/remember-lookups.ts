/** What a judgement asked of the secrets, so that it need not be made again while they answer the same. */

import { isDeepStrictEqual } from 'node:util';

import type { LookUpPlaceholder, PlaceholderKind, PlaceholderLookup } from './placeholder-source.ts';

export interface RememberedLookups {
  /** Looks up, and remembers what was asked and answered. */
  readonly lookUp: LookUpPlaceholder;
  /** Whether everything that was asked is answered the same now. */
  readonly holdStill: (lookUp: LookUpPlaceholder) => boolean;
}

export function rememberLookups(lookUp: LookUpPlaceholder): RememberedLookups {
  const asked: { readonly kind: PlaceholderKind; readonly name: string; readonly answer: PlaceholderLookup }[] = [];
  return {
    lookUp: (kind, name) => {
      const answer = lookUp(kind, name);
      asked.push({ kind, name, answer });
      return answer;
    },
    holdStill: (lookUpNow) => asked.every(({ kind, name, answer }) => isDeepStrictEqual(lookUpNow(kind, name), answer)),
  };
}
