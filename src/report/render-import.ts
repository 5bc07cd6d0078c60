/** What an import did, for people and programs. Names of variables are told, values never. */

import type { Problem } from '../model/problem.ts';
import { longest } from './longest.ts';
import { plainText } from './plain-text.ts';
import { countOf } from './count-of.ts';

/** The shape of `--output json`, but for the summary; it is API. Files are relative to the working directory. */
export interface ImportReport {
  readonly imported: readonly {
    readonly id: number;
    readonly name: string;
    readonly file: string;
    readonly outcome: 'written' | 'overwritten' | 'failed';
    readonly error: string | null;
  }[];
  readonly left: readonly {
    readonly id: number;
    readonly name: string;
    readonly file: string;
    readonly reason: string;
  }[];
  readonly placeholders: readonly {
    readonly variable: string;
    readonly id: number;
    readonly file: string;
    /** JSON Pointer. */
    readonly path: string;
    readonly label: string;
    /** The server shows only a mask of the value. */
    readonly masked: boolean;
  }[];
  /** What is wrong with definitions that were written. */
  readonly problems: readonly Problem[];
  /** Files besides the definitions, written but where there is an error. */
  readonly otherFiles: readonly { readonly file: string; readonly error: string | null }[];
  readonly dryRun: boolean;
}

export interface ImportPlace {
  /** As it was given, for commands that a person may copy. */
  readonly directory: string;
  readonly host: string;
  /** Where the names of the variables are. */
  readonly envExample: string;
  /** How many connectors the workspace has, and how many of them were not asked for. */
  readonly live: number;
  readonly excluded: number;
}

export function importDocument(report: ImportReport): object {
  const { imported, left, placeholders, problems, otherFiles, dryRun } = report;
  const failed = imported.filter(({ outcome }) => outcome === 'failed').length;
  return {
    imported,
    left,
    placeholders,
    problems,
    otherFiles,
    dryRun,
    summary: {
      imported: imported.length - failed,
      failed,
      left: left.length,
      placeholders: placeholders.length,
      masked: placeholders.filter(({ masked }) => masked).length,
    },
  };
}

/** Sections with blank lines between them. */
export function renderImportText(report: ImportReport, place: ImportPlace): string {
  const sections = [
    importedSection(report, place),
    leftSection(report, place),
    failedSection(report),
    problemSection(report),
    placeholderSection(report, place),
    nextSection(report, place),
  ].filter((lines) => lines.length > 0);
  return `${sections.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function importedSection({ imported, left, dryRun }: ImportReport, place: ImportPlace): readonly string[] {
  const written = imported.filter(({ outcome }) => outcome !== 'failed');
  const excluded = place.excluded === 0 ? '' : ` (${place.excluded} not asked for)`;
  if (place.live === 0) return [`${place.host} has no connectors: nothing to import`];
  if (imported.length === 0) {
    const why = left.length > 0 ? `files in ${place.directory} define all of it` : 'no connector has such a name';
    return [`nothing to import: ${why}${excluded}`];
  }
  const verb = dryRun ? 'would import' : 'imported';
  const width = Math.min(MAX_WIDTH, longest(written.map(({ file }) => file)));
  return [
    `${verb} ${countOf(written.length, 'connector')} from ${place.host}${excluded}:`,
    ...written.map(
      ({ file, name, id, outcome }) =>
        `  ${outcome === 'overwritten' ? '~' : '+'} ${file.padEnd(width)}  ${quote(name)} (id ${id})`,
    ),
  ];
}

/** Longer names than this stand out of their column. */
const MAX_WIDTH = 50;
/** More than so many connectors that are left alone are only counted, unless there is something to say about them. */
const MAX_LEFT = 10;
const NOTHING_TO_SAY: ReadonlySet<string> = new Set(['defined there already', 'the file says the same']);

function leftSection({ left }: ImportReport, { directory }: ImportPlace): readonly string[] {
  if (left.length === 0) return [];
  const plain = left.filter(({ reason }) => NOTHING_TO_SAY.has(reason));
  const others = left.filter((one) => !plain.includes(one));
  const shown = plain.length <= MAX_LEFT ? plain : [];
  return [
    `left alone: ${countOf(left.length, 'connector')} that files in ${directory} speak of`,
    ...[...others, ...shown].map(({ file, name, id, reason }) => `  = ${quote(name)} (id ${id}), ${file}: ${reason}`),
  ];
}

function failedSection({ imported, otherFiles }: ImportReport): readonly string[] {
  const failed = [
    ...imported.map(({ file, name, id, error }) => ({ file, error, about: ` ${quote(name)} (id ${id})` })),
    ...otherFiles.map(({ file, error }) => ({ file, error, about: '' })),
  ].filter(({ error }) => error !== null);
  if (failed.length === 0) return [];
  return ['not written:', ...failed.map(({ file, error, about }) => `  ! ${file}: it ${error ?? ''}${about}`)];
}

/** True when all was written, and every definition is valid. */
export function isImportWell({ imported, otherFiles, problems }: ImportReport): boolean {
  return problems.length === 0 && [...imported, ...otherFiles].every(({ error }) => error === null);
}

function problemSection({ problems }: ImportReport): readonly string[] {
  if (problems.length === 0) return [];
  return [
    'live connectors that are no valid definitions; mend their files before the next plan:',
    ...problems.map(
      ({ file, line, column, code, message }) => `  ! ${file}:${line}:${column}: ${code}: ${plainText(message)}`,
    ),
  ];
}

function placeholderSection({ placeholders }: ImportReport, { envExample }: ImportPlace): readonly string[] {
  if (placeholders.length === 0) return [];
  const width = longest(placeholders.map(({ variable }) => variable));
  const masked = placeholders.filter((placeholder) => placeholder.masked).length;
  const are = placeholders.length === 1 ? 'is in no file: it has' : 'are in no file: they have';
  return [
    `${countOf(placeholders.length, 'secret value')} ${are} to come from the environment. The names are in ${envExample}:`,
    ...placeholders.map(
      ({ variable, file, label, masked }) =>
        `  ${variable.padEnd(width)}  ${file}: ${plainText(label)}${masked ? ' (masked)' : ''}`,
    ),
    ...(masked === 0
      ? []
      : [
          'The server shows only a mask of those that are marked so: get the real values from where they were issued. ' +
            'With anything else in their place, the next sync would wipe the credentials.',
        ]),
  ];
}

function nextSection({ imported, placeholders }: ImportReport, { directory }: ImportPlace): readonly string[] {
  if (!imported.some(({ outcome }) => outcome !== 'failed')) return [];
  const masked = placeholders.some((placeholder) => placeholder.masked) ? ' but the values that are masked' : '';
  return [
    'A secret in the path of a URL, or in a text that nothing announces, is not recognised: read the files before you commit.',
    `next: databar-sync validate ${directory}; then databar-sync plan --dir ${directory}, which has nothing to change${masked}`,
  ];
}

const MAX_NAME = 60;

function quote(name: string): string {
  const letters = Array.from(name);
  return plainText(JSON.stringify(letters.length > MAX_NAME ? `${letters.slice(0, MAX_NAME).join('')}…` : name));
}
