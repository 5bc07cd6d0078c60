import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { createDesiredLoader } from '../../src/desired/load-desired.ts';
import { parseYaml } from '../../src/desired/parse-yaml.ts';
import { sourceProblem } from '../../src/source/source-problem.ts';
import { loaderOptions, sourceTree } from '../support/load-texts.ts';

const good = (name: string): string => `name: ${name}\nmethod: get\nurl: https://a.example\n`;
const TEXTS = [
  good('A'),
  good('B'),
  `${good('B')}id: 7\n`,
  `${good('C')}body_template: \${env:CONNECTOR_A}\n`,
  `${good("'${env:CONNECTOR_A}'")}sync: {ignore: [/url]}\n`,
  `${good('D')}headers: [{name: X, value: "\${env:CONNECTOR_B} \${env:CONNECTOR_A}"}]\n`,
  `${good('E')}url: https://b.example\n`,
  'name: [\n',
  `${good('F')}sync: {ref: f}\n---\n${good('G')}sync: {ref: g}\nrate_limit: 0\n`,
];
const VALUES = ['one', 'secret-two', 'line\nbreak', ''];

type Step = Readonly<Record<string, string>>;
const files = fc.dictionary(fc.constantFrom('a.yaml', 'b.yaml', 'c/d.yml'), fc.constantFrom(...TEXTS));
const secrets = fc.dictionary(fc.constantFrom('CONNECTOR_A', 'CONNECTOR_B'), fc.constantFrom(...VALUES));

test('a loader that remembers finds what a new one finds, whatever becomes of files and secrets', () => {
  const story = fc.array(fc.record({ files: fc.option(files), secrets, ahead: fc.option(secrets) }), {
    minLength: 2,
    maxLength: 8,
  });
  fc.assert(
    fc.property(story, fc.boolean(), (steps, bound) => {
      const environment: Record<string, string> = {};
      const remembering = createDesiredLoader(loaderOptions(environment));
      const isBound = () => bound;
      let tree = sourceTree({});
      for (const step of steps) {
        if (step.files !== null) tree = sourceTree(step.files);
        if (step.ahead !== null) {
          // What is judged ahead rests on the secrets of then.
          become(environment, step.ahead);
          // In any order, and not each of them: a tree may be read twice.
          const judgeAhead = remembering.begin();
          for (const file of tree.files.slice(1).toReversed()) judgeAhead(file);
        }
        become(environment, step.secrets);
        const fresh = createDesiredLoader(loaderOptions(environment));
        expect(remembering.load(tree, isBound)).toEqual(fresh.load(tree, isBound));
        for (const key of ['a', 'b', 'c/d', 'c/d#g']) {
          expect(remembering.locate(key, '/url')).toEqual(fresh.locate(key, '/url'));
        }
      }
    }),
    { numRuns: 300 },
  );
});

test('what has not changed is the same definition, until its secrets are others', () => {
  const environment: Record<string, string> = { CONNECTOR_A: 'one' };
  const loader = createDesiredLoader(loaderOptions(environment));
  const load = () => loader.load(sourceTree({ 'a.yaml': TEXTS[0] ?? '', 'b.yaml': TEXTS[3] ?? '' }), () => false);
  const [plain, secret] = load().connectors;
  expect(load().connectors).toEqual([plain, secret]);
  expect(load().connectors[0]).toBe(plain);
  expect(load().connectors[1]).toBe(secret);
  expect(load().connectors[1]?.config.body_template).toBe('one');
  environment['CONNECTOR_A'] = 'two';
  const [samePlain, other] = load().connectors;
  expect(samePlain).toBe(plain);
  expect(other?.config.body_template).toBe('two');
});

test('when nothing has changed, the whole is the same object, until anything has', () => {
  const environment: Record<string, string> = { CONNECTOR_A: 'one' };
  const loader = createDesiredLoader(loaderOptions(environment));
  const files = { 'a.yaml': TEXTS[0] ?? '', 'b.yaml': TEXTS[3] ?? '' };
  const nothingIsBound = () => false;
  const tree = sourceTree(files);
  const load = (other = tree) => loader.load({ ...other }, nothingIsBound);
  const before = load();
  expect(load()).toBe(before);
  expect(load(sourceTree({ ...files, 'c.yaml': TEXTS[1] ?? '' }))).not.toBe(before);
  expect(load()).toEqual(before);

  const again = load();
  expect(loader.load(tree, () => true)).not.toBe(again);
  const unread = { ...tree, problems: [sourceProblem('file_unreadable', 'x.yaml', 'no')] };
  expect(load(unread).invalid).toHaveLength(1);
  expect(load({ ...unread, problems: [sourceProblem('file_unreadable', 'y.yaml', 'no')] }).invalid).toMatchObject([
    { file: 'y.yaml' },
  ]);
  expect(load().invalid).toHaveLength(0);
  const last = load();
  environment['CONNECTOR_A'] = 'two';
  expect(load()).not.toBe(last);
});

test('a file beyond the most definitions is told of, although those before it are as they were', () => {
  const loader = createDesiredLoader({ ...loaderOptions(), maxDefinitions: 1 });
  const nothingIsBound = () => false;
  const files = { 'a.yaml': TEXTS[0] ?? '', 'b.yaml': TEXTS[1] ?? '' };
  expect(loader.load(sourceTree(files), nothingIsBound).invalid).toEqual([]);
  const more = loader.load(sourceTree({ ...files, 'c.yaml': TEXTS[6] ?? '' }), nothingIsBound);
  expect(more.invalid).toMatchObject([{ file: 'c.yaml', problems: [{ code: 'file_too_large' }] }]);
});

test('a defect in what judges is thrown by the load, not by what reads files ahead of it', () => {
  const parse = (): never => {
    throw new Error('a defect');
  };
  const loader = createDesiredLoader({ ...loaderOptions(), parse });
  const tree = sourceTree({ 'a.yaml': TEXTS[0] ?? '' });
  const judgeAhead = loader.begin();
  for (const file of tree.files) judgeAhead(file);
  expect(() => loader.load(tree, () => false)).toThrow('a defect');
});

test('what was judged for a reading that came to nothing is forgotten with the next one', () => {
  let parsed = 0;
  const parse = (bytes: Uint8Array) => {
    parsed += 1;
    return parseYaml(bytes);
  };
  const loader = createDesiredLoader({ ...loaderOptions(), parse });
  const tree = sourceTree({ 'a.yaml': TEXTS[0] ?? '' });
  const read = (): void => {
    const judgeAhead = loader.begin();
    for (const file of tree.files) judgeAhead(file);
  };
  read();
  read();
  expect(parsed).toBe(2);
  loader.load(tree, () => false);
  expect(parsed).toBe(2);
});

function become(environment: Record<string, string>, values: Step): void {
  for (const name of Object.keys(environment)) Reflect.deleteProperty(environment, name);
  Object.assign(environment, values);
}
