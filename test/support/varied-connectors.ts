/** Thirty connectors as a workspace of some years holds them: names of all kinds, and secrets in all places. */

import type { SandboxConnectorInput } from '../../src/sandbox/sandbox-connector.ts';

/** Begins every value that must not leave the server. */
export const CANARY = 'canaryX7q';

const get = (name: string, extra: Partial<SandboxConnectorInput> = {}): SandboxConnectorInput => ({
  name,
  method: 'get',
  url: `https://api.example.com/${encodeURIComponent(name)}`,
  ...extra,
});

const TEMPLATE = `{
  "email": "{{ email }}",
  "score": {{ score | default(0) }},
  "note": "costs \${price} and $\${more}"
}
`;

export const VARIED_CONNECTORS: readonly SandboxConnectorInput[] = [
  get('Acme lead score', {
    method: 'post',
    headers: [
      { name: 'Authorization', value: `Bearer ${CANARY}Bearer` },
      { name: 'Content-Type', value: 'application/json; charset=utf-8' },
      { name: 'X-Trace', value: `${CANARY}Trace` },
    ],
    body: [
      { name: 'email', value: '{{ email }}' },
      { name: 'empty', value: '' },
    ],
    rate_limit: 60,
    max_concurrency: 4,
  }),
  get('acme LEAD score', { headers: [{ name: 'X-Api-Key', value: `${CANARY}Key` }] }),
  get('Acme lead score', { headers: [{ name: 'X-Api-Key', value: `${CANARY}KeyTwo` }] }),
  get('Prüfung der Bonität', { headers: [{ name: 'Authorization', value: `Basic ${CANARY}Basic=` }] }),
  get('Řeka Žluťoučký kůň'),
  get('Привет, мир'),
  get('日本語の名前'),
  get('中文'),
  get('🦄🌈'),
  get('con'),
  get('NUL'),
  get('---'),
  get('- not: a list'),
  get('#comment'),
  get('"quoted" \'twice\''),
  get('yes'),
  get('007'),
  get('a/b\\c/../d'),
  get('.hidden'),
  get('trailing space '),
  get('tab\tinside'),
  get('x'.repeat(256)),
  get('Key in the query', { url: `https://api.example.com/v1?api_key=${CANARY}Query&page={{ page }}` }),
  get('User in the address', { url: `https://me:${CANARY}Pass@api.example.com/v1` }),
  get('Parameters', {
    parameters: [
      { name: 'api_key', value: `${CANARY}Parameter` },
      { name: 'token', value: '{{ token }}' },
      { name: 'q', value: 'a=b & c: d' },
      { name: 'n', value: '1' },
      { name: 'empty', value: '' },
      { name: 'price', value: '${literal} and $${more}' },
    ],
  }),
  get('Template', { type: 'exporter', method: 'put', body_template: TEMPLATE }),
  get('Template with a key', {
    method: 'post',
    body_template: `{"api_key": "${CANARY}Template", "token": "{{ token }}", "q": "{{ q }}"}`,
  }),
  get('Windows lines', { method: 'post', body_template: 'first\r\nsecond  \n\n third\n' }),
  get('Spaces', { method: 'post', body_template: '   indented\n\tand a tab\n\n' }),
  get('Body secret', { method: 'patch', body: [{ name: 'clientSecret', value: `${CANARY}Body` }] }),
];
