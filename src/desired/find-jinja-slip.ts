/** Slips in Jinja that the server would find only when it sends a request, or never. */

import type { JsonPointer } from '../model/connector.ts';
import type { Fault } from './fault.ts';
import { fault } from './fault.ts';

const ENDS: ReadonlyMap<string, string> = new Map([
  ['{{', '}}'],
  ['{%', '%}'],
  ['{#', '#}'],
]);

/** At most one slip of a text: an opening that is not closed, or a name in single braces outside of a template. */
export function findJinjaSlip(text: string, path: JsonPointer): readonly Fault[] {
  const slip = (message: string, hint: string): readonly Fault[] => [
    fault('jinja_syntax', path, message, { hint, severity: 'warning' }),
  ];
  let plain = '';
  let from = 0;
  for (let at = nextOpening(text, from); at !== -1; at = nextOpening(text, from)) {
    const opening = text.slice(at, at + 2);
    const end = ENDS.get(opening) ?? '';
    const closedAt = text.indexOf(end, at + 2);
    const next = nextOpening(text, at + 2);
    if (closedAt === -1 || (next !== -1 && next < closedAt)) {
      return slip(`A "${opening}" is not closed by a "${end}".`, `Write ${opening} name ${end}.`);
    }
    plain += text.slice(from, at);
    from = closedAt + 2;
  }
  plain += text.slice(from);
  // In a template, a single brace is JSON's.
  const single = path === '/body_template' ? null : /(?<![$%#{])\{\s?(?<name>[a-z_]\w{0,60})\s?\}/i.exec(plain);
  if (single === null) return [];
  const name = single.groups?.['name'] ?? 'name';
  return slip(`"{${name}}" is sent as it stands: a variable has two braces.`, `Write {{ ${name} }}.`);
}

function nextOpening(text: string, from: number): number {
  const found = text.slice(from).search(/\{[{%#]/);
  return found === -1 ? -1 : from + found;
}
