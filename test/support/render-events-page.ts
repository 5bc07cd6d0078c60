/** docs/events.md, whose examples come out of the real log. */

import type { SyncEvent } from '../../src/model/event.ts';
import { BLOCK_GUIDE } from '../../src/report/guide/block-guide.ts';
import { CAUSE_GUIDE } from '../../src/report/guide/cause-guide.ts';
import type { EventGuide } from '../../src/report/guide/event-guide.ts';
import { EVENT_GUIDE } from '../../src/report/guide/event-guide.ts';
import { createLog } from '../../src/report/log.ts';
import type { EventEntry } from './event-examples.ts';
import { EVENTS } from './event-examples.ts';

const TIME = '2026-11-23T09:30:00.000Z';
const REVISION = '8d0f2b6c1e4a7935d2c8b1f06e7a9d3c5b4f8e21';

/** An event as the log writes it, but for the time. */
function logLine(event: SyncEvent): Readonly<Record<string, unknown>> {
  const lines: string[] = [];
  const isBeforeFirstPass = event.event === 'daemon.started';
  const log = createLog({
    level: 'debug',
    destination: { write: (line) => void lines.push(line) },
    context: () => (isBeforeFirstPass ? { pass: null, revision: null } : { pass: 12, revision: REVISION }),
  });
  log.emit(event);
  return { ...(JSON.parse(lines.join('')) as Readonly<Record<string, unknown>>), time: TIME };
}

/** Markdown; prettier breaks the lines of the examples. */
export function renderEventsPage(): string {
  const entries: readonly (readonly [string, EventEntry])[] = Object.entries(EVENTS);
  return [
    '<!-- Generated from src/report/guide/ and test/support/event-examples.ts by "npm run generate". -->',
    '# Log events',
    'The daemon logs one JSON document a line to stdout; the other commands log to stderr. Names and fields of events are ' +
      'part of the interface, the wording of `msg` is not. A condition is logged when it begins, changes and ends, not at ' +
      'every pass.',
    'Every line has `time`, `level` and `msg`. A line with `event` is one of those below. Other lines are notes for people, ' +
      'such as a warning at the start. Where they apply, a line also has:',
    [
      '- `pass`: the number of the pass since the start of the process.',
      '- `revision`: the git commit of the source, with `-dirty` when it is known to differ.',
      '- `connector`: `key` (the path of the definition without its extension), `id` and `name`; `id` and `name` are null ' +
        'when they are not known.',
      '- `file`: relative to the source directory.',
      '- `fields`: the differences, each with `path` (a JSON Pointer), `live` and `desired`; one of these two is absent ' +
        'where that side has nothing. Secrets show as `hmac:` and eight digits of a keyed hash, so that a change is ' +
        'visible and the value is not. In `connector.adjusted` it is a list of field names.',
      '- `problems`: each with `code`, `severity`, `file`, `line`, `column`, `path`, `message` and `hint`.',
    ].join('\n'),
    'The examples are broken into several lines for reading.',
    '## All events',
    table(
      ['Event', 'Level', 'When'],
      entries.map(([name, entry]) => [`[\`${name}\`](#${anchor(name)})`, levelsOf(entry), whenOf(name)]),
    ),
    '## Causes',
    table(
      ['Cause', 'Meaning'],
      Object.entries(CAUSE_GUIDE).map(([code, meaning]) => [`\`${code}\``, meaning]),
    ),
    '## Block codes',
    'In `connector.blocked` and `brake.engaged`; what to do about each is in [troubleshooting](troubleshooting.md). `--force` lifts `mass_delete`, `unconfirmed_delete`, `live_list_short` and ' +
      '`fight`, and no other.',
    table(
      ['Code', 'Meaning'],
      Object.entries(BLOCK_GUIDE).map(([code, { title }]) => [`[\`${code}\`](troubleshooting.md#${code})`, title]),
    ),
    '## Examples',
    ...entries.flatMap(([name, { examples }]) => [
      `### ${name}`,
      ...examples.map((example) => ['```json', JSON.stringify(logLine(example), null, 2), '```'].join('\n')),
    ]),
    '',
  ].join('\n\n');
}

function whenOf(name: string): string {
  const guides: Readonly<Record<string, EventGuide>> = EVENT_GUIDE;
  return guides[name]?.when ?? '';
}

function levelsOf({ examples }: EventEntry): string {
  return [...new Set(examples.map((example) => String(logLine(example)['level'])))].join(', ');
}

function anchor(name: string): string {
  return name.replaceAll('.', '');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
