/**
 * A Databar custom API connector, in the shapes the stages hand to each other.
 *
 * Source of the fields: the schemas `ConnectorCreate` and `Connector` of the API reference
 * (`config/databar.openapi.json`).
 */

export interface NameValue {
  readonly name: string;
  readonly value: string;
}

/**
 * A complete connector configuration with everything the server fills in filled in: absent lists are
 * `[]`, an absent `type` is `enrichment`, absent nullables are `null`, `method` and `type` are lower case.
 * It is the body of a POST or PUT, and the comparable part of what the server reports.
 */
export interface ConnectorConfig {
  readonly name: string;
  readonly type: string;
  readonly method: string;
  readonly url: string;
  readonly headers: readonly NameValue[];
  readonly parameters: readonly NameValue[];
  readonly body: readonly NameValue[];
  readonly body_template: string | null;
  /** Requests per minute; the server may cap it by plan. */
  readonly rate_limit: number | null;
  /** Concurrent requests; the server may cap it by plan. */
  readonly max_concurrency: number | null;
}

export type ConnectorField = keyof ConnectorConfig;

/** Every field of a configuration, in the order in which people read them. */
export const CONNECTOR_FIELDS = [
  'name',
  'type',
  'method',
  'url',
  'headers',
  'parameters',
  'body',
  'body_template',
  'rate_limit',
  'max_concurrency',
] as const satisfies readonly ConnectorField[];

/** A connector as the server reports it now. */
export interface LiveConnector {
  readonly id: number;
  readonly config: ConnectorConfig;
}

/** An RFC 6901 pointer into a {@link ConnectorConfig}, such as `/headers/0/value`. */
export type JsonPointer = string;

/** The `sync` map of a definition: how databar-sync treats it; never sent to the server. */
export interface SyncOptions {
  /** Stable local name; what tells the documents of one file apart. */
  readonly ref: string | null;
  /** Leave the connector alone. */
  readonly suspend: boolean;
  /** Never delete the connector. */
  readonly protect: boolean;
  /** Places whose live value is left alone and carried along in a PUT. */
  readonly ignore: readonly JsonPointer[];
}

declare const validated: unique symbol;

/**
 * A definition that passed every check, with its placeholders resolved.
 *
 * The brand is the proof: only `desired/validate-connector.ts` makes one, so raw YAML cannot reach the plan.
 */
export interface ValidConnector {
  readonly [validated]: true;
  /** Local identity: path without extension, plus `#ref` in a file of several documents. */
  readonly key: string;
  /** Path relative to the source directory, with `/`. */
  readonly file: string;
  /** Index of the YAML document in its file, from 0. */
  readonly document: number;
  /** The live connector that this definition is pinned to, if any. */
  readonly id: number | null;
  /** What would be sent. */
  readonly config: ConnectorConfig;
  readonly sync: SyncOptions;
  /** Where a placeholder was resolved: these values must never be shown. */
  readonly secretPaths: readonly JsonPointer[];
}
