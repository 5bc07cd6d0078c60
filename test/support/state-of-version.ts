/** What the states in test/fixtures/state were written for. */

import { join } from 'node:path';
import { REPOSITORY_ROOT } from './generated-files.ts';

export const STATE_FIXTURES = join(REPOSITORY_ROOT, 'test', 'fixtures', 'state');

/** The definitions whose connectors the state knows, as ids 1 and 2; the server clamps the limit of the second. */
export function keptFiles(): Readonly<Record<string, string>> {
  return {
    'a.yaml': 'name: A\nmethod: get\nurl: https://api.example.com/a\nsync: {protect: true}\n',
    'people/b.yaml': [
      'name: B',
      'method: post',
      'url: https://api.example.com/b',
      'headers: [{name: X-Team, value: data}]',
      'rate_limit: 1000',
      '',
    ].join('\n'),
  };
}
