/** Which names announce a credential, so that what they hold is never shown. */

const CREDENTIAL_WORD =
  /tokens?(?!iz)|secret|passw|passphrase|api[-_ ]?key|auth(?!or(?!i[sz]))|credential|signature|session|cookie|bearer|jwt/i;

/** Short words count only as a whole segment of a name: `pwd`, `x-sig`, `subscription-key`, but not `keyword` or `design`. */
const CREDENTIAL_SEGMENT = /(?:^|[^a-z])(?:pwd|sig|hmac|otp)(?:$|[^a-z])|(?:^|[^a-z])key$/i;
const CAMEL_CASE_KEY = /[a-z0-9]Key$/;

/** Counts of an AI model's tokens are everyday settings of a connector and no secrets. */
const TOKEN_COUNT =
  /^(?:max|min|num|total|prompt|completion|input|output)[-_ ]?\w*[-_ ]?tokens$|token[-_ ]?(?:count|limit)s?$/i;

/**
 * True for the name of a header, parameter, body field or query parameter that usually holds a credential, such as
 * `X-Api-Key`, `access_token` or `clientSecret`. It errs on the side of hiding.
 */
export function looksLikeCredential(name: string): boolean {
  if (TOKEN_COUNT.test(name)) return false;
  return CREDENTIAL_WORD.test(name) || CREDENTIAL_SEGMENT.test(name) || CAMEL_CASE_KEY.test(name);
}
