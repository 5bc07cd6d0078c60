/** A connector as the sandbox stores it, in the field order of the API reference (`Connector`). */

export interface SandboxNameValue {
  readonly name: string;
  readonly value: string;
}

export interface SandboxConnector {
  readonly id: number;
  readonly name: string;
  readonly type: string;
  readonly method: string;
  readonly url: string;
  readonly headers: readonly SandboxNameValue[];
  readonly parameters: readonly SandboxNameValue[];
  readonly body: readonly SandboxNameValue[];
  readonly body_template: string | null;
  readonly rate_limit: number | null;
  readonly max_concurrency: number | null;
  /** ISO 8601. */
  readonly created_at: string | null;
}

/** What a client sends (`ConnectorCreate`): what is absent gets the server's defaults. */
export interface SandboxConnectorInput {
  readonly name: string;
  readonly type?: string;
  readonly method: string;
  readonly url: string;
  readonly headers?: readonly { readonly name: string; readonly value?: string }[];
  readonly parameters?: readonly { readonly name: string; readonly value?: string }[];
  readonly body?: readonly { readonly name: string; readonly value?: string }[];
  readonly body_template?: string | null;
  readonly rate_limit?: number | null;
  readonly max_concurrency?: number | null;
}

/** Limits of the workspace's plan: a higher value is lowered to them, and null stays null. */
export interface PlanCaps {
  readonly rate_limit?: number;
  readonly max_concurrency?: number;
}

export type SandboxConfig = Omit<SandboxConnector, 'id' | 'created_at'>;

/** What the server makes of an input: defaults filled in, values capped by plan, nothing shared with the caller. */
export function fillConfig(input: SandboxConnectorInput, caps: PlanCaps): SandboxConfig {
  return {
    name: input.name,
    type: input.type ?? 'enrichment',
    method: input.method,
    url: input.url,
    headers: fillPairs(input.headers),
    parameters: fillPairs(input.parameters),
    body: fillPairs(input.body),
    body_template: input.body_template ?? null,
    rate_limit: cap(input.rate_limit, caps.rate_limit),
    max_concurrency: cap(input.max_concurrency, caps.max_concurrency),
  };
}

/** A copy that shows `********` in place of every header value. */
export function maskHeaders(connector: SandboxConnector): SandboxConnector {
  return { ...connector, headers: connector.headers.map(({ name }) => ({ name, value: '********' })) };
}

function fillPairs(
  pairs: readonly { readonly name: string; readonly value?: string }[] | undefined,
): readonly SandboxNameValue[] {
  return (pairs ?? []).map(({ name, value }) => ({ name, value: value ?? '' }));
}

function cap(value: number | null | undefined, limit: number | undefined): number | null {
  if (value === null || value === undefined) return null;
  return limit === undefined ? value : Math.min(value, limit);
}
