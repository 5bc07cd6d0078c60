/** Many definitions of every kind, and what the server should hold afterwards. */

import { stringify } from 'yaml';
import type { ConnectorConfig } from '../../src/model/connector.ts';
import { config } from './builders.ts';

export interface MixedDefinitions {
  /** Text by path: YAML, JSON, and files of several documents. */
  readonly files: Readonly<Record<string, string>>;
  readonly expected: readonly ConnectorConfig[];
}

export function mixedDefinitions(count: number): MixedDefinitions {
  const expected = Array.from({ length: count }, (_, index) => mixedConfig(index));
  const files: Record<string, string> = {};
  for (const [index, wanted] of expected.entries()) {
    const written = withoutDefaults(wanted, index);
    if (index % 10 === 9) {
      const shared = `several/${Math.floor(index / 40)}.yaml`;
      const text = stringify({ ...written, sync: { ref: `r${index}` } });
      files[shared] = files[shared] === undefined ? text : `${files[shared]}---\n${text}`;
    } else if (index % 10 === 8) {
      files[`team-${index % 7}/c${index}.json`] = JSON.stringify(written, null, 2);
    } else {
      files[`team-${index % 7}/c${index}.${index % 2 === 0 ? 'yaml' : 'yml'}`] = stringify(written);
    }
  }
  return { files, expected };
}

const ODD_TEXTS = ['plain', 'käse 🧀', 'a: b # c', '{{ jinja }}', '"quoted"', ' spaces ', 'null', '01', 'line\nbreak'];

function mixedConfig(index: number): ConnectorConfig {
  const odd = ODD_TEXTS[index % ODD_TEXTS.length] ?? '';
  return config({
    name: `Connector ${index} ${index % 5 === 0 ? 'é' : ''}`.trim(),
    type: ['simple', 'enrichment', 'exporter'][index % 3] ?? 'simple',
    method: ['get', 'post', 'put', 'patch'][index % 4] ?? 'get',
    url: `https://api${index}.example.com/v1/{{ path }}?n=${index}`,
    headers: index % 2 === 0 ? [{ name: 'X-Index', value: String(index) }] : [],
    parameters:
      index % 3 === 0
        ? [
            { name: 'q', value: odd },
            { name: 'empty', value: '' },
          ]
        : [],
    body: index % 4 === 1 ? [{ name: 'field', value: odd }] : [],
    body_template: index % 6 === 5 ? `{"v": "{{ v }}"}\n${odd}` : null,
    rate_limit: index % 3 === 1 ? 1 + (index % 90) : null,
    max_concurrency: index % 5 === 2 ? 3 : null,
  });
}

/** What the server fills in may be left out, and case does not matter. */
function withoutDefaults(wanted: ConnectorConfig, index: number): Record<string, unknown> {
  const entries = Object.entries(wanted).filter(
    ([field, value]) =>
      value !== null && !(Array.isArray(value) && value.length === 0) && !(field === 'type' && value === 'enrichment'),
  );
  return { ...Object.fromEntries(entries), method: index % 2 === 0 ? wanted.method.toUpperCase() : wanted.method };
}
