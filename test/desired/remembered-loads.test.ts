import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { createDesiredLoader } from '../../src/desired/load-desired.ts';
import { parseYaml } from '../../src/desired/parse-yaml.ts';
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
const VALUES = ['one', 'two', 'line\nbreak', ''];

type Step = Readonly<Record<string, string>>;
const files = fc.dictionary(fc.constantFrom('a.yaml', 'b.yaml', 'c/d.yml'), fc.constantFrom(...TEXTS));
const secrets = fc.dictionary(fc.constantFrom('CONNECTOR_A', 'CONNECTOR_B'), fc.constantFrom(...VALUES));

test('a loader that remembers finds what a new one finds, whatever becomes of files and secrets', async () => {
  const story = fc.array(fc.record({ files, secrets, ahead: fc.boolean() }), { minLength: 2, maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(story, fc.boolean(), async (steps, bound) => {
      const environment: Record<string, string> = {};
      const parseFiles = async (all: readonly Uint8Array[]) => all.map((bytes) => parseYaml(bytes));
      const remembering = createDesiredLoader({ ...loaderOptions(environment), parseFiles });
      for (const step of steps) {
        become(environment, step.secrets);
        const tree = sourceTree(step.files);
        if (step.ahead) await remembering.parseAhead(tree);
        const fresh = createDesiredLoader(loaderOptions(environment));
        expect(remembering.load(tree, () => bound)).toEqual(fresh.load(tree, () => bound));
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
  environment['CONNECTOR_A'] = 'two';
  const [samePlain, other] = load().connectors;
  expect(samePlain).toBe(plain);
  expect(other?.config.body_template).toBe('two');
});

function become(environment: Record<string, string>, values: Step): void {
  for (const name of Object.keys(environment)) Reflect.deleteProperty(environment, name);
  Object.assign(environment, values);
}
