/** The least that validating takes: read each file, `yaml.parse`, Ajv; one after the other. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse } from 'yaml';
import { definitionSchema } from '../../../src/desired/definition-schema.ts';

export function checkDefinitions(directory: string): readonly Readonly<Record<string, unknown>>[] {
  const isValid = new Ajv2020({ allowUnionTypes: true, strict: false }).compile<Record<string, unknown>>(
    definitionSchema as object,
  );
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => {
      const definition: unknown = parse(readFileSync(join(directory, name), 'utf8'));
      if (!isValid(definition)) throw new Error(`${name} is not valid`);
      return definition;
    });
}
