/** How the keys of well-known services begin, how a JWT looks, and a private key: these are secrets under any name. */
const FORMS = [
  String.raw`eyJ[\w-]{5,}\.[\w-]{5,}\.[\w-]*`,
  String.raw`(?:sk|pk|rk)[-_](?=[\w-]*\d)[\w-]{12,}`,
  String.raw`gh[opsur]_\w{20,}`,
  String.raw`github_pat_\w{20,}`,
  String.raw`glpat-[\w-]{16,}`,
  String.raw`xox[abeprs]-[\w-]{8,}`,
  String.raw`AKIA[0-9A-Z]{16}`,
  String.raw`AIza[\w-]{30,}`,
  String.raw`SG\.[\w-]{16,}\.[\w-]{16,}`,
  String.raw`-----BEGIN [A-Z ]*PRIVATE KEY`,
];
const KNOWN_TOKEN = new RegExp(`(?<![\\w-])(?:${FORMS.join('|')})`, 'u');

/** True when an access token of a well-known service, or a private key, stands anywhere in the text. */
export function holdsKnownToken(text: string): boolean {
  return KNOWN_TOKEN.test(text);
}
