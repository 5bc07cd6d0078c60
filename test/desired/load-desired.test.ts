import { describe, expect, test } from 'vitest';

import type { Problem } from '../../src/model/problem.ts';
import { createDesiredLoader } from '../../src/desired/load-desired.ts';
import { parseYaml } from '../../src/desired/parse-yaml.ts';
import { loaderOptions, loadTexts, sourceTree } from '../support/load-texts.ts';

const definition = (name: string, more = ''): string => `name: ${name}\nmethod: get\nurl: https://a.example\n${more}`;
const nothingBound = (): boolean => false;

/** A loader that records the texts it parses. */
function createCountingLoader(environment: Record<string, string> = {}) {
  const parsed: string[] = [];
  const loader = createDesiredLoader({
    ...loaderOptions(environment),
    parse: (bytes) => {
      parsed.push(Buffer.from(bytes).toString().split('\n', 1)[0] ?? '');
      return parseYaml(bytes);
    },
  });
  return { ...loader, parsed };
}

test('files beyond the most definitions are not read, and their connectors are held', () => {
  const parsed: string[] = [];
  const loader = createDesiredLoader({
    ...loaderOptions(),
    maxDefinitions: 2,
    parse: (bytes) => {
      parsed.push(Buffer.from(bytes).toString());
      return parseYaml(bytes);
    },
  });
  const texts = {
    'a.yaml': definition('A'),
    'b.yaml': definition('B'),
    'c.yaml': definition('C'),
    'd.yaml': definition('D'),
  };
  const { connectors, invalid, files } = loader.load(sourceTree(texts), nothingBound);
  expect(connectors.map(({ key }) => key)).toEqual(['a', 'b', 'c']);
  expect(invalid).toMatchObject([
    { key: 'd', wholeFile: true, problems: [{ code: 'file_too_large', file: 'd.yaml', line: 1, column: 1 }] },
  ]);
  expect([files, parsed.length]).toEqual([4, 3]);
});

describe('one bad definition never stops the others:', () => {
  test('an empty source asks for nothing', () => {
    expect(loadTexts({})).toEqual({ connectors: [], invalid: [], warnings: [], files: 0 });
  });

  test('a syntax error makes its whole file invalid, once, with what can be salvaged', () => {
    const texts = { 'a.yaml': `${definition('A')}id: 7\nheaders: [\n`, 'b.yaml': definition('B') };
    const { connectors, invalid, files } = loadTexts(texts);
    expect(connectors.map(({ key }) => key)).toEqual(['b']);
    expect(invalid).toMatchObject([{ key: 'a', file: 'a.yaml', wholeFile: true, id: 7, name: 'A' }]);
    expect(files).toBe(2);
  });

  test('a syntax error in one document holds every definition of the file', () => {
    const text = `${definition('A', 'sync: {ref: a}\n')}---\n${definition('B', 'sync: {ref: b\n')}`;
    const { connectors, invalid } = loadTexts({ 'dir/a.yaml': text });
    expect(connectors).toEqual([]);
    expect(invalid).toMatchObject([{ key: 'dir/a', wholeFile: true, id: null, name: null }]);
  });

  test('a semantic error holds only its document', () => {
    const text = `${definition('A', 'sync: {ref: a}\n')}---\n${definition('B', 'foo: 1\nsync: {ref: b}\n')}`;
    const { connectors, invalid } = loadTexts({ 'a.yaml': text });
    expect(connectors.map(({ key }) => key)).toEqual(['a#a']);
    expect(invalid).toMatchObject([{ key: 'a#b', wholeFile: false, name: 'B', problems: [{ line: 9 }] }]);
  });

  test('a name that is a placeholder is not salvaged', () => {
    const options = loaderOptions({ CONNECTOR_NAME: 'secret' });
    const { invalid } = loadTexts(
      { 'a.yaml': definition('${env:CONNECTOR_NAME}', 'foo: 1\n'), 'b.yaml': 'name: ${env:CONNECTOR_NAME}\nx: [' },
      options,
    );
    expect(invalid.map(({ name }) => name)).toEqual([null, null]);
  });

  test('an id that is none is not salvaged', () => {
    const { invalid } = loadTexts({ 'a.yaml': definition('A', 'id: -1\n'), 'b.yaml': definition('B', 'id: "7"\n') });
    expect(invalid.map(({ id, name }) => [id, name])).toEqual([
      [null, 'A'],
      [null, 'B'],
    ]);
  });

  test('files that could not be taken from the source are invalid as a whole', () => {
    const problem = (file: string, code: Problem['code']): Problem => ({
      code,
      severity: 'error',
      file,
      line: 1,
      column: 1,
      path: '',
      message: 'It cannot be read.',
      hint: null,
    });
    const problems = [problem('team/big.yaml', 'file_too_large'), problem('link.yml', 'file_link_outside')];
    const loader = createDesiredLoader(loaderOptions());
    const desired = loader.load(sourceTree({ 'a.yaml': definition('A') }, problems), nothingBound);
    expect(desired.files).toBe(3);
    expect(desired.invalid).toEqual([
      { key: 'team/big', file: 'team/big.yaml', wholeFile: true, id: null, name: null, problems: [problems[0]] },
      { key: 'link', file: 'link.yml', wholeFile: true, id: null, name: null, problems: [problems[1]] },
    ]);
    expect(loader.locate('link', '/name')).toEqual({ file: 'link.yml', line: 1, column: 1 });
  });
});

