/** What the pages name exists: files, commands, flags, settings, events and codes. */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { createProgram } from '../../src/cli/program.ts';
import { createSecretScrubber } from '../../src/report/secret-scrubber.ts';
import { OPTIONS } from '../../src/config/options.ts';
import { definitionFields } from '../../src/desired/definition-fields.ts';
import { CONNECTOR_FIELDS } from '../../src/model/connector.ts';
import type { SyncEvent } from '../../src/model/event.ts';
import { describeEvent } from '../../src/report/describe-event.ts';
import { BLOCK_GUIDE } from '../../src/report/guide/block-guide.ts';
import { CAUSE_GUIDE } from '../../src/report/guide/cause-guide.ts';
import { PROBLEM_GUIDE } from '../../src/report/guide/problem-guide.ts';
import { EVENTS } from '../support/event-examples.ts';
import { REPOSITORY_ROOT } from '../support/generated-files.ts';
import { loadTexts, loaderOptions, problemsOf } from '../support/load-texts.ts';
import { codeBlocks, codeSpans, links } from '../support/read-markdown.ts';

const read = (path: string): string => readFileSync(join(REPOSITORY_ROOT, path), 'utf8');
const readme = read('README.md');
const commandsPage = read('docs/commands.md');
const reconciliation = read('docs/reconciliation.md');
/** What a newcomer reads one after another, but for what is generated. */
const guides = [
  readme,
  commandsPage,
  reconciliation,
  ...['http', 'adopt', 'definitions'].map((name) => read(`docs/${name}.md`)),
]
  .join('\n')
  .replaceAll(/<!-- generated:(\w+) -->.*?<!-- \/generated:\1 -->/gsu, '');
