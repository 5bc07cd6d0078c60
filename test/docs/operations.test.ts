/** The runbook knows everything that can be said to an operator, and its commands work. */

import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { SyncEvent } from '../../src/model/event.ts';
import { describeEvent } from '../../src/report/describe-event.ts';
import { BLOCK_GUIDE } from '../../src/report/guide/block-guide.ts';
import { createLog } from '../../src/report/log.ts';
import type { EventEntry } from '../support/event-examples.ts';
import { EVENTS } from '../support/event-examples.ts';
import { REPOSITORY_ROOT } from '../support/generated-files.ts';
import { statusOf } from '../support/pass-builders.ts';

const page = readFileSync(join(REPOSITORY_ROOT, 'docs', 'operations.md'), 'utf8');
/** What stands under each heading of the third level. */
const parts = new Map(
  page
    .split(/^(?=##)/mu)
    .filter((part) => part.startsWith('### '))
    .map((part) => [part.slice('### '.length, part.indexOf('\n')), part] as const),
);
const examples: readonly SyncEvent[] = Object.values<EventEntry>(EVENTS).flatMap((entry) => entry.examples);
const loud = new Set(
  examples.filter((event) => ['warn', 'error'].includes(describeEvent(event).level)).map(({ event }) => event),
);

const MONITORING = join(REPOSITORY_ROOT, 'deploy', 'monitoring');
const alerts = existsSync(MONITORING)
  ? readdirSync(MONITORING, { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.ya?ml$/u.test(file))
      .flatMap((file) => [...readFileSync(join(MONITORING, file), 'utf8').matchAll(/^\s*- alert: (\w+)$/gmu)])
      .map(([, name = '']) => name)
  : [];

describe('the runbook', () => {
  test.each([...Object.keys(BLOCK_GUIDE), ...loud, ...new Set(alerts)])(
    'says of %s what it means and what to do',
    (name) => {
      const text = parts.get(name) ?? '';
      expect([...text.matchAll(/^- \*\*(.+?):\*\* \S/gmu)].map(([, question]) => question)).toEqual([
        'Means',
        'Look at',
        'Do',
        'Ignore it',
      ]);
    },
  );

  test('speaks of no event, code or alert that there is not', () => {
    const known = new Set<string>([...Object.keys(EVENTS), ...Object.keys(BLOCK_GUIDE)]);
    const named = [...page.matchAll(/\.event == \\?"([^"\\]+)/gu)].map(([, name = '']) => name);
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((name) => !known.has(name))).toEqual([]);
    if (alerts.length > 0) {
      expect(new Set([...parts.keys()].filter((name) => name.startsWith('DatabarSync')))).toEqual(new Set(alerts));
    }
    const headings = [...parts.keys()].filter(
      (name) => /^\w+(?:\.\w+)?$/u.test(name) && !name.startsWith('DatabarSync'),
    );
    expect(headings.filter((name) => !known.has(name))).toEqual([]);
  });

  const jq = spawnSync('jq', ['--version']).status === 0;
  test.skipIf(!jq).each([...new Set(commandsOf('logs'))])('logs | jq %s finds what it asks for', (command) => {
    const lines: string[] = [];
    const log = createLog({
      level: 'debug',
      destination: { write: (line) => void lines.push(line) },
      context: () => ({ pass: 1, revision: null }),
    });
    for (const event of examples) log.emit(event);
    log.say('warn', 'the state lives in memory only: it is full');
    const { status, stdout, stderr } = spawnSync('sh', ['-c', `jq ${command}`], {
      input: lines.join(''),
      encoding: 'utf8',
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).not.toBe('');
    expect(stdout).not.toContain('undefined');
  });

  test.skipIf(!jq).each([...new Set(commandsOf('status'))])('status | jq %s finds what it asks for', (command) => {
    const status = statusOf({ revision: 'abc', lastSuccessAt: 1, lastPass: { brakes: [] } });
    const { stdout } = spawnSync('sh', ['-c', `jq ${command}`], { input: JSON.stringify(status), encoding: 'utf8' });
    expect(stdout).not.toBe('');
    expect(stdout).not.toContain('null');
  });
});

/** What stands behind `jq` in commands that read the log or the status. */
function commandsOf(source: 'logs' | 'status'): readonly string[] {
  return [...page.matchAll(new RegExp(`^(?:.*\`)?${source} \\| jq (.+?)(?:\`.*)?$`, 'gmu'))].map(
    ([, command = '']) => command,
  );
}
