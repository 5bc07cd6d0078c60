/** The `Retry-After` header (RFC 9110, sections 5.6.7 and 10.2.3). */

const SECONDS = /^\d+(?:\.\d+)?$/;
const TIME = String.raw`(?<hour>\d{2}):(?<minute>\d{2}):(?<second>\d{2})`;
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

// `Date.parse` is no judge: it takes "-1" and "5 May" for dates. These are the three forms that HTTP knows.
const DATES = [
  // Sun, 06 Nov 1994 08:49:37 GMT
  new RegExp(String.raw`^[a-z]{3}, (?<day>\d{2}) (?<month>[a-z]{3}) (?<year>\d{4}) ${TIME} GMT$`, 'i'),
  // Sunday, 06-Nov-94 08:49:37 GMT
  new RegExp(String.raw`^[a-z]{6,9}, (?<day>\d{2})-(?<month>[a-z]{3})-(?<year>\d{2}) ${TIME} GMT$`, 'i'),
  // Sun Nov  6 08:49:37 1994
  new RegExp(String.raw`^[a-z]{3} (?<month>[a-z]{3}) (?<day>[ \d]\d) ${TIME} (?<year>\d{4})$`, 'i'),
];

/** The last moment that a `Date` can tell, in milliseconds since the epoch. */
const END_OF_TIME = 8.64e15;

/**
 * How long the server asks us to wait, in milliseconds from `now`; never cut short. A date that has passed is 0; what is
 * neither seconds nor a date is null. An absurdly large number ends with the last moment that a `Date` can tell.
 *
 * @param now milliseconds since the epoch
 */
export function parseRetryAfter(value: string | null, now: number): number | null {
  const text = value?.trim() ?? '';
  if (SECONDS.test(text)) return Math.min(Math.ceil(Number(text) * 1000), END_OF_TIME - now);
  const date = parseHttpDate(text, now);
  return date === null ? null : Math.max(0, date - now);
}

function parseHttpDate(text: string, now: number): number | null {
  for (const pattern of DATES) {
    const parts = pattern.exec(text)?.groups;
    if (parts !== undefined) return toTimestamp(parts, now);
  }
  return null;
}

function toTimestamp(parts: Record<string, string>, now: number): number | null {
  const number = (part: string): number => Number(parts[part]);
  const month = MONTHS.indexOf((parts['month'] ?? '').toLowerCase());
  const [day, hour, minute, second] = [number('day'), number('hour'), number('minute'), number('second')];
  // 60 is a leap second.
  if (month < 0 || hour > 23 || minute > 59 || second > 60) return null;
  const year = parts['year']?.length === 2 ? fullYear(number('year'), now) : number('year');
  // Not Date.UTC, which takes the years 0 to 99 for 1900 to 1999.
  const midnight = new Date(0);
  midnight.setUTCFullYear(year, month, day);
  if (midnight.getUTCMonth() !== month || midnight.getUTCDate() !== day) return null;
  return midnight.getTime() + ((hour * 60 + minute) * 60 + second) * 1000;
}

/** A year of two digits that seems to lie more than 50 years ahead is the latest past year with those digits. */
function fullYear(twoDigits: number, now: number): number {
  const thisYear = new Date(now).getUTCFullYear();
  const year = Math.floor(thisYear / 100) * 100 + twoDigits;
  return year > thisYear + 50 ? year - 100 : year;
}
