import { describe, expect, test } from 'vitest';

import { createTextLoader, inShort } from '../support/load-texts.ts';

const load = createTextLoader();

/** Stands in every file where a secret may be; no message may repeat it. */
const SECRET = 'hunter2hunter2';

const GOOD = `name: A\nmethod: get\nurl: https://a.example\n`;

interface Defect {
  readonly what: string;
  readonly text: string | Uint8Array;
  /** `code line:column path` of every problem. */
  readonly problems: readonly string[];
}

function latin1(text: string): Uint8Array {
  return Buffer.from(text, 'latin1');
}

const aliases = (count: number): string => `${GOOD}parameters:\n  - &p {name: a}\n${'  - *p\n'.repeat(count)}`;

const DEFECTS: readonly Defect[] = [
  // the bytes
  { what: 'a byte that is not UTF-8', text: latin1('name: Z\u00fcrich\n'), problems: ['invalid_utf8 1:8 '] },
  {
    what: 'a bad byte on a later line',
    text: latin1(`# caf\nname: ${SECRET}\u00ff`),
    problems: ['invalid_utf8 2:21 '],
  },
  { what: 'a character cut off by the end', text: Buffer.from('a: é').subarray(0, 4), problems: ['invalid_utf8 1:4 '] },
  {
    what: 'a bad byte after characters of several bytes',
    text: Buffer.concat([Buffer.from('a: 😀é'), Buffer.from([0xc3, 0x28])]),
    problems: ['invalid_utf8 1:7 '],
  },
  { what: 'UTF-16', text: Buffer.from('\ufeffname: A\n', 'utf16le'), problems: ['invalid_utf8 1:1 '] },
  { what: 'a NUL', text: `name: A\n\0${SECRET}`, problems: ['nul_character 2:1 '] },
  { what: 'a NUL written as an escape', text: GOOD.replace('A', '"A\\0"'), problems: ['nul_character 1:7 /name'] },
  { what: 'another control character', text: 'name: A\u001bB\n', problems: ['yaml_syntax 1:8 '] },
  { what: 'half a surrogate pair', text: GOOD.replace('A', '"\\uD83D"'), problems: ['invalid_utf8 1:7 /name'] },
  { what: 'more than 1 MiB', text: '#'.repeat(1024 * 1024 + 1), problems: ['file_too_large 1:1 '] },
  // nothing there
  { what: 'an empty file', text: '', problems: ['empty_document 1:1 '] },
  { what: 'a file of comments', text: '# one\n# two\n', problems: ['empty_document 1:1 '] },
  { what: 'a byte order mark alone', text: '\ufeff', problems: ['empty_document 1:1 '] },
  { what: 'only a document marker', text: '---\n', problems: ['empty_document 1:1 '] },
  {
    what: 'an empty document between others',
    text: `${GOOD}sync: {ref: a}\n---\n---\n${GOOD.replace('A', 'B')}sync: {ref: b}\n`,
    problems: ['empty_document 5:1 '],
  },
  { what: 'a null', text: '~\n', problems: ['not_a_map 1:1 '] },
  { what: 'a list', text: '# x\n- name: A\n', problems: ['not_a_map 2:1 '] },
  { what: 'a single text', text: `${SECRET}\n`, problems: ['not_a_map 1:1 '] },
  { what: 'a single number', text: '12\n', problems: ['not_a_map 1:1 '] },
  // the syntax
  { what: 'a colon within a text', text: `name: A\nurl: b: ${SECRET}\n`, problems: ['yaml_syntax 2:6 '] },
  { what: 'a quote never closed', text: `name: A\nurl: "${SECRET}\nmethod: get\n`, problems: ['yaml_syntax 2:6 '] },
  { what: 'a single quote never closed', text: `name: '${SECRET}''\n`, problems: ['yaml_syntax 1:7 '] },
  { what: 'a bad escape', text: `name: "${SECRET}\\q"\n`, problems: ['yaml_syntax 1:22 '] },
  { what: 'a hexadecimal escape cut short', text: 'name: "\\x4"\n', problems: ['yaml_syntax 1:8 '] },
  { what: 'an escape beyond Unicode', text: 'name: "\\UFFFFFFFF"\n', problems: ['yaml_syntax 1:8 '] },
  { what: 'a tab as indentation', text: 'sync:\n\tref: a\n', problems: ['yaml_syntax 2:1 '] },
  { what: 'a list never closed', text: 'name: A\nheaders: [\n', problems: ['yaml_syntax 3:1 '] },
  { what: 'a bracket too many', text: '{"name": "A"}}\n', problems: ['yaml_syntax 1:14 '] },
  { what: 'a comma missing in JSON', text: '{\n  "a": 1\n  "b": 2\n}\n', problems: ['yaml_syntax 2:8 '] },
  { what: 'an object of JSON cut off', text: '{"name": "A"', problems: ['yaml_syntax 1:13 '] },
  { what: 'Jinja without quotes', text: `name: A\nurl: {{ a }}/${SECRET}\n`, problems: ['yaml_syntax 2:13 '] },
  { what: 'a text that begins with @', text: `name: @${SECRET}\n`, problems: ['yaml_syntax 1:7 '] },
  { what: 'a text that begins with a backtick', text: `name: \`${SECRET}\`\n`, problems: ['yaml_syntax 1:7 '] },
  { what: 'a field without a colon', text: `name: A\n${SECRET}\n`, problems: ['yaml_syntax 2:1 '] },
  { what: 'an indentation that fits nothing', text: 'a:\n    b: 1\n  c: 2\n', problems: ['yaml_syntax 3:1 '] },
  { what: 'words after a closed quote', text: `name: "A" ${SECRET}\n`, problems: ['yaml_syntax 1:11 '] },
  { what: 'words after the head of a block', text: `name: |${SECRET}\n  A\n`, problems: ['yaml_syntax 1:8 '] },
  { what: 'two anchors', text: 'name: &a &b A\n', problems: ['yaml_syntax 1:10 '] },
  { what: 'an alias without a name', text: 'name: *\n', problems: ['yaml_syntax 1:7 '] },
  { what: 'a syntax error in a later document', text: `${GOOD}---\nname: [\n`, problems: ['yaml_syntax 6:1 '] },
  // what YAML allows and we do not
  { what: 'an unknown directive', text: `%FOO bar\n---\n${GOOD}`, problems: ['yaml_warning 1:1 '] },
  { what: 'YAML 1.1', text: `%YAML 1.1\n---\n${GOOD}`, problems: ['yaml_warning 2:1 '] },
  { what: 'a field twice', text: `${GOOD}name: ${SECRET}\n`, problems: ['duplicate_key 4:1 /name'] },
  {
    what: 'a field twice within another',
    text: `${GOOD}headers:\n  - name: A\n    value: ${SECRET}\n    name: B\n`,
    problems: ['duplicate_key 7:5 /headers/0/name'],
  },
  { what: 'a merge key', text: `${GOOD}<<: {type: simple}\n`, problems: ['merge_key 4:1 '] },
  { what: 'an unknown tag', text: `${GOOD}body_template: !env ${SECRET}\n`, problems: ['unknown_tag 4:16 '] },
  { what: 'a tag of YAML 1.1', text: GOOD.replace('A', '!!binary QQ=='), problems: ['unknown_tag 1:7 '] },
  { what: 'too many aliases', text: aliases(101), problems: ['too_many_aliases 106:5 /parameters/101'] },
  { what: 'an alias without an anchor', text: `${GOOD}type: *${SECRET}\n`, problems: ['yaml_syntax 4:7 /type'] },
  {
    what: 'an alias above its anchor',
    text: GOOD.replace('A', '*t').replace('get', '&t get'),
    problems: ['yaml_syntax 1:7 /name'],
  },
  { what: 'an alias within its anchor', text: `${GOOD}headers: &h [*h]\n`, problems: ['yaml_syntax 4:14 /headers/0'] },
  { what: 'lists too deep', text: `${GOOD}body: ${'['.repeat(40)}`, problems: ['too_deep 4:38 '] },
  {
    what: 'maps too deep',
    text: Array.from({ length: 40 }, (_, i) => `${' '.repeat(i)}a:\n`).join(''),
    problems: ['too_deep 33:34 '],
  },
  {
    what: 'an integer beyond 2^53',
    text: `${GOOD}rate_limit: 9007199254740993\n`,
    problems: ['unsafe_integer 4:13 /rate_limit'],
  },
  { what: 'a float beyond 2^53', text: `${GOOD}rate_limit: 1e20\n`, problems: ['unsafe_integer 4:13 /rate_limit'] },
  { what: 'an infinite number', text: `${GOOD}rate_limit: .inf\n`, problems: ['wrong_type 4:13 /rate_limit'] },
  { what: 'a number that overflows', text: `${GOOD}rate_limit: 1e999\n`, problems: ['wrong_type 4:13 /rate_limit'] },
  { what: 'a number as the name of a field', text: `${GOOD}1: a\n`, problems: ['wrong_type 4:1 '] },
  { what: 'a list as the name of a field', text: `${GOOD}? [a]\n: b\n`, problems: ['wrong_type 4:3 '] },
  { what: 'no name of a field', text: `${GOOD}: b\n`, problems: ['wrong_type 4:1 '] },
  { what: 'an alias as the name of a field', text: `${GOOD}type: &t simple\n*t : b\n`, problems: ['wrong_type 5:1 '] },
  {
    what: 'Jinja as a whole value',
    text: `${GOOD}body_template: {{ x }}\n`,
    problems: ['wrong_type 4:17 /body_template'],
  },
  { what: 'a field called __proto__', text: `${GOOD}__proto__: {a: 1}\n`, problems: ['unknown_field 4:1 '] },
  { what: 'more than 1000 documents', text: '---\na: 1\n'.repeat(1100), problems: ['file_too_large 2003:4 '] },
  {
    what: 'more tokens than any definition has',
    text: 'a: ['.padEnd(90_000, '1,'),
    problems: ['file_too_large 1:33335 '],
  },
];

describe('a file is refused, at the right place and without repeating a value, when it has', () => {
  test.each(DEFECTS)('$what', ({ text, problems }) => {
    const { invalid, warnings } = load({ 'a.yaml': text });
    const found = invalid.flatMap((definition) => definition.problems);
    expect(warnings).toEqual([]);
    expect(found.map(inShort)).toEqual(problems);
    for (const { message, hint } of found) {
      expect(message).toMatch(/^[A-Z"$].*[.?]$/);
      expect(`${message} ${hint ?? ''}`).not.toContain(SECRET);
    }
  });
});
