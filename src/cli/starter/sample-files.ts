/** The definitions in connectors/, by path. Made from them by "npm run generate". */
export const SAMPLE_FILES: Readonly<Record<string, string>> = {
  'company/headcount.json': `{
  "name": "Headcount by domain",
  "type": "simple",
  "method": "get",
  "url": "https://data.headcount.example/v1/company",
  "parameters": [{ "name": "domain", "value": "{{ domain }}" }],
  "max_concurrency": 1
}
`,
  'company/registry.yaml': `# yaml-language-server: $schema=../../config/connector.schema.json
# Several connectors in one file: each document has a sync.ref, and its key is company/registry#<ref>.
name: Company registry (EU)
method: get
url: https://registry.example/eu/companies
parameters:
  - name: vat
    value: '{{ vat_number }}'
sync:
  ref: eu
---
name: Company registry (US)
method: get
url: https://registry.example/us/companies
parameters:
  - name: ein
    value: '{{ ein }}'
sync:
  ref: us
`,
  'exporters/chat-alert.yaml': `# yaml-language-server: $schema=../../config/connector.schema.json
name: Chat alert
type: exporter
method: post
url: https://hooks.chat.example/services/alerts
headers:
  - name: Content-Type
    value: application/json
body_template: '{"text": "New lead: {{ company }} ({{ score }})"}'
`,
  'exporters/crm-contact.yaml': `# yaml-language-server: $schema=../../config/connector.schema.json
# Writes a row to another system. The Jinja template passes to Databar untouched; its variables become inputs.
name: CRM contact upsert
type: exporter
method: put
url: https://crm.example/api/contacts
headers:
  - name: Authorization
    value: Token \${env:CONNECTOR_CRM_TOKEN}
  - name: Content-Type
    value: application/json
body_template: |
  {
    "email": "{{ email }}",
    "first_name": "{{ first_name }}",
    "score": {{ score | default(0) }}
  }
rate_limit: 10
sync:
  # Never deleted by databar-sync, not even when this file goes and the policy is \`sync\`.
  protect: true
`,
  'lead-score.yaml': `# yaml-language-server: $schema=../config/connector.schema.json
# Scores a lead with a POST. The smallest definition needs only name, method and url; this one shows most fields.
name: Acme lead score
type: enrichment
method: post
url: https://api.acme-scoring.example/v1/score
headers:
  - name: Authorization
    # Never a credential in git: this is read from the environment of the daemon.
    value: Bearer \${env:CONNECTOR_ACME_TOKEN}
  - name: Accept
    value: application/json
body:
  - name: email
    value: '{{ email }}'
  - name: company_domain
    value: '{{ domain }}'
# Requests per minute. The workspace's plan may cap it: the log then says connector.adjusted, once, and it is not drift.
rate_limit: 60
max_concurrency: 4

# Two more that a definition may have:
#   id: 123            pins it to that connector, whatever its name is now
#   sync:
#     suspend: true    leaves the connector alone until this line is gone
`,
  'people/email-verifier.yaml': `# yaml-language-server: $schema=../../config/connector.schema.json
# A GET with query parameters; the key travels as a parameter and is masked wherever it is shown.
name: Mailproof email verifier
type: enrichment
method: get
url: https://api.mailproof.example/v2/verify
parameters:
  - name: email
    value: '{{ email }}'
  - name: api_key
    value: \${env:CONNECTOR_MAILPROOF_KEY}
rate_limit: 30
`,
  'people/profile-lookup.yaml': `# yaml-language-server: $schema=../../config/connector.schema.json
name: Profile lookup
type: enrichment
method: get
url: https://people.example/api/profiles
headers:
  - name: X-Api-Version
    value: '2026-04-01'
parameters:
  - name: linkedin_url
    value: '{{ linkedin_url }}'
sync:
  # Somebody tunes these two in the web app: leave them as they are, there and here.
  ignore:
    - /rate_limit
    - /max_concurrency
rate_limit: 20
max_concurrency: 2
`,
};
