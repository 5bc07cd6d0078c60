/** Values that were pasted where a name belongs: names are shown, and so would they be. */

/** Years and versions stand by themselves in a name (`key_2026_v2`); in a token, digits and letters are mixed. */
const MIN_SEGMENT = 12;
const MIN_DIGITS = 2;

/** True for `sk_live_4fJ29sKd01LmQ` or the parts of a JWT; false for `rate_limit_per_minute` and `acme-key-2026-01`. */
export function looksLikeToken(name: string): boolean {
  return name.split(/[^A-Za-z0-9]+/u).some((segment) => {
    const digits = segment.match(/\d/gu)?.length ?? 0;
    return segment.length >= MIN_SEGMENT && digits >= MIN_DIGITS && /[A-Za-z]/u.test(segment);
  });
}