describe('a loader that loads again', () => {
  test('parses only files whose bytes changed', () => {
    const loader = createCountingLoader();
    const texts = { 'a.yaml': definition('A'), 'b.yaml': definition('B', 'foo: 1\n'), 'c.yaml': 'name: [' };
    const first = loader.load(sourceTree(texts), nothingBound);
    const second = loader.load(sourceTree(texts), nothingBound);
    expect(second).toEqual(first);
    expect(loader.parsed).toEqual(['name: A', 'name: B', 'name: [']);

    const changed = { ...texts, 'b.yaml': definition('D') };
    expect(loader.load(sourceTree(changed), nothingBound).connectors.map(({ config }) => config.name)).toEqual([
      'A',
      'D',
    ]);
    expect(loader.parsed).toEqual(['name: A', 'name: B', 'name: [', 'name: D']);
  });

  test('remembers nothing of files that are gone', () => {
    const loader = createCountingLoader();
    const texts = { 'a.yaml': definition('A') };
    loader.load(sourceTree(texts), nothingBound);
    loader.load(sourceTree({}), nothingBound);
    expect(loader.locate('a', '/name')).toBeNull();
    loader.load(sourceTree(texts), nothingBound);
    expect(loader.parsed).toEqual(['name: A', 'name: A']);
  });

  test('gives an unchanged definition as the same object', () => {
    const loader = createCountingLoader({ CONNECTOR_A: 'a' });
    const texts = { 'a.yaml': definition('A'), 'b.yaml': definition('${env:CONNECTOR_A}') };
    const [a, b] = loader.load(sourceTree(texts), nothingBound).connectors;
    const [again, bAgain] = loader.load(sourceTree(texts), nothingBound).connectors;
    expect(again).toBe(a);
    expect(bAgain).toBe(b);
  });

  test('resolves secrets anew, and says where one is missing without parsing', () => {
    const environment: Record<string, string> = { CONNECTOR_A: 'first' };
    const loader = createCountingLoader(environment);
    const tree = sourceTree({ 'a.yaml': definition('"${env:CONNECTOR_A}"') });
    const names = (): unknown => loader.load(tree, nothingBound).connectors.map(({ config }) => config.name);
    expect(names()).toEqual(['first']);
    environment['CONNECTOR_A'] = 'second';
    expect(names()).toEqual(['second']);
    delete environment['CONNECTOR_A'];
    for (let load = 0; load < 2; load += 1) {
      const { invalid } = loader.load(tree, nothingBound);
      expect(invalid).toMatchObject([{ key: 'a', problems: [{ code: 'placeholder_unset', line: 1, column: 7 }] }]);
    }
    environment['CONNECTOR_A'] = 'third';
    expect(names()).toEqual(['third']);
    expect(loader.parsed).toHaveLength(1);
  });

  test('judges the set anew, since what is bound may have changed', () => {
    const loader = createCountingLoader();
    const tree = sourceTree({ 'a.yaml': definition('X'), 'b.yaml': definition('X') });
    expect(loader.load(tree, nothingBound).connectors).toEqual([]);
    expect(loader.load(tree, (key) => key === 'a').connectors).toHaveLength(2);
    expect(loader.load(tree, nothingBound).connectors).toEqual([]);
    expect(loader.parsed).toHaveLength(2);
  });
});

test('places of a definition are found in the files of the last load', () => {
  const loader = createDesiredLoader(loaderOptions());
  const multi = `${definition('A', 'sync: {ref: a}\n')}---\n${definition('B', 'sync: {ref: b}\n')}`;
  loader.load(sourceTree({ 'team/m.yaml': multi, 's.yaml': definition('S'), 'bad.yaml': 'a: "' }), nothingBound);
  expect(loader.locate('team/m#b', '/url')).toEqual({ file: 'team/m.yaml', line: 8, column: 6 });
  expect(loader.locate('s', '/headers/0')).toEqual({ file: 's.yaml', line: 1, column: 1 });
  expect(loader.locate('bad', '/name')).toEqual({ file: 'bad.yaml', line: 1, column: 1 });
  expect(loader.locate('absent', '/name')).toBeNull();
  loader.load(sourceTree({ 's.yaml': `# moved\n\n${definition('S')}` }), nothingBound);
  expect(loader.locate('s', '/url')).toEqual({ file: 's.yaml', line: 5, column: 6 });
  expect(loader.locate('team/m#b', '/url')).toBeNull();
});
