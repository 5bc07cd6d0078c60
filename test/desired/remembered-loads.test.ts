import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { createDesiredLoader } from '../../src/desired/load-desired.ts';
import type { BeginParsing } from '../../src/desired/parse-in-parallel.ts';
import { parseYaml } from '../../src/desired/parse-yaml.ts';
import type { ContentCache } from '../../src/model/content-cache.ts';
import { createDigests, hashFields } from '../../src/model/digest.ts';
import type { SourceTree } from '../../src/model/source.ts';
import { sourceProblem } from '../../src/source/source-problem.ts';
import { createFingerprint } from '../../src/state/fingerprint.ts';
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

/** Delivers the last file first, as a thread may, and not the first one, as a thread that broke. */
const parseAtTheEnd: BeginParsing = (_, deliver) => {
  const added: Uint8Array[] = [];
  return {
    add: (bytes) => void added.push(bytes),
    finish: async () => {
      for (let index = added.length - 1; index > 0; index -= 1) deliver(index, parseYaml(added[index] ?? Buffer.of()));
    },
  };
};

test('a loader that remembers finds what a new one finds, whatever becomes of files and secrets', async () => {
  const story = fc.array(fc.record({ files, secrets, headStart: fc.option(secrets) }), { minLength: 2, maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(story, fc.boolean(), async (steps, bound) => {
      const environment: Record<string, string> = {};
      const remembering = createDesiredLoader({ ...loaderOptions(environment), beginParsing: parseAtTheEnd });
      const isBound = () => bound;
      for (const step of steps) {
        const tree = sourceTree(step.files);
        if (step.headStart !== null) {
          // What is judged ahead rests on the secrets of then.
          become(environment, step.headStart);
          const headStart = remembering.begin();
          for (const file of tree.files) headStart.add(file);
          await headStart.finish();
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

test('a loader that begins with what an earlier one kept finds what a new one finds, and the same hashes', async () => {
  const fingerprint = createFingerprint(Buffer.alloc(32, 1));
  const begin = async (tree: SourceTree, environment: Readonly<Record<string, string>>, cache: ContentCache) => {
    const digests = createDigests(fingerprint);
    const options = { ...loaderOptions(environment), beginParsing: parseAtTheEnd, ahead: { digests, cache } };
    const loader = createDesiredLoader(options);
    const headStart = loader.begin();
    for (const file of tree.files) headStart.add(file);
    await headStart.finish();
    const desired = loader.load(tree, () => false);
    return { desired, hashes: desired.connectors.map((connector) => digests.ofDefinition(connector)) };
  };
  const step = fc.record({ files, secrets });
  await fc.assert(
    fc.asyncProperty(step, step, async (before, after) => {
      const kept = new Map<string, { readonly content: Buffer; readonly made: string }>();
      let recalled = 0;
      const cache: ContentCache = {
        recall(path, content) {
          const known = kept.get(path);
          if (known?.content.equals(content) !== true) return null;
          recalled += 1;
          return known.made;
        },
        note: (path, content, made) => void kept.set(path, { content, made: made() }),
      };
      await begin(sourceTree(before.files), before.secrets, cache);
      for (const { made } of kept.values()) {
        expect(made).not.toMatch(/secret-two|line\\nbreak/);
        expect(made.endsWith('"hashes":null}')).toBe(made.includes('${env'));
      }
      const written = new Set(kept.keys());
      const tree = sourceTree(after.files);
      const found = await begin(tree, after.secrets, cache);

      const fresh = createDesiredLoader(loaderOptions(after.secrets)).load(tree, () => false);
      expect(found.desired).toEqual(fresh);
      expect(found.hashes).toEqual(
        fresh.connectors.map(({ config, sync }) => hashFields(config, sync.ignore, fingerprint)),
      );
      const same = [...written].filter((path) => before.files[path] === after.files[path]);
      expect(recalled).toBe(same.length);
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
  const load = (changes = {}) => loader.load(sourceTree({ ...files, ...changes }), nothingIsBound);
  const before = load();
  expect(load()).toBe(before);
  expect(load({ 'c.yaml': TEXTS[1] ?? '' })).not.toBe(before);
  expect(load()).toEqual(before);

  const again = load();
  expect(loader.load(sourceTree(files), () => true)).not.toBe(again);
  const unread = { ...sourceTree(files), problems: [sourceProblem('file_unreadable', 'x.yaml', 'no')] };
  expect(loader.load(unread, nothingIsBound).invalid).toHaveLength(1);
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

function become(environment: Record<string, string>, values: Step): void {
  for (const name of Object.keys(environment)) Reflect.deleteProperty(environment, name);
  Object.assign(environment, values);
}
