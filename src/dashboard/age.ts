/** Spans of time in few characters. */

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How long ago that was: `just now`, `42 s ago`, `3 min ago`, `5 h ago`, `12 d ago`. A moment to come is `just now`. */
export function formatAge(milliseconds: number): string {
  return milliseconds < SECOND ? 'just now' : `${coarse(milliseconds)} ago`;
}

/** How long until then: `in 42 s`; `now` when it has come. */
export function formatCountdown(milliseconds: number): string {
  if (milliseconds <= 0) return 'now';
  return milliseconds < HOUR ? `in ${clockLike(Math.ceil(milliseconds / SECOND))}` : `in ${coarse(milliseconds)}`;
}

/** How long it took: `412 ms`, `1.5 s`, `12 s`, `3 min 20 s`, `1 h 5 min`. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 999.5) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 9_950) return `${(milliseconds / SECOND).toFixed(1).replace('.0', '')} s`;
  if (milliseconds < HOUR) return clockLike(Math.round(milliseconds / SECOND));
  return `${Math.floor(milliseconds / HOUR)} h ${Math.floor((milliseconds % HOUR) / MINUTE)} min`;
}

function coarse(milliseconds: number): string {
  if (milliseconds < MINUTE) return `${Math.floor(milliseconds / SECOND)} s`;
  if (milliseconds < HOUR) return `${Math.floor(milliseconds / MINUTE)} min`;
  if (milliseconds < 2 * DAY) return `${Math.floor(milliseconds / HOUR)} h`;
  return `${Math.floor(milliseconds / DAY)} d`;
}

function clockLike(seconds: number): string {
  if (seconds < 60) return `${seconds} s`;
  return seconds % 60 === 0 ? `${seconds / 60} min` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
