/** Mistakes that authors of definitions make, one a file, as they would make them. */

export interface Mistake {
  /** What happened, as a heading. */
  readonly what: string;
  /** The file with the mistake. */
  readonly text: string;
  /** Other files beside it; their mistakes are told too. */
  readonly others?: Readonly<Record<string, string>>;
  /** Default: `lead-score.yaml`. */
  readonly file?: string;
}

const GOOD = 'name: Lead score\nmethod: get\nurl: https://api.acme.example/v1/score\n';

const after = (what: string, lines: string): Mistake => ({ what, text: `${GOOD}${lines}\n` });
const instead = (what: string, old: string, now: string): Mistake => ({ what, text: GOOD.replace(old, now) });
const whole = (what: string, text: string): Mistake => ({ what, text });

export const YAML_MISTAKES: readonly Mistake[] = [
  whole('An empty file', ''),
  whole('A file in which everything is commented out', '# name: Lead score\n# method: get\n'),
  whole('A list of definitions in one file', '- name: Lead score\n  method: get\n- name: Other\n  method: get\n'),
  whole('A text instead of a definition', 'connectors/lead-score.yaml\n'),
  whole('A tab as indentation', `${GOOD}headers:\n\t- name: Accept\n\t  value: application/json\n`),
  whole('A field that is indented too far', 'name: Lead score\n  method: get\nurl: https://api.acme.example/v1\n'),
  whole('A value that is indented too little', `${GOOD}headers:\n  - name: Accept\n   value: application/json\n`),
  whole('No space after a colon', 'name:Lead score\nmethod: get\nurl: https://api.acme.example/v1\n'),
  whole(
    'No space after the colon of a later field',
    'name: Lead score\nmethod:get\nurl: https://api.acme.example/v1\n',
  ),
  whole('A field without its colon', 'name: Lead score\nmethod\nurl: https://api.acme.example/v1\n'),
  whole('An equals sign instead of a colon', 'name: Lead score\nmethod = get\nurl: https://api.acme.example/v1\n'),
  instead('A colon within a name', 'Lead score', 'Acme: lead score'),
  instead('Jinja without quotes at the start of a value', 'https://api.acme.example/v1/score', '{{ base }}/v1/score'),
  after('Jinja without quotes as a whole value', 'body:\n  - name: email\n    value: {{ email }}'),
  after('A Jinja statement without quotes', 'body:\n  - name: email\n    value: {% if email %}x{% endif %}'),
  after('A quote that is never closed', 'headers:\n  - name: Accept\n    value: "application/json'),
  after('A quote within a quoted text', 'body_template: "{"email": "{{ email }}"}"'),
  after('A backslash in double quotes', 'body:\n  - name: pattern\n    value: "\\d+"'),
  after('An apostrophe within single quotes', "body:\n  - name: note\n    value: 'it's new'"),
  instead('A name that begins with an at sign', 'Lead score', '@acme lead score'),
  instead('A name that begins with an asterisk', 'Lead score', '*new* lead score'),
  instead('A name that begins with an exclamation mark', 'Lead score', '!new lead score'),
  after('A list that is never closed', 'sync:\n  ignore: [/rate_limit, /url'),
  after('A field that stands twice', 'method: post'),
  after('A merge key', '<<: *defaults'),
  after('A block text that is not indented', 'body_template: |\n{"email": "{{ email }}"}'),
  after('A conflict that git left', '<<<<<<< HEAD\nrate_limit: 5\n=======\nrate_limit: 6\n>>>>>>> theirs'),
  {
    what: 'A comma too many in JSON',
    file: 'lead-score.json',
    text: '{\n  "name": "Lead score",\n  "method": "get",,\n}\n',
  },
  {
    what: 'A comma missing in JSON',
    file: 'lead-score.json',
    text: '{\n  "name": "Lead score"\n  "method": "get"\n}\n',
  },
  whole('Two documents without refs', `${GOOD}---\n${GOOD.replace('Lead', 'Second')}`),
];