const pages = [
  'README.md',
  'CHANGELOG.md',
  ...readdirSync(join(REPOSITORY_ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.md'))
    .map((path) => `docs/${path.replaceAll('\\', '/')}`),
];

describe('links', () => {
  test.each(pages)('of %s lead to files that exist, and to headings that they have', (page) => {
    const broken = links(read(page))
      .filter((link) => !/^https?:/u.test(link))
      .filter((link) => {
        const [path = '', heading] = link.split('#', 2);
        const target = path === '' ? page : join(dirname(page), path);
        if (!existsSync(join(REPOSITORY_ROOT, target))) return true;
        return heading !== undefined && !headingsOf(read(target)).includes(heading);
      });
    expect(broken).toEqual([]);
  });

  test('lead to every page', () => {
    const linked = new Set([
      ...links(readme),
      ...links(read('docs/decisions/README.md')).map((link) => `docs/decisions/${link}`),
    ]);
    expect(pages.filter((page) => page !== 'README.md' && !linked.has(page))).toEqual([]);
  });
});

describe('the README, and the pages that it leads to', () => {
  const spans = codeSpans(guides);
  const commandLines = codeBlocks(guides, 'sh').flatMap((block) => block.split('\n'));
  const called = commandLines.flatMap((line) => /^databar-sync (\S+)/u.exec(line)?.[1] ?? []);
  const tabled = new Set(commandsPage.split('\n').flatMap((line) => /^\| `([a-z]+)` +\|/u.exec(line)?.[1] ?? []));

  test('speaks of every command, and of no other', async () => {
    const commands = commandsOf(await helpOf());
    expect(commands.length).toBeGreaterThan(0);
    expect(commands.filter((command) => !tabled.has(command))).toEqual([]);
    expect(called.filter((command) => !commands.includes(command))).toEqual([]);
    expect(commands.filter((command) => !codeSpans(readme).includes(command))).toEqual([]);
  });

  test('names only flags that a command has', async () => {
    const helps = await Promise.all(commandsOf(await helpOf()).map(async (command) => helpOf(command)));
    const flags = new Set(helps.join('\n').match(/--[a-z-]+/gu));
    const named = [...spans.filter((span) => /^--[a-z]/u.test(span)), ...commandLines.filter(isCall)].flatMap(
      (text) => text.match(/(?<=^|\s)--[a-z-]+/gu) ?? [],
    );
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((flag) => !flags.has(flag))).toEqual([]);
  });

  test('tells of settings what is so', () => {
    const rows = [...readme.matchAll(/^\| `([a-z]+\.[a-zA-Z]+)` +\| `(\w+)` +\| (?:none|`(\S+)`) +\|/gmu)];
    expect(rows.length).toBeGreaterThan(5);
    for (const [, path, env, value = null] of rows) {
      const option = OPTIONS.find((candidate) => candidate.path === path);
      expect([path, option?.env, option?.default ?? null]).toEqual([path, env, value]);
    }
  });

  test('names only npm scripts that exist', () => {
    const scripts = commandLines.flatMap((line) =>
      [...line.matchAll(/npm (?:run )?(start|test|(?<=run )\w+)/gu)].map(([, script = '']) => script),
    );
    expect(new Set(scripts)).toEqual(new Set(['start', 'test', 'build']));
    expect(scripts.filter((script) => !Object.hasOwn(manifest.scripts, script))).toEqual([]);
  });

  test('names only variables that are read', () => {
    const known = new Set<string | null>(OPTIONS.map(({ env }) => env));
    expect((guides.match(/\bDATABAR_\w+/gu) ?? []).filter((name) => !known.has(name))).toEqual([]);
  });

  test('names only events, settings and definition fields that exist', () => {
    const known = new Set<string>([
      ...Object.keys(EVENTS),
      ...OPTIONS.map(({ path }) => path),
      ...definitionFields().map(({ path }) => path),
    ]);
    const dotted = spans.filter((span) => /^[a-z]+\.[a-zA-Z]+$/u.test(span));
    expect(dotted.length).toBeGreaterThan(0);
    expect(dotted.filter((name) => !known.has(name))).toEqual([]);
  });

  test('names only causes and codes that exist, and every cause', () => {
    const guided = [BLOCK_GUIDE, CAUSE_GUIDE, PROBLEM_GUIDE].flatMap((guide) => Object.keys(guide));
    const known = new Set<string>([...guided, ...CONNECTOR_FIELDS]);
    expect(spans.filter((span) => /^[a-z]+(?:_[a-z]+)+$/u.test(span) && !known.has(span))).toEqual([]);
    expect(Object.keys(CAUSE_GUIDE).filter((cause) => !spans.includes(cause))).toEqual([]);
  });

  test('tells of every policy', () => {
    const policies = OPTIONS.flatMap((option) => (option.path === 'sync.policy' ? option.choices : []));
    const rows = reconciliation
      .split('\n')
      .flatMap((line) => /^\| `([a-z-]+)`(?: \(default\))? +\| (?:yes|no) /u.exec(line)?.[1] ?? []);
    expect(rows).toEqual(policies);
  });

  test('shows definitions that are valid', () => {
    const definitions = codeBlocks(guides, 'yaml').filter((block) => block.includes('yaml-language-server'));
    expect(definitions).toHaveLength(3);
    for (const definition of definitions) {
      const desired = loadTexts({ 'lead-score.yaml': definition }, loaderOptions({}, 'optional'));
      expect(desired.connectors).toHaveLength(1);
      expect(new Set(problemsOf(desired).map(({ code }) => code))).toEqual(new Set(['placeholder_unset']));
    }
  });

  test('shows log lines as the log writes them', () => {
    const lines = codeBlocks(readme, 'json').flatMap((block) => block.trim().split('\n'));
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) {
      const event = JSON.parse(line) as SyncEvent & { readonly level: string; readonly msg: string };
      expect(describeEvent(event)).toEqual({ level: event.level, msg: event.msg });
    }
  });
});

function isCall(line: string): boolean {
  return line.startsWith('databar-sync ');
}

/** As GitHub names the anchors of headings. */
function headingsOf(text: string): readonly string[] {
  return text
    .split('\n')
    .flatMap((line) => /^#+ (.*)$/u.exec(line)?.[1] ?? [])
    .map((heading) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\w\- ]/gu, '')
        .replaceAll(' ', '-'),
    );
}

/** The help of a command, or of the program. */
async function helpOf(...command: readonly string[]): Promise<string> {
  let text = '';
  const output = {
    isTerminal: false,
    colour: false,
    size: () => null,
    write: (part: string) => void (text += part),
    print: async () => {},
    ended: new AbortController().signal,
  };
  const program = createProgram({
    environment: {},
    cwd: REPOSITORY_ROOT,
    stdout: output,
    stderr: output,
    scrubber: createSecretScrubber(),
    process,
  });
  await expect(program.run([...command, '--help'])).rejects.toMatchObject({ exitCode: 0 });
  return text;
}

function commandsOf(help: string): readonly string[] {
  const [, list = ''] = help.split(/^Commands:$/mu);
  return [...list.matchAll(/^ {2}([a-z]+) /gmu)].map(([, name = '']) => name).filter((name) => name !== 'help');
}
