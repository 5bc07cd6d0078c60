/**
 * `ConnectorCreate` and `NameValue` exactly as the API reference publishes them (OpenAPI 3.1, whose schemas are JSON
 * Schema 2020-12), under the paths that their references use.
 */
export const connectorCreateSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $ref: '#/components/schemas/ConnectorCreate',
  components: {
    schemas: {
      ConnectorCreate: {
        properties: {
          name: {
            type: 'string',
            maxLength: 256,
            title: 'Name',
            description: 'Display name for the connector',
          },
          type: {
            type: 'string',
            title: 'Type',
            description: 'Connector type: simple, enrichment, or exporter',
            default: 'enrichment',
          },
          method: {
            type: 'string',
            title: 'Method',
            description: 'HTTP method: get, post, put, or patch',
          },
          url: {
            type: 'string',
            maxLength: 512,
            title: 'Url',
            description: 'Full API endpoint URL (e.g. https://api.example.com/v1/score)',
          },
          headers: {
            items: { $ref: '#/components/schemas/NameValue' },
            type: 'array',
            title: 'Headers',
            description: 'HTTP headers to send with each request',
          },
          parameters: {
            items: { $ref: '#/components/schemas/NameValue' },
            type: 'array',
            title: 'Parameters',
            description: 'Query parameters',
          },
          body: {
            items: { $ref: '#/components/schemas/NameValue' },
            type: 'array',
            title: 'Body',
            description: 'Request body fields',
          },
          body_template: {
            anyOf: [{ type: 'string', maxLength: 2048 }, { type: 'null' }],
            title: 'Body Template',
            description: "Jinja body template. When set, template variables become body params instead of 'body' list.",
          },
          rate_limit: {
            anyOf: [{ type: 'integer', minimum: 1 }, { type: 'null' }],
            title: 'Rate Limit',
            description: 'Max requests per minute (capped by plan)',
          },
          max_concurrency: {
            anyOf: [{ type: 'integer', minimum: 1 }, { type: 'null' }],
            title: 'Max Concurrency',
            description: 'Max concurrent requests (capped by plan)',
          },
        },
        type: 'object',
        required: ['name', 'method', 'url'],
        title: 'ConnectorCreate',
      },
      NameValue: {
        properties: {
          name: { type: 'string', title: 'Name' },
          value: { type: 'string', title: 'Value', default: '' },
        },
        type: 'object',
        required: ['name'],
        title: 'NameValue',
      },
    },
  },
} as const;
