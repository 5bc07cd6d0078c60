/** Values in places of secrets that are none. */

/** One variable of Jinja, perhaps with plain filters: it names an input, and holds nothing itself. */
const JINJA_VARIABLE = /^\{\{-?\s*[A-Za-z_][\w.]*\s*(?:\|\s*[A-Za-z_]+\s*)*-?\}\}$/u;

/** Headers that tell how to read a message, and never who sends it, with the values that they usually have. */
const OPEN_HEADERS: Readonly<Record<string, RegExp>> = {
  accept: mediaTypes(),
  'accept-charset': /^[\w\-*]{1,20}$/u,
  'accept-encoding': /^(?:gzip|deflate|br|zstd|identity|\*|[\s,])+$/iu,
  'accept-language': /^[a-z]{1,3}(?:-[a-z]{2,4})?$/iu,
  'cache-control': /^(?:no-cache|no-store|max-age=0)$/iu,
  'content-type': mediaTypes(),
};

export function isJinjaVariable(value: string): boolean {
  return value.length <= 200 && JINJA_VARIABLE.test(value.trim());
}

/** True for `Content-Type: application/json` and its like. */
export function isOpenHeader(name: string, value: string): boolean {
  const lower = name.toLowerCase();
  const usual = Object.hasOwn(OPEN_HEADERS, lower) ? OPEN_HEADERS[lower] : undefined;
  return value.length <= 200 && usual?.test(value) === true;
}

function mediaTypes(): RegExp {
  const type = String.raw`(?:application|text|image|audio|video|multipart|\*)/(?:\*|[a-z][a-z0-9.+-]{0,60})`;
  const parameter = String.raw`\s*;\s*(?:charset=[\w-]{1,20}|q=[01](?:\.\d{1,3})?|version=\d{1,3})`;
  return new RegExp(`^${type}(?:${parameter})*(?:\\s*,\\s*${type}(?:${parameter})*)*$`, 'iu');
}
