/** Definitions to measure with: files of 24 lines, as people write them, every one different. */

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Files of one directory. */
const DIRECTORY_SIZE = 100;

/** The body that the definition of this number is sent as. */
export function connectorBody(index: number): Readonly<Record<string, unknown>> & { readonly name: string } {
  return {
    name: `Connector ${index}`,
    type: 'enrichment',
    method: 'post',
    url: `https://api.example.com/v1/companies/${index}`,
    headers: [
      { name: 'Accept', value: 'application/json' },
      { name: 'X-Team', value: `growth-${index}` },
    ],
    parameters: [
      { name: 'domain', value: '{{ domain }}' },
      { name: 'limit', value: '10' },
    ],
    body: [{ name: 'query', value: '{{ query }}' }],
    body_template: null,
    rate_limit: 30,
    max_concurrency: 2,
  };
}

/** The path of a definition below the source directory: a hundred to a directory. */
export function definitionPath(index: number): string {
  return join(`group-${Math.floor(index / DIRECTORY_SIZE)}`, `connector-${index}.yaml`);
}

export function definitionText(index: number, rateLimit = 30): string {
  return `# Looks a company up by its domain.
# Owner: growth team
name: Connector ${index}
type: enrichment
method: post
url: https://api.example.com/v1/companies/${index}
headers:
  - name: Accept
    value: application/json
  - name: X-Team
    value: growth-${index}
parameters:
  - name: domain
    value: '{{ domain }}'
  - name: limit
    value: '10'
body:
  - name: query
    value: '{{ query }}'

# Their plan allows 60 a minute.
rate_limit: ${rateLimit}
max_concurrency: 2
sync:
  protect: false
`;
}

/** Write the definitions 0 to `count - 1` into a directory. */
export function writeDefinitions(directory: string, count: number): void {
  for (let index = 0; index < count; index += 1) {
    if (index % DIRECTORY_SIZE === 0)
      mkdirSync(join(directory, `group-${index / DIRECTORY_SIZE}`), { recursive: true });
    writeFileSync(join(directory, definitionPath(index)), definitionText(index));
  }
}
