/** docs/troubleshooting.md: a heading for each code that a person may search for. */

import { BLOCK_GUIDE } from '../../src/report/guide/block-guide.ts';
import type { CodeGuide } from '../../src/report/guide/code-guide.ts';
import { EVENT_GUIDE } from '../../src/report/guide/event-guide.ts';
import { PROBLEM_GUIDE } from '../../src/report/guide/problem-guide.ts';

/** Markdown; prettier breaks its lines. */
export function renderTroubleshootingPage(): string {
  const events = Object.entries(EVENT_GUIDE).filter(([, { remedy }]) => remedy !== null);
  return [
    '<!-- Generated from src/report/guide/ by "npm run generate". -->',
    '# Troubleshooting',
    'Every code that a message may carry, each under a heading of its own: search this page for it. The same texts are in ' +
      'the program: `databar-sync explain mass_delete`.',
    '- [Problems of definitions](#problems-of-definitions): what `validate` finds, and `connector.invalid` tells\n' +
      '- [Blocked changes](#blocked-changes): what a plan calls blocked, and `connector.blocked` or `brake.engaged` tells\n' +
      '- [Events that ask for somebody](#events-that-ask-for-somebody)',
    '## Problems of definitions',
    'A definition with a problem is not used, and its connector is held as it is; it stops no other definition.',
    ...entries(PROBLEM_GUIDE),
    '## Blocked changes',
    'A blocked change waits, until its cause is gone or a person decides.',
    ...entries(BLOCK_GUIDE),
    '## Events that ask for somebody',
    'All events, with their fields, are in [events](events.md).',
    ...events.flatMap(([name, { when, remedy }]) => [
      `### ${name}`,
      `**When:** ${when}.`,
      `**What to do:** ${remedy ?? ''}`,
    ]),
    '',
  ].join('\n\n');
}

function entries(guide: Readonly<Record<string, CodeGuide>>): readonly string[] {
  return Object.entries(guide).flatMap(([code, { title, meaning, remedy }]) => [
    `### ${code}`,
    `**${title}** ${meaning}`,
    `**What to do:** ${remedy}`,
  ]);
}
