/** A definition as YAML that people like to read and git likes to compare: always the same order, texts of lines as lines. */

import { Document, Scalar, visit } from 'yaml';
import type { ConnectorConfig, SyncOptions } from '../model/connector.ts';

export interface DefinitionText {
  /** Its texts are those of a file: escaped, with placeholders. */
  readonly config: ConnectorConfig;
  readonly id: number;
  readonly sync: SyncOptions;
  /** One line: where it was imported from. */
  readonly origin: string;
}

/** A file of definitions, with a line end at its end. @param schema where editors find the schema, seen from the file */
export function renderFile(definitions: readonly DefinitionText[], schema: string): string {
  return `# yaml-language-server: $schema=${schema}\n${definitions.map(renderDefinition).join('---\n')}`;
}

function renderDefinition({ config, id, sync, origin }: DefinitionText): string {
  const document = new Document(
    {
      name: config.name,
      type: config.type,
      method: config.method,
      url: config.url,
      ...unlessEmpty('headers', config.headers),
      ...unlessEmpty('parameters', config.parameters),
      ...unlessEmpty('body', config.body),
      ...unlessNull('body_template', config.body_template),
      ...unlessNull('rate_limit', config.rate_limit),
      ...unlessNull('max_concurrency', config.max_concurrency),
      id,
      ...syncOf(sync),
    },
    // Words that YAML 1.1 reads as something else are quoted too, for the sake of other tools.
    { version: '1.2', compat: 'yaml-1.1', aliasDuplicateObjects: false },
  );
  visit(document, {
    Scalar: (_, scalar) => {
      const { value } = scalar;
      if (typeof value !== 'string') return;
      if (value.search(INVISIBLE) !== -1 || BLANK_LINE.test(value)) scalar.type = Scalar.QUOTE_DOUBLE;
    },
  });
  const yaml = document.toString({ lineWidth: 0, singleQuote: true, blockQuote: 'literal', indentSeq: true });
  return `# ${origin}\n${yaml.replaceAll(INVISIBLE, escape)}`;
}

/** In a block, spaces of a line that has nothing else would be taken for its indent. */
const BLANK_LINE = /^[ \t]+$/mu;

/** Characters that YAML forbids, or that a reader cannot see; the joiners stay, which many scripts and emoji need. */
const INVISIBLE = /[[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]--[\n\t\u200c\u200d]]/gv;

/** Within double quotes, where alone these characters are. */
function escape(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const digits = code.toString(16);
  return code > 0xffff ? `\\U${digits.padStart(8, '0')}` : `\\u${digits.padStart(4, '0')}`;
}

function unlessEmpty(field: string, list: readonly object[]): object {
  return list.length === 0 ? {} : { [field]: list };
}

function unlessNull(field: string, value: string | number | null): object {
  return value === null ? {} : { [field]: value };
}

/** Only what was set: defaults would be noise in every file. */
function syncOf({ ref, suspend, protect, ignore }: SyncOptions): object {
  const sync = {
    ...unlessNull('ref', ref),
    ...(suspend ? { suspend } : {}),
    ...(protect ? { protect } : {}),
    ...(ignore.length > 0 ? { ignore } : {}),
  };
  return Object.keys(sync).length === 0 ? {} : { sync };
}
