import { describe, expect, test } from 'vitest';

import { createTextLoader, loaderOptions } from '../support/load-texts.ts';

const REQUIRED = 'name: A\nmethod: get\nurl: https://a.example\n';

const loadAll = createTextLoader(loaderOptions({ CONNECTOR_HOST: 'b.example' }));

function load(text: string, file = 'a.yaml') {
  const { connectors, invalid } = loadAll({ [file]: text });
  expect(invalid).toEqual([]);
  return connectors;
}

test('a short definition is filled in with what the server fills in', () => {
  expect(load(REQUIRED)).toEqual([
    {
      key: 'a',
      file: 'a.yaml',
      document: 0,
      id: null,
      config: {
        name: 'A',
        type: 'enrichment',
        method: 'get',
        url: 'https://a.example',
        headers: [],
        parameters: [],
        body: [],
        body_template: null,
        rate_limit: null,
        max_concurrency: null,
      },
      sync: { ref: null, suspend: false, protect: false, ignore: [] },
      secretPaths: [],
    },
  ]);
});

test('a full definition is taken as it is written, method and type in lower case', () => {
  const text = `
name: "Größe 😀"
type: Exporter
method: PATCH
url: https://user@a.example:8443/{{ path }}?a={{ b }}#c
headers: [{name: X-A, value: "{{ token }}"}, {name: x-b}]
parameters: [{name: "", value: ""}]
body: [{name: e mail, value: |
  two
  lines
  }]
body_template: '{% if a %}{"a": "{{ a }}"}{% endif %}'
rate_limit: 60
max_concurrency: 2
id: 42
sync: {ref: a-1, suspend: true, protect: true, ignore: [/rate_limit, /headers, /headers/0, /body/10/value]}
`.replace('|\n  two\n  lines\n  ', '"two\\nlines\\n"');
  expect(load(text)).toMatchObject([
    {
      key: 'a',
      id: 42,
      config: {
        name: 'Größe 😀',
        type: 'exporter',
        method: 'patch',
        url: 'https://user@a.example:8443/{{ path }}?a={{ b }}#c',
        headers: [
          { name: 'X-A', value: '{{ token }}' },
          { name: 'x-b', value: '' },
        ],
        parameters: [{ name: '', value: '' }],
        body: [{ name: 'e mail', value: 'two\nlines\n' }],
        body_template: '{% if a %}{"a": "{{ a }}"}{% endif %}',
        rate_limit: 60,
        max_concurrency: 2,
      },
      sync: {
        ref: 'a-1',
        suspend: true,
        protect: true,
        ignore: ['/rate_limit', '/headers', '/headers/0', '/body/10/value'],
      },
    },
  ]);
});

describe('these are valid too:', () => {
  test.each([
    ['a byte order mark', `\ufeff${REQUIRED}`],
    ['Windows line ends', REQUIRED.replaceAll('\n', '\r\n')],
    ['a document between markers', `# comment\n---\n${REQUIRED}...\n`],
    ['the directive for YAML 1.2', `%YAML 1.2\n---\n${REQUIRED}`],
    ['an empty document at the end', `${REQUIRED}---\n`],
    ['comments at the end, after a marker', `${REQUIRED}---\n# that is all\n`],
    ['nulls where the API takes nulls', `${REQUIRED}body_template:\nrate_limit: null\nmax_concurrency: ~\n`],
    ['tags of YAML 1.2 core', REQUIRED.replace('A', '!!str A')],
    ['aliases up to the limit', `${REQUIRED}body:\n  - &p {name: a}\n${'  - *p\n'.repeat(100)}`],
    ['a text under an alias', `${REQUIRED}type: &t simple\nbody: [{name: *t}]\n`],
    ['a quoted << as a text', `${REQUIRED}body: [{name: "<<"}]\n`],
    ['a name of 256 code points in 512 units', REQUIRED.replace('A', '😀'.repeat(256))],
    ['a url of 512 characters', REQUIRED.replace('a.example', `a.example/${'x'.repeat(494)}`)],
    ['a host that is Jinja', REQUIRED.replace('a.example', 'api.{{ region }}:{{ port }}/{% if a %}b{% endif %}')],
    ['a host that is a placeholder', REQUIRED.replace('a.example', '${env:CONNECTOR_HOST}/x')],
    ['an upper-case scheme', REQUIRED.replace('https', 'HTTP')],
    ['a whole number written as a float', `${REQUIRED}rate_limit: 1.0\n`],
    ['an octal number', `${REQUIRED}rate_limit: 0o17\n`],
    ['an empty sync', `${REQUIRED}sync: {}\n`],
    ['a field called like a method of objects', `${REQUIRED}body: [{name: constructor, value: toString}]\n`],
  ])('%s', (_, text) => {
    expect(load(text)).toHaveLength(1);
  });

  test('JSON, indented with tabs', () => {
    const text =
      '{\n\t"name": "A",\n\t"method": "get",\n\t"url": "https:\\/\\/a.example",\n\t"body": [\n\t\t{"name": "\\uD83D\\uDE00"}\n\t]\n}\n';
    expect(load(text, 'dir/a.json')).toMatchObject([{ key: 'dir/a', config: { body: [{ name: '😀', value: '' }] } }]);
  });
});

test('aliases stand for their value, also where a secret is resolved', () => {
  const text = `${REQUIRED}headers: [&h {name: A, value: "\${env:CONNECTOR_HOST}"}, *h]\n`;
  expect(load(text)).toMatchObject([
    {
      config: {
        headers: [
          { name: 'A', value: 'b.example' },
          { name: 'A', value: 'b.example' },
        ],
      },
      secretPaths: ['/headers/0/value', '/headers/1/value'],
    },
  ]);
});

test('aliases of aliases cannot make a document explode', () => {
  const levels = Array.from({ length: 8 }, (_, i) => `l${i + 1}: &l${i + 1} [${`*l${i}, `.repeat(10)}]`);
  const { invalid } = loadAll({ 'a.yaml': `l0: &l0 [a]\n${levels.join('\n')}\n` });
  expect(invalid[0]?.problems).toContainEqual(expect.objectContaining({ code: 'too_many_aliases' }));
});
