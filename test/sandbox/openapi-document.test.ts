import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';

interface OpenApiDocument {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly parameters: readonly object[] }>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

const document = JSON.parse(
  await readFile(new URL('../../config/databar.openapi.json', import.meta.url), 'utf8'),
) as OpenApiDocument;

const pairs = (title: string, description: string): object => ({
  items: { $ref: '#/components/schemas/NameValue' },
  type: 'array',
  title,
  description,
});
const limit = (title: string, description: string): object => ({
  anyOf: [{ type: 'integer', minimum: 1 }, { type: 'null' }],
  title,
  description,
});

test('ConnectorCreate is the published schema', () => {
  expect(document.components.schemas['ConnectorCreate']).toEqual({
    properties: {
      name: { type: 'string', maxLength: 256, title: 'Name', description: 'Display name for the connector' },
      type: {
        type: 'string',
        title: 'Type',
        description: 'Connector type: simple, enrichment, or exporter',
        default: 'enrichment',
      },
      method: { type: 'string', title: 'Method', description: 'HTTP method: get, post, put, or patch' },
      url: {
        type: 'string',
        maxLength: 512,
        title: 'Url',
        description: 'Full API endpoint URL (e.g. https://api.example.com/v1/score)',
      },
      headers: pairs('Headers', 'HTTP headers to send with each request'),
      parameters: pairs('Parameters', 'Query parameters'),
      body: pairs('Body', 'Request body fields'),
      body_template: {
        anyOf: [{ type: 'string', maxLength: 2048 }, { type: 'null' }],
        title: 'Body Template',
        description: "Jinja body template. When set, template variables become body params instead of 'body' list.",
      },
      rate_limit: limit('Rate Limit', 'Max requests per minute (capped by plan)'),
      max_concurrency: limit('Max Concurrency', 'Max concurrent requests (capped by plan)'),
    },
    type: 'object',
    required: ['name', 'method', 'url'],
    title: 'ConnectorCreate',
  });
});

test('NameValue is the published schema', () => {
  expect(document.components.schemas['NameValue']).toEqual({
    properties: { name: { type: 'string', title: 'Name' }, value: { type: 'string', title: 'Value', default: '' } },
    type: 'object',
    required: ['name'],
    title: 'NameValue',
  });
});

test('the document describes the six calls, each with its key', () => {
  expect(document.openapi).toBe('3.1.0');
  const calls = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path}`),
  );
  expect(calls.toSorted()).toEqual([
    'delete /v1/connectors/{connector_id}',
    'get /v1/connectors/',
    'get /v1/connectors/{connector_id}',
    'get /v1/user/me',
    'post /v1/connectors/',
    'put /v1/connectors/{connector_id}',
  ]);
  for (const methods of Object.values(document.paths)) {
    for (const { parameters } of Object.values(methods)) {
      expect(parameters).toContainEqual(expect.objectContaining({ name: 'x-apikey', in: 'header', required: true }));
    }
  }
});
