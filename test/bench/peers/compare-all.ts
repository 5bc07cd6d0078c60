/** The least that a pass takes: read, yaml.parse, Ajv, list, compare; one thread, no positions. Arguments: directory, URL. */

import { isDeepStrictEqual } from 'node:util';
import { request } from 'undici';
import { checkDefinitions } from './check-definitions.ts';

const [directory = '', url = ''] = process.argv.slice(2);
const definitions = checkDefinitions(directory);
const answer = await request(`${url}/v1/connectors/`, { headers: { 'x-apikey': 'bench' } });
const live = (await answer.body.json()) as readonly { readonly name: string }[];
const byName = new Map(live.map((connector) => [connector.name, connector]));
const equal = definitions.filter((definition) => isSame(definition, byName.get(String(definition['name']))));
if (equal.length !== definitions.length) throw new Error(`${definitions.length - equal.length} differ`);

function isSame(definition: Readonly<Record<string, unknown>>, connector: object | undefined): boolean {
  const { sync: _, ...fields } = definition;
  return Object.entries(fields).every(([field, value]) =>
    isDeepStrictEqual(value, (connector as Record<string, unknown> | undefined)?.[field]),
  );
}
