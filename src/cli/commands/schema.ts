import { definitionSchema } from '../../desired/definition-schema.ts';
import type { Terminal } from '../terminal.ts';

/** `databar-sync schema`: the JSON Schema of a definition on stdout. */
export async function schemaCommand({ stdout }: Terminal): Promise<number> {
  await stdout.print(`${JSON.stringify(definitionSchema, null, 2)}\n`);
  return 0;
}
