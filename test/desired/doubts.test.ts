import { describe, expect, test } from 'vitest';
import { createTextLoader, inShort, loaderOptions, loadTexts, problemsOf } from '../support/load-texts.ts';

const SECRET = 'hunter2hunter2';
const load = createTextLoader({ ...loaderOptions({}, 'optional'), doubts: 'warnings' });
const strict = createTextLoader({ ...loaderOptions({}, 'optional'), doubts: 'errors' });

function definition(extra: string, url = 'https://a.example', method = 'post'): string {
  return `name: A\nmethod: ${method}\nurl: ${url}\n${extra}\n`;
}

const header = (name: string, value: string): string =>
  definition(`headers: [{name: ${name}, value: ${JSON.stringify(value)}}]`);

describe('a definition that is allowed and doubtful is valid, and told of', () => {
  test.each([
    ['a secret in a header', header('Authorization', `Bearer ${SECRET}`), ['secret_in_clear 4:40 /headers/0/value']],
    ['a short secret in a header', header('X-Api-Key', 'abc'), ['secret_in_clear 4:36 /headers/0/value']],
    [
      'a secret in a parameter',
      definition(`parameters: [{name: token, value: ${SECRET}}]`),
      ['secret_in_clear 4:35 /parameters/0/value'],
    ],
    [
      'a secret in a body',
      definition(`body: [{name: password, value: ${SECRET}}]`),
      ['secret_in_clear 4:32 /body/0/value'],
    ],
    [
      'a secret of a known form',
      definition(`body: [{name: q, value: AKIA${'A'.repeat(16)}}]`),
      ['secret_in_clear 4:25 /body/0/value'],
    ],
    ['a secret in a query', definition('', `https://a.example/?api_key=${SECRET}`), ['secret_in_clear 3:6 /url']],
    ['a password in a url', definition('', `https://u:${SECRET}@a.example/`), ['secret_in_clear 3:6 /url']],
    [
      'a secret in a template',
      definition(`body_template: '{"token": "${SECRET}"}'`),
      ['secret_in_clear 4:16 /body_template'],
    ],
    ['a url in clear text', definition('', 'HTTP://a.example'), ['insecure_url 3:6 /url']],
    [
      'a header twice',
      definition('headers: [{name: Accept}, {name: ACCEPT}]'),
      ['duplicate_header 4:34 /headers/1/name'],
    ],
    ['a body that a template replaces', definition('body: [{name: a}]\nbody_template: x'), ['body_ignored 4:1 /body']],
    [
      'a body of a GET request',
      definition('body: [{name: a}]', 'https://a.example', 'GET'),
      ['body_with_get 4:1 /body'],
    ],
    ['Jinja that is not closed', definition('body_template: "{{ a"'), ['jinja_syntax 4:16 /body_template']],
    ['Jinja that is closed otherwise', definition('body_template: "{% if a }}"'), ['jinja_syntax 4:16 /body_template']],
    ['single braces', definition('', 'https://a.example/{id}'), ['jinja_syntax 3:6 /url']],
    [
      'a variable of a shell',
      header('Authorization', 'Bearer $CONNECTOR_X'),
      ['not_a_placeholder 4:40 /headers/0/value'],
    ],
  ])('%s', (_, text, problems) => {
    const desired = load({ 'a.yaml': text });
    expect(desired.connectors).toHaveLength(1);
    expect(desired.warnings.map(inShort)).toEqual(problems);
    expect(JSON.stringify(desired.warnings)).not.toContain(SECRET);

    const judged = strict({ 'a.yaml': text });
    expect(judged.connectors).toEqual([]);
    expect(judged.invalid[0]?.problems).toMatchObject([{ severity: 'error' }]);
    expect(loadTexts({ 'a.yaml': text }).warnings).toEqual([]);
  });
});

describe('nothing is said against', () => {
  test.each([
    ['a placeholder', header('Authorization', '$${env:CONNECTOR_TOKEN}'.slice(1)), ['placeholder_unset']],
    ['a credential of the row', header('Authorization', 'Bearer {{ token }}'), []],
    ['a scheme alone', header('Authorization', 'Bearer'), []],
    ['an empty credential', header('X-Api-Key', ''), []],
    ['an option with the name of a credential', definition('body: [{name: auth_required, value: "true"}]'), []],
    ['a small number with the name of a credential', definition('body: [{name: session_length, value: "30"}]'), []],
    ['JSON that closes two maps', definition(`body_template: '{"a": {"b": "{{ c }}"}}'`), []],
    ['Jinja in a url', definition('', '"https://a.example/{{ id }}{% if x %}/x{% endif %}"'), []],
    ['an escaped placeholder', definition('', 'https://a.example/$${id}'), []],
  ])('%s', (_, text, codes) => {
    expect(load({ 'a.yaml': text }).warnings.map(({ code }) => code)).toEqual(codes);
  });
});

test('what is not set here stays a warning when doubts are errors: it may be set where it is needed', () => {
  const desired = strict({ 'a.yaml': header('Authorization', '${env:CONNECTOR_TOKEN}') });
  expect(desired.connectors).toHaveLength(1);
  expect(desired.warnings.map(({ code }) => code)).toEqual(['placeholder_unset']);
});

describe('definitions that will be taken for one another are told of', () => {
  const named = (name: string): string => definition('').replace('A', name);

  test('names that differ in case or spaces, each with the other', () => {
    const texts = { 'a.yaml': named('Lead score'), 'b.yaml': named('"lead  Score "'), 'c.yaml': named('Lead scores') };
    expect(load(texts).warnings.map(({ file, code }) => `${file} ${code}`)).toEqual([
      'a.yaml similar_name',
      'b.yaml similar_name',
    ]);
    expect(strict(texts).invalid.map(({ key }) => key)).toEqual(['a', 'b']);
  });

  test('files that differ in case', () => {
    const texts = { 'CRM/a.yaml': named('One'), 'crm/a.yaml': named('Two') };
    expect(load(texts).warnings.map(inShort)).toEqual(['similar_file 1:1 ', 'similar_file 1:1 ']);
  });

  test('but not one name that two have, which is an error', () => {
    expect(problemsOf(load({ 'a.yaml': named('A'), 'b.yaml': named('A') })).map(({ code }) => code)).toEqual([
      'duplicate_name',
      'duplicate_name',
    ]);
  });

  test('quickly, also when three thousand have one name', () => {
    const texts = Object.fromEntries(Array.from({ length: 3000 }, (_, index) => [`${index}.yaml`, named('A')]));
    expect(load({ ...texts, 'x.yaml': named('a') }).warnings).toHaveLength(1);
  });
});
