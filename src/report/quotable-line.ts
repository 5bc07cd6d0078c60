/**
 * A line of a definition as a code frame may show it. A definition carries other people's credentials, so what
 * follows a key is shown only in fields that never hold one; elsewhere it is cut away.
 */

import type { Problem } from '../model/problem.ts';
import { looksLikeToken } from '../model/token-like.ts';

/** Fields that are shown in logs and plans anyway, or cannot hold a secret. */
const OPEN_FIELDS: ReadonlySet<string> = new Set([
  'name',
  'type',
  'method',
  'rate_limit',
  'max_concurrency',
  'id',
  'sync',
  'ref',
  'suspend',
  'protect',
]);

const VALUE = String.raw`(?:"[^"\\]*"|'[^']*'|[^\s"'#,:[\]{}][^"'#,:[\]{}]*)?`;
/** More is never shown, and would take long to look through. */
const LONGEST = 1_000;
/** One value and nothing after it, or the one entry of `sync`: on a line of JSON others may follow, and a comment says anything. */
const LONE_VALUE = new RegExp(String.raw`^\s*(?:${VALUE}|\{\s*(?:ref|suspend|protect):\s+${VALUE}\s*\})\s*,?\s*$`, 'u');

/** @returns the line, or its field and `…` for the rest; null when it has no field, so that nothing of it may be shown */
export function quotableLine(line: string, problem: Pick<Problem, 'path' | 'column'>): string | null {
  const [, field = ''] = problem.path.split('/');
  const key = /^\s*(?:- +)?["']?(?<name>[\w-]{1,60})["']?\s*:/u.exec(line);
  if (key === null || looksLikeToken(key.groups?.['name'] ?? '')) return null;
  const isOpen = OPEN_FIELDS.has(field) && OPEN_FIELDS.has(key.groups?.['name'] ?? '');
  const isShort = line.length <= LONGEST;
  if (isOpen && isShort && !line.includes('${') && LONE_VALUE.test(line.slice(key[0].length))) return line;
  return `${key[0]} …`;
}
