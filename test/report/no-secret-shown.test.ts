/** Whatever is planned, no rendering of it shows a secret: neither what is asked for nor what is live. */

import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Binding } from '../../src/model/baseline.ts';
import type { ConnectorConfig, LiveConnector, NameValue, ValidConnector } from '../../src/model/connector.ts';
import { createDigests, hashFields } from '../../src/model/digest.ts';
import { secretPlaces } from '../../src/model/secret-place.ts';
import { storedName } from '../../src/model/stored-name.ts';
import type { Lens } from '../../src/plan/classify-connector.ts';
import { computePlan } from '../../src/plan/compute-plan.ts';
import { createConditionTracker } from '../../src/report/conditions.ts';
import { createLog } from '../../src/report/log.ts';
import { formatLine } from '../../src/report/pretty.ts';
import { createMask } from '../../src/report/redact.ts';
import { planDocument } from '../../src/report/render-plan/plan-document.ts';
import { renderPlanMarkdown } from '../../src/report/render-plan/plan-markdown.ts';
import { renderPlanText } from '../../src/report/render-plan/plan-text.ts';
import { renderSyncText, syncDocument } from '../../src/report/render-sync.ts';
import { createFingerprint } from '../../src/state/fingerprint.ts';
import { config, definition, desiredOf } from '../support/builders.ts';
import { outcomeOf, passResult } from '../support/pass-builders.ts';

const fingerprint = createFingerprint(Buffer.from('a key of the installation'));
const lens: Lens = { fingerprint, digests: createDigests(fingerprint), mask: createMask(fingerprint) };

/** Letters that neither a fingerprint nor a word of ours is made of. */
const secretText = fc.string({ minLength: 6, maxLength: 12, unit: fc.constantFrom(...'GJKQXZ`|<&@"\n'.split('')) });
const FIELDS = ['headers', 'parameters', 'body'] as const;
const NAMES = ['Accept', 'city', 'token'] as const;

const ORIGIN = 'https://example.com/';

const pairs = fc
  .tuple(fc.shuffledSubarray([...NAMES]), fc.array(secretText, { minLength: 3, maxLength: 3 }))
  .map(([names, values]): readonly NameValue[] => names.map((name, index) => ({ name, value: values[index] ?? '' })));

/** The definition or the live connector: some pairs may be missing, and their order may be any. */
const side: fc.Arbitrary<ConnectorConfig> = fc
  .record({ path: secretText, body_template: secretText, headers: pairs, parameters: pairs, body: pairs })
  .map(({ path, ...fields }) => config({ ...fields, url: `${ORIGIN}${path}` }));

/** Everything that is resolved from a placeholder: all of it. */
function withSecrets(shape: ConnectorConfig, name: string | null): ValidConnector {
  const pairs = FIELDS.flatMap((field) => shape[field].map((_, index) => `/${field}/${index}/value`));
  return definition({
    config: { ...shape, ...(name === null ? {} : { name }) },
    secretPaths: ['/url', '/body_template', ...pairs, ...(name === null ? [] : ['/name'])],
  });
}

function bindingOf(desired: ValidConnector, live: LiveConnector): Binding {
  return {
    key: desired.key,
    id: live.id,
    name: storedName(desired, fingerprint),
    file: desired.file,
    protect: false,
    sent: hashFields(desired.config, [], fingerprint),
    echo: hashFields(desired.config, [], fingerprint),
    secretPlaces: secretPlaces(desired.config, desired.secretPaths),
  };
}

function renderEverything(
  desired: ValidConnector,
  live: readonly LiveConnector[],
  bindings: readonly Binding[],
): string {
  const plan = computePlan({ desired: desiredOf([desired]), bindings, intents: [], live }, lens);
  const outcomes = plan.changes.map((change) => outcomeOf(change, 'applied', { adjusted: ['url', 'headers'] }));
  const result = passResult({ plan, outcomes });
  const shown: string[] = [
    renderPlanText(plan, []),
    renderPlanMarkdown(plan, []),
    JSON.stringify(planDocument(plan, String)),
    renderSyncText(result),
    JSON.stringify(syncDocument(result, String)),
    JSON.stringify(bindings),
  ];
  const log = createLog({
    level: 'debug',
    destination: { write: (line) => void shown.push(line, formatLine(line, false)) },
    context: () => ({ pass: 1, revision: null }),
  });
  const tracker = createConditionTracker(log.emit);
  tracker.planned(desiredOf([desired]), { plan, brakes: [] });
  for (const outcome of outcomes) tracker.outcome(outcome);
  return shown.join('\n');
}

/** As it is, and as JSON and Markdown would write it. */
function spellings(secret: string): readonly string[] {
  const json = JSON.stringify(secret).slice(1, -1);
  return [secret, json, json.replaceAll('|', String.raw`\|`), JSON.stringify(json).slice(1, -1)];
}

/** The values at secret places; a header and what is called `token` is one always. */
function secretsOf(
  { url, body_template: template, ...lists }: ConnectorConfig,
  places: readonly string[],
): readonly string[] {
  const pairs = FIELDS.flatMap((field) =>
    lists[field].filter(({ name }) => field === 'headers' || name === 'token' || places.includes(`${field}/${name}`)),
  );
  return [url.slice(ORIGIN.length), template ?? '', ...pairs.map(({ value }) => value)];
}

test('no rendering shows a secret of the definition or of the live connector', () => {
  fc.assert(
    fc.property(
      side,
      side,
      fc.option(secretText),
      fc.boolean(),
      fc.boolean(),
      (ours, theirs, name, isLive, isBound) => {
        const desired = withSecrets(ours, name);
        const live = { id: 7, config: { ...theirs, name: desired.config.name } };
        const bindings = isBound ? [bindingOf(withSecrets(theirs, name), live)] : [];
        const shown = renderEverything(desired, isLive ? [live] : [], bindings);

        const places = [desired, ...bindings].flatMap((one) =>
          'secretPlaces' in one ? one.secretPlaces : secretPlaces(one.config, one.secretPaths),
        );
        const secrets = [...secretsOf(ours, places), ...secretsOf(theirs, places), ...(name === null ? [] : [name])];
        expect(secrets.filter((secret) => spellings(secret).some((text) => shown.includes(text)))).toEqual([]);
      },
    ),
  );
  expect.hasAssertions();
});
