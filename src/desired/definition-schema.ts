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

/**
 * A description for every editor, and the same with notes for those that read Markdown, such as VS Code; `explain` shows
 * both, so that each thing is said in one place.
 */
function described(description: string, ...notes: readonly string[]): Described {
  if (notes.length === 0) return { description };
  return { description, markdownDescription: `${description}\n\n${notes.map((note) => `- ${note}`).join('\n')}` };
}

interface Described {
  readonly description: string;
  readonly markdownDescription?: string;
}

const SECRETS =
  'May hold `${env:CONNECTOR_NAME}` or `${secret:name}`, which are replaced when the definition is read; `$${` is a literal `${`.';
const JINJA = 'Jinja (`{{ }}`, `{% %}`) passes through to Databar. Put the text in quotes when it begins with a brace.';
const CAPPED =
  'The plan of the workspace may cap it: when 60 is sent and 50 kept, the log says `connector.adjusted` once, and it is no drift.';

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
      ...described(
        'Display name of the connector: up to 256 characters, not blank.',
        'A definition without `id` finds its connector by this name, exactly; later it stays bound to it, and a new name here renames the connector.',
        'Names need not be unique in a workspace. Of definitions that share one, all but one need an `id`.',
        SECRETS,
      ),
      type: 'string',
      maxLength: MAX_LENGTHS.name,
      pattern: '\\S',
      examples: ['Lead score'],
    },
    type: {
      title: 'Type',
      ...described('What the connector is for: simple, enrichment or exporter; upper or lower case.'),
      type: 'string',
      default: 'enrichment',
      ...oneOf(TYPES),
      examples: ['enrichment'],
    },
    method: {
      title: 'Method',
      ...described(
        'HTTP method: get, post, put or patch; upper or lower case.',
        'Databar documents no other: neither `delete` nor `head`.',
      ),
      type: 'string',
      ...oneOf(METHODS),
      examples: ['get'],
    },
    url: {
      title: 'URL',
      ...described(
        'Full http or https address of the API endpoint, up to 512 characters.',
        'Put keys into `headers` or `parameters` rather than here; in logs and plans, user information and parameters that look like credentials are masked.',
        'A text with a placeholder counts with its value, also for the limit.',
        JINJA,
        SECRETS,
      ),
      type: 'string',
      maxLength: MAX_LENGTHS.url,
      pattern: '^[Hh][Tt][Tt][Pp][Ss]?://|\\$\\{',
      examples: ['https://api.example.com/v1/score'],
    },
    headers: {
      title: 'Headers',
      ...described(
        'HTTP headers to send with each request. Their values are never shown or logged.',
        'Write credentials as placeholders; everything else in git can be read by all who can read the repository.',
        'Databar may mask values in its answers. A mask is no drift as long as it stays the same.',
        'The order counts: a new order is an update.',
      ),
      type: 'array',
      items: { $ref: '#/$defs/Header' },
      default: [],
      examples: [[{ name: 'Authorization', value: 'Bearer ${env:CONNECTOR_TOKEN}' }]],
    },
    parameters: {
      title: 'Parameters',
      ...described(
        'Query parameters.',
        'Values whose name looks like a credential, such as `api_key`, are masked in logs and plans.',
        'The order counts: a new order is an update.',
      ),
      type: 'array',
      items: { $ref: '#/$defs/NameValue' },
      default: [],
      examples: [[{ name: 'verbose', value: '1' }]],
    },
    body: {
      title: 'Body',
      ...described(
        'Fields of the request body.',
        'With a `body_template`, its variables become the body parameters in place of this list.',
        'Values whose name looks like a credential are masked in logs and plans.',
      ),
      type: 'array',
      items: { $ref: '#/$defs/NameValue' },
      default: [],
      examples: [[{ name: 'email', value: '{{ email }}' }]],
    },
    body_template: {
      title: 'Body template',
      ...described(
        'Jinja template of the request body, up to 2048 characters. When set, its variables become the body parameters in place of the body list.',
        'Write it as a block (`|`), which keeps lines as they are; `|-` leaves out the last line break.',
        'With a placeholder in it, the whole template is masked in logs and plans.',
        SECRETS,
      ),
      type: ['string', 'null'],
      maxLength: MAX_LENGTHS.body_template,
      default: null,
      examples: ['{"email": "{{ email }}"}'],
    },
    rate_limit: {
      title: 'Rate limit',
      ...described(
        'Requests per minute at most, 1 or more; the server may cap it by plan.',
        CAPPED,
        'Left out or null: no limit of its own.',
      ),
      type: ['integer', 'null'],
      minimum: 1,
      default: null,
      examples: [60],
    },
    max_concurrency: {
      title: 'Max concurrency',
      ...described(
        'Requests at one time at most, 1 or more; the server may cap it by plan.',
        CAPPED,
        'Left out or null: no limit of its own.',
      ),
      type: ['integer', 'null'],
      minimum: 1,
      default: null,
      examples: [2],
    },
    id: {
      title: 'Id',
      ...described(
        'Pins the definition to the live connector with this id. Leave it out to match by name.',
        'When there is no such connector, the change is blocked (`pinned_id_missing`), and nothing is created.',
        'Files made by `databar-sync import` have it. It belongs to one workspace: leave it out where a file serves several.',
      ),
      type: 'integer',
      minimum: 1,
      examples: [42],
    },
    sync: {
      title: 'Sync',
      ...described('How databar-sync treats the connector. Nothing of it is sent to Databar.'),
      type: 'object',
      additionalProperties: false,
      examples: [{ protect: true }],
      properties: {
        ref: {
          title: 'Ref',
          ...described(
            'Stable local name; required in a file of several documents and unique within it.',
            'The definition is then known as path and ref, such as `company/registry#eu`. A new ref is a new definition.',
          ),
          type: 'string',
          pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$',
          examples: ['lead-score'],
        },
        suspend: {
          title: 'Suspend',
          ...described(
            'Leave the connector alone: it is neither created nor updated nor deleted.',
            'For the time of an experiment in the web app, say. A plan shows it as skipped.',
          ),
          type: 'boolean',
          default: false,
          examples: [true],
        },
        protect: {
          title: 'Protect',
          ...described(
            'Never delete the connector, also when this file is gone.',
            'Updates go on. It is remembered, so that it holds without the file.',
          ),
          type: 'boolean',
          default: false,
          examples: [true],
        },
        ignore: {
          title: 'Ignore',
          ...described(
            'JSON Pointers to places whose live value is left alone and carried along in an update.',
            'For what people tune in the web app. On create, the values of the file are taken.',
            'An entry of a list is named by its position from 0: `/parameters/0/value`.',
            'A value that the server masks cannot be carried along: where one is ignored, an update is blocked (`masked_value`).',
          ),
          type: 'array',
          items: { type: 'string', pattern: `^/(?:${CONNECTOR_FIELDS.join('|')})(?:/|$)` },
          default: [],
          examples: [['/rate_limit', '/parameters/0/value']],
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
          ...described(
            'Name of the header: letters, digits and hyphens, or another character of an HTTP token.',
            'Without the colon and what follows it.',
          ),
          type: 'string',
          pattern: "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$|\\$\\{",
          examples: ['Authorization'],
        },
        value: {
          title: 'Value',
          ...described('The value of the header, on one line.', JINJA, SECRETS),
          type: 'string',
          default: '',
          examples: ['Bearer ${env:CONNECTOR_TOKEN}'],
        },
      },
    },
    NameValue: {
      title: 'Name and value',
      type: 'object',
      required: ['name'],
      additionalProperties: false,
      properties: {
        name: { title: 'Name', ...described('Name of the field.'), type: 'string', examples: ['email'] },
        value: {
          title: 'Value',
          ...described('A text; put numbers, true and false in quotes.', JINJA, SECRETS),
          type: 'string',
          default: '',
          examples: ['{{ email }}'],
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
