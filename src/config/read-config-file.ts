/** The config file: YAML 1.2 with one map a group, read with positions. */

import type { Pair, YAMLMap, YAMLSeq } from 'yaml';
import { isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import { describeAccepted } from './describe-option.ts';
import type { Given, GivenValue } from './given-value.ts';
import { quote } from './given-value.ts';
import { nearestSetting } from './nearest-setting.ts';
import type { DeclaredOption } from './options.ts';
import { OPTIONS } from './options.ts';
import { readSmallFile, SmallFileError } from './read-small-file.ts';
import type { SettingsProblem } from './settings-problem.ts';
import { explainYamlError } from './yaml-error.ts';

const MAX_BYTES = 65_536;

// One slip in YAML can break every line after it; the first few errors lead to it.
const MOST_YAML_ERRORS = 5;

const GROUPS: ReadonlySet<string> = new Set(OPTIONS.map(({ path }) => path.slice(0, path.indexOf('.'))));

/** A config file being read. */
interface Reading {
  readonly values: GivenValue[];
  readonly problems: SettingsProblem[];
  /** `file:line:column` of an offset into the text. */
  readonly sourceAt: (offset: number) => string;
}

interface Entry {
  readonly name: string;
  /** Where the key stands. */
  readonly offset: number;
  /** A node of YAML; null when there is none. */
  readonly value: unknown;
}

/** What a config file gives. An empty file gives nothing; everything that is wrong with it is among the problems. */
export function readConfigFile(path: string): Given {
  try {
    return readConfigText(path, readSmallFile(path, MAX_BYTES));
  } catch (error) {
    if (!(error instanceof SmallFileError)) throw error;
    const message = `the config file ${error.message}`;
    return { values: [], problems: [{ source: path, setting: null, message, expected: null, suggestion: null }] };
  }
}

function readConfigText(path: string, text: string): Given {
  const lineCounter = new LineCounter();
  const sourceAt = (offset: number): string => {
    const { line, col } = lineCounter.linePos(offset);
    return `${path}:${String(line)}:${String(col)}`;
  };
  const reading: Reading = { values: [], problems: [], sourceAt };
  // Keys that are there twice are found below, in linear time.
  const strict = { version: '1.2', schema: 'core', merge: false, uniqueKeys: false } as const;
  const document = parseDocument(text, { ...strict, prettyErrors: false, lineCounter });
  const broken = [...document.errors, ...document.warnings].slice(0, MOST_YAML_ERRORS);
  for (const { pos, code } of broken) complain(reading, pos[0], explainYamlError(code));
  if (broken.length === 0) readRoot(reading, document.contents);
  return reading;
}

function readRoot(reading: Reading, root: unknown): void {
  if (isNothing(root)) return;
  if (!isMap(root)) {
    complain(reading, offsetOf(root) ?? 0, 'the config file is not a map', {
      expected: 'groups of settings such as "sync:"',
    });
    return;
  }
  for (const { name, offset, value } of entriesOf(reading, root)) {
    if (!GROUPS.has(name)) {
      complainOfUnknown(reading, offset, name);
    } else if (isMap(value)) {
      readGroup(reading, name, value);
    } else if (!isNothing(value)) {
      const expected = 'its settings below it, indented';
      complain(reading, offsetOf(value) ?? offset, `the group ${name} is not a map`, { expected });
    }
  }
}

function readGroup(reading: Reading, group: string, map: YAMLMap): void {
  for (const { name, offset, value } of entriesOf(reading, map)) {
    const path = `${group}.${name}`;
    const option = OPTIONS.find((known) => known.path === path);
    if (option === undefined) {
      complainOfUnknown(reading, offset, path);
    } else {
      readValue(reading, option, value, offsetOf(value) ?? offset);
    }
  }
}

function readValue(reading: Reading, option: DeclaredOption, value: unknown, offset: number): void {
  const unfit = (wrong: string): void => {
    const about = { setting: option.path, expected: describeAccepted(option) };
    complain(reading, offset, `the value of ${option.path} ${wrong}`, about);
  };
  if (isNothing(value)) {
    if (!mayBeNull(option)) unfit('is missing');
  } else if (isAlias(value)) {
    unfit('is an alias; write the value itself');
  } else if (option.type === 'list' && isSeq(value)) {
    readList(reading, option, value, offset, unfit);
  } else if (!isScalar(value)) {
    unfit('is not a single value');
  } else if (typeof value.value === 'boolean' && option.type !== 'boolean') {
    unfit('is true or false');
  } else {
    // A number keeps the digits that were written, however many.
    const text = typeof value.value === 'string' ? value.value : (value.source ?? String(value.value));
    reading.values.push({ option, source: reading.sourceAt(offset), text });
  }
}

function readList(
  { values, sourceAt }: Reading,
  option: DeclaredOption,
  { items }: YAMLSeq,
  offset: number,
  unfit: (wrong: string) => void,
): void {
  const words = items.flatMap((item) => (isScalar(item) && typeof item.value === 'string' ? [item.value] : []));
  if (words.length < items.length) unfit('holds something that is not a word');
  else values.push({ option, source: sourceAt(offset), text: words.join(',') });
}

/** The entries of a map, without those whose key is not a word or is there already. */
function entriesOf(reading: Reading, map: YAMLMap): readonly Entry[] {
  const entries = new Map<string, Entry>();
  for (const { key, value } of map.items as readonly Pair[]) {
    const offset = offsetOf(key) ?? offsetOf(map) ?? 0;
    if (!isScalar(key) || typeof key.value !== 'string') {
      complain(reading, offset, 'a key is not a plain word');
    } else if (entries.has(key.value)) {
      complain(reading, offset, `${quote(key.value)} is there twice`);
    } else {
      entries.set(key.value, { name: key.value, offset, value });
    }
  }
  return [...entries.values()];
}

function complainOfUnknown(reading: Reading, offset: number, name: string): void {
  complain(reading, offset, `unknown setting ${quote(name)}`, { suggestion: nearestSetting(name) });
}

function complain(
  { problems, sourceAt }: Reading,
  offset: number,
  message: string,
  about: Partial<Pick<SettingsProblem, 'setting' | 'expected' | 'suggestion'>> = {},
): void {
  problems.push({ source: sourceAt(offset), setting: null, message, expected: null, suggestion: null, ...about });
}

/** Where the default is not one value that could be written out, null stands for it. */
function mayBeNull(option: DeclaredOption): boolean {
  return option.default === null || 'terminalDefault' in option;
}

function isNothing(value: unknown): boolean {
  return value === null || (isScalar(value) && value.value === null);
}

function offsetOf(node: unknown): number | null {
  return isNode(node) ? (node.range?.[0] ?? null) : null;
}
