/**
 * The JSON Schema of a definition, for editors and for ourselves: `ConnectorCreate` written flat, beside it `id` and
 * `sync`, and no other field. `databar-sync schema` prints it; `config/connector.schema.json` is made from it.
 */

import { CONNECTOR_FIELDS } from '../model/connector.ts';
import { connectorCreateSchema } from './connector-create.schema.ts';

/** The documented methods and types; in a definition their case does not matter. */
export const METHODS = ['get', 'post', 'put', 'patch'] as const;
export const TYPES = ['simple', 'enrichment', 'exporter'] as const;

const published = connectorCreateSchema.components.schemas.ConnectorCreate.properties;

/** Lengths as published, in code points. */
export const MAX_LENGTHS = {
  name: published.name.maxLength,
  url: published.url.maxLength,
  body_template: published.body_template.anyOf[0].maxLength,
} as const;

const SECRETS =
  'May hold ${env:CONNECTOR_NAME} or ${secret:name}, which are replaced when the definition is read; $${ is a literal ${.';

export const definitionSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'databar-sync connector definition',
  description: 'One Databar custom API connector. Every text may hold placeholders for secrets, except in id and sync.',
  type: 'object',
  required: ['name', 'method', 'url'],
  additionalProperties: false,
  properties: {
    name: {
      title: 'Name',
      description: 'Display name of the connector: up to 256 characters, not blank.',
      type: 'string',
      maxLength: MAX_LENGTHS.name,
      pattern: '\\S',
      examples: ['Lead score'],
    },
    type: {
      title: 'Type',
      description: 'What the connector is for: simple, enrichment or exporter; upper or lower case.',
      type: 'string',
      default: 'enrichment',
      ...oneOf(TYPES),
      examples: ['enrichment'],
    },
    method: {
      title: 'Method',
      description: 'HTTP method: get, post, put or patch; upper or lower case.',
      type: 'string',
      ...oneOf(METHODS),
      examples: ['get'],
    },
    url: {
      title: 'URL',
      description: `Full http or https address of the API endpoint, up to 512 characters; Jinja passes through. ${SECRETS}`,
      type: 'string',
      maxLength: MAX_LENGTHS.url,
      pattern: '^[Hh][Tt][Tt][Pp][Ss]?://|\\$\\{',
      examples: ['https://api.example.com/v1/score'],
    },
    headers: {
      title: 'Headers',
      description: 'HTTP headers to send with each request. Their values are never shown or logged.',
      type: 'array',
      items: { $ref: '#/$defs/Header' },
      examples: [[{ name: 'Authorization', value: 'Bearer ${env:CONNECTOR_TOKEN}' }]],
    },
    parameters: {
      title: 'Parameters',
      description: 'Query parameters.',
      type: 'array',
      items: { $ref: '#/$defs/NameValue' },
      examples: [[{ name: 'verbose', value: '1' }]],
    },
    body: {
      title: 'Body',
      description: 'Fields of the request body.',
      type: 'array',
      items: { $ref: '#/$defs/NameValue' },
      examples: [[{ name: 'email', value: '' }]],
    },
    body_template: {
      title: 'Body template',
      description: `Jinja template of the request body, up to 2048 characters. When set, its variables become the body parameters in place of the body list. ${SECRETS}`,
      type: ['string', 'null'],
      maxLength: MAX_LENGTHS.body_template,
      default: null,
      examples: ['{"email": "{{ email }}"}'],
    },
    rate_limit: {
      title: 'Rate limit',
      description: 'Requests per minute at most, 1 or more; the server may cap it by plan.',
      type: ['integer', 'null'],
      minimum: 1,
      default: null,
      examples: [60],
    },
    max_concurrency: {
      title: 'Max concurrency',
      description: 'Requests at one time at most, 1 or more; the server may cap it by plan.',
      type: ['integer', 'null'],
      minimum: 1,
      default: null,
      examples: [2],
    },
    id: {
      title: 'Id',
      description: 'Pins the definition to the live connector with this id. Leave it out to match by name.',
      type: 'integer',
      minimum: 1,
      examples: [42],
    },
    sync: {
      title: 'Sync',
      description: 'How databar-sync treats the connector. Nothing of it is sent to Databar.',
      type: 'object',
      additionalProperties: false,
      properties: {
        ref: {
          title: 'Ref',
          description: 'Stable local name; required in a file of several documents and unique within it.',
          type: 'string',
          pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$',
          examples: ['lead-score'],
        },
        suspend: {
          title: 'Suspend',
          description: 'Leave the connector alone: it is neither created nor updated nor deleted.',
          type: 'boolean',
          default: false,
        },
        protect: {
          title: 'Protect',
          description: 'Never delete the connector, also when this file is gone.',
          type: 'boolean',
          default: false,
        },
        ignore: {
          title: 'Ignore',
          description: 'JSON Pointers to places whose live value is left alone and carried along in an update.',
          type: 'array',
          items: { type: 'string', pattern: `^/(?:${CONNECTOR_FIELDS.join('|')})(?:/|$)` },
          examples: [['/rate_limit', '/headers/0/value']],
        },
      },
    },
  },
  $defs: {
    Header: {
      title: 'Header',
      type: 'object',
      required: ['name'],
      additionalProperties: false,
      properties: {
        name: {
          title: 'Name',
          description: 'Name of the header: letters, digits and hyphens, or another character of an HTTP token.',
          type: 'string',
          pattern: "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$|\\$\\{",
          examples: ['Authorization'],
        },
        value: { title: 'Value', description: `One line. ${SECRETS}`, type: 'string', default: '' },
      },
    },
    NameValue: {
      title: 'Name and value',
      type: 'object',
      required: ['name'],
      additionalProperties: false,
      properties: {
        name: { title: 'Name', description: 'Name of the field.', type: 'string' },
        value: {
          title: 'Value',
          description: `A text; put numbers in quotes. ${SECRETS}`,
          type: 'string',
          default: '',
        },
      },
    },
  },
} as const;

/** Editors offer the plain words; upper case and placeholders are right too. */
function oneOf(words: readonly string[]): { readonly anyOf: readonly object[] } {
  const anyCase = words.map((word) => word.replaceAll(/[a-z]/g, (letter) => `[${letter.toUpperCase()}${letter}]`));
  return { anyOf: [{ enum: words }, { pattern: `^(?:${anyCase.join('|')})$|\\$\\{` }] };
}