export const FIELD_MISTAKES: readonly Mistake[] = [
  instead('No name', 'name: Lead score\n', ''),
  instead('No method and no url', 'method: get\nurl: https://api.acme.example/v1/score\n', ''),
  instead('An empty name', 'Lead score', '""'),
  instead('A name with nothing behind it', ' Lead score', ''),
  instead('A number as name', 'Lead score', '2024'),
  instead('The word no as name', 'Lead score', 'false'),
  instead('A method that does not exist here', 'method: get', 'method: delete'),
  instead('A mistyped method', 'method: get', 'method: psot'),
  instead('A field in upper case', 'method:', 'Method:'),
  after('A mistyped field', 'rate-limit: 5'),
  after('A field of another tool', 'retries: 3'),
  after('A field of the server', 'created_at: 2026-01-01'),
  after('The singular of a list', 'header:\n  - name: Accept\n    value: application/json'),
  after('The name of the API for parameters', 'params:\n  - name: verbose\n    value: "1"'),
  after('A mistyped type', 'type: enrichement'),
  instead('A url without a scheme', 'https://api.acme.example/v1/score', 'api.acme.example/v1/score'),
  instead('A url with one slash', 'https://api', 'https:/api'),
  instead('A url with a space', '/v1/score', '/v1/lead score'),
  instead('A url of another scheme', 'https:', 'ftp:'),
  instead('A url with Jinja that is not closed', '/v1/score', '/v1/{{ id'),
  instead('A relative url', 'https://api.acme.example/v1/score', '/v1/score'),
  after('Headers as a map', 'headers:\n  Authorization: Bearer ${env:CONNECTOR_TOKEN}\n  Accept: application/json'),
  after('A header in short form', 'headers:\n  - Accept: application/json'),
  after('A header as one text', 'headers:\n  - "Accept: application/json"'),
  after('Headers as a text', 'headers: "Accept: application/json"'),
  after('One header that is no list', 'headers:\n  name: Accept\n  value: application/json'),
  after('Headers with nothing behind them', 'headers:'),
  after('A header with key instead of name', 'headers:\n  - key: Accept\n    value: application/json'),
  after('A header whose name holds the colon', 'headers:\n  - name: "Accept:"\n    value: application/json'),
  after('A header name with a space', 'headers:\n  - name: Content Type\n    value: application/json'),
  after('A header value over two lines', 'headers:\n  - name: Accept\n    value: |\n      application/json'),
  after('A number as a value', 'parameters:\n  - name: limit\n    value: 100'),
  after('true as a value', 'parameters:\n  - name: verbose\n    value: true'),
  after('Nothing as a value', 'parameters:\n  - name: verbose\n    value:'),
  after('A map as a value', 'body:\n  - name: contact\n    value:\n      email: x'),
  after('A body as a map', 'body:\n  email: "{{ email }}"'),
  after('A template that is a map', 'body_template:\n  email: "{{ email }}"'),
  after('A rate limit in words', 'rate_limit: 10/s'),
  after('A rate limit in quotes', 'rate_limit: "60"'),
  after('A rate limit of zero', 'rate_limit: 0'),
  after('A fraction as rate limit', 'rate_limit: 0.5'),
  after('A negative concurrency', 'max_concurrency: -1'),
  after('An id in quotes', 'id: "4711"'),
  after('A number beyond all limits', 'rate_limit: 99999999999999999999'),
  after('An option outside of sync', 'protect: true'),
  after('A mistyped option of sync', 'sync:\n  suspnd: true'),
  after('The word yes', 'sync:\n  suspend: yes'),
  after('An ignored place without its slash', 'sync:\n  ignore: [rate_limit]'),
  after('An ignored place by the name of a header', 'sync:\n  ignore: [/headers/Authorization]'),
  after('An ignored place as a text', 'sync:\n  ignore: /rate_limit'),
  after('A ref with a space', 'sync:\n  ref: lead score'),
  instead('A name of 300 characters', 'Lead score', 'x'.repeat(300)),
];

