/** What the author of a definition reads for each mistake, as one document that people review. */

import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { validateCommand } from '../../src/cli/commands/validate.ts';
import type { Output } from '../../src/cli/terminal.ts';
import { createSecretScrubber } from '../../src/report/secret-scrubber.ts';
import type { Mistake } from '../support/mistakes.ts';
import { DOUBTS, FIELD_MISTAKES, PLACEHOLDER_MISTAKES, SET_MISTAKES, YAML_MISTAKES } from '../support/mistakes.ts';

const CHAPTERS: Readonly<Record<string, readonly Mistake[]>> = {
  YAML: YAML_MISTAKES,
  Fields: FIELD_MISTAKES,
  Placeholders: PLACEHOLDER_MISTAKES,
  Doubts: DOUBTS,
  'Several definitions': SET_MISTAKES,
};

test('every mistake is answered with its place, what is wrong, and what to do', async () => {
  const told = await Promise.all(
    Object.entries(CHAPTERS).map(async ([title, mistakes]) => {
      const sections = await Promise.all(mistakes.map(tell));
      return [`## ${title}`, ...sections].join('\n\n');
    }),
  );
  const head = '# What `validate` says\n\nMade by `test/cli/messages.test.ts`; read it as the author of each file.';
  await expect(`${[head, ...told].join('\n\n')}\n`).toMatchFileSnapshot('messages.snapshot.md');
}, 60_000);

test('at least sixty mistakes are told', () => {
  const all = Object.values(CHAPTERS).flat();
  expect(new Set(all.map(({ what }) => what)).size).toBe(all.length);
  expect(all.length).toBeGreaterThanOrEqual(60);
});

async function tell({ what, text, file = 'lead-score.yaml', others = {} }: Mistake): Promise<string> {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'databar-sync-messages-')));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  for (const [path, content] of Object.entries({ ...others, [file]: text }))
    writeFileSync(join(directory, path), content);
  let printed = '';
  const output: Output = {
    isTerminal: false,
    colour: false,
    size: () => null,
    write: () => undefined,
    print: async (part) => {
      printed += part;
    },
    ended: new AbortController().signal,
  };
  await validateCommand(
    { environment: {}, cwd: directory, stdout: output, stderr: output, process, scrubber: createSecretScrubber() },
    { flags: {}, configFile: null, paths: ['.'], stdinName: '', output: 'text', strict: false, quiet: false },
  );
  const files = Object.entries({ [file]: text, ...others })
    .map(([path, content]) => fence(path.endsWith('.json') ? 'json' : 'yaml', shorten(content)))
    .join('\n\n');
  return `### ${what}\n\n${files}\n\n${fence('text', shorten(printed))}`;
}

function fence(language: string, text: string): string {
  return `\`\`\`${language}\n${text.trimEnd()}\n\`\`\``;
}

function shorten(text: string): string {
  return text.replaceAll(/x{100,}/gu, (run) => `xxxx (${run.length} times x) xxxx`);
}