export const PLACEHOLDER_MISTAKES: readonly Mistake[] = [
  after('A variable that is not set', header('Bearer ${env:CONNECTOR_TOKEN}')),
  after('A variable without the prefix', header('Bearer ${env:ACME_TOKEN}')),
  after("The daemon's own key", header('${env:DATABAR_API_KEY}')),
  after('A placeholder without its kind', header('Bearer ${CONNECTOR_TOKEN}')),
  after('A placeholder of GitHub Actions', header('Bearer ${{ secrets.TOKEN }}')),
  after('A placeholder of another tool', header('Bearer ${vault:acme/token}')),
  after('A placeholder that is not closed', header('Bearer ${env:CONNECTOR_TOKEN')),
  after('A placeholder with a default', header('Bearer ${env:CONNECTOR_TOKEN:-none}')),
  after('A placeholder with spaces', header('Bearer ${ env:CONNECTOR_TOKEN }')),
  after('A kind in upper case', header('Bearer ${ENV:CONNECTOR_TOKEN}')),
  after('A secret outside of its directory', header('${secret:../key}')),
  after('A secret without a directory', header('${secret:acme}')),
  after('A placeholder as a number', 'rate_limit: ${env:CONNECTOR_RATE}'),
  after('A variable of a shell', header('Bearer $CONNECTOR_TOKEN')),
];

function header(value: string): string {
  return `headers:\n  - name: Authorization\n    value: ${value}`;
}

export const DOUBTS: readonly Mistake[] = [
  after('A secret in clear in a header', header('Bearer 3f9a27c1d04be588')),
  after('A secret in clear in a parameter', 'parameters:\n  - name: api_key\n    value: 3f9a27c1d04be588'),
  after(
    'A well-known key under an innocent name',
    `body:\n  - name: q\n    value: ${['sk', 'live', '3f9a27c1d04be588'].join('_')}`,
  ),
  instead('A key in a url', '/v1/score', '/v1/score?api_key=3f9a27c1d04be588'),
  instead('A password in a url', 'https://api', 'https://acme:3f9a27c1d04be588@api'),
  {
    what: 'A secret in clear in a template',
    text: `${GOOD.replace('get', 'post')}body_template: '{"token": "3f9a27c1d04be588"}'\n`,
  },
  instead('A url in clear text', 'https:', 'http:'),
  after(
    'A header that stands twice',
    'headers:\n  - name: Accept\n    value: application/json\n  - name: accept\n    value: text/plain',
  ),
  {
    what: 'A body beside a template',
    text: `${GOOD.replace('get', 'post')}body:\n  - name: email\n    value: x\nbody_template: '{"email": "{{ email }}"}'\n`,
  },
  after('A body of a GET request', 'body:\n  - name: email\n    value: "{{ email }}"'),
  after('Jinja that is not closed', 'parameters:\n  - name: email\n    value: "{{ email"'),
  instead('Single braces in a url', '/v1/score', '/v1/leads/{lead_id}'),
];

const other = (text: string): Readonly<Record<string, string>> => ({ 'other.yaml': text });

export const SET_MISTAKES: readonly Mistake[] = [
  { what: 'A copy of a file', text: GOOD, others: other(GOOD) },
  {
    what: 'Two files pinned to one connector',
    text: `${GOOD}id: 7\n`,
    others: other(`${GOOD.replace('Lead', 'Second')}id: 7\n`),
  },
  { what: 'Two files of one key', text: GOOD, others: { 'lead-score.yml': GOOD.replace('Lead', 'Second') } },
  {
    what: 'Two documents of one ref',
    text: `${GOOD}sync: {ref: eu}\n---\n${GOOD.replace('Lead', 'Second')}sync: {ref: eu}\n`,
  },
  { what: 'Names that differ in case', text: GOOD, others: other(GOOD.replace('Lead score', 'lead Score')) },
  { what: 'Files that differ in case', text: GOOD, others: { 'Lead-Score.yaml': GOOD.replace('Lead', 'Second') } },
];
