/** What the API answers to a call when nothing goes wrong on the way. */

import type { BodyFault } from './check-body.ts';
import { checkBody } from './check-body.ts';
import type { ConnectorStore } from './connector-store.ts';
import type { Operation } from './faults.ts';
import type { SandboxConnector, SandboxConnectorInput } from './sandbox-connector.ts';
import { maskHeaders } from './sandbox-connector.ts';

export interface Call {
  readonly operation: Operation;
  /** The last segment of the path, where the operation has one. */
  readonly id: string | null;
  readonly apiKey: string | undefined;
  readonly contentType: string | undefined;
  /** Null when the bytes are not UTF-8. */
  readonly text: string | null;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Null: no body at all. */
  readonly body: string | null;
}

/** How the workspace behaves. */
export interface Workspace {
  readonly store: ConnectorStore;
  /** Null: any key that is not empty is good. */
  readonly apiKey: string | null;
  /** Creates beyond it are answered 406. */
  readonly maxConnectors: number;
  /** Show header values as `********` in answers to list and get. */
  readonly maskHeaders: boolean;
  /** The same in answers to create and update. */
  readonly maskEcho: boolean;
}

const TYPES = ['simple', 'enrichment', 'exporter'];
const METHODS = ['get', 'post', 'put', 'patch'];

/** @param listed what a list shows; the store's own list unless a fault says otherwise. */
export function answerCall(call: Call, workspace: Workspace, listed?: readonly SandboxConnector[]): Answer {
  const { store } = workspace;
  const refused = checkKey(call.apiKey, workspace.apiKey);
  if (refused !== null) return refused;
  const shown = (connector: SandboxConnector): SandboxConnector =>
    workspace.maskHeaders ? maskHeaders(connector) : connector;
  const echoed = (connector: SandboxConnector): SandboxConnector =>
    workspace.maskEcho ? maskHeaders(connector) : connector;

  switch (call.operation) {
    case 'me':
      return jsonAnswer(200, { first_name: 'Sandbox', email: 'sandbox@example.com', balance: 0, plan: 'sandbox' });
    case 'list':
      return jsonAnswer(200, (listed ?? store.list()).map(shown));
    case 'get':
    case 'delete': {
      const id = readId(call.id);
      if (id === null) return jsonAnswer(422, { detail: [ID_FAULT] });
      if (call.operation === 'delete') return store.remove(id) ? { status: 204, headers: {}, body: null } : notFound();
      const connector = store.get(id);
      return connector === undefined ? notFound() : jsonAnswer(200, shown(connector));
    }
    case 'create': {
      const read = readInput(call, []);
      if ('status' in read) return read;
      if (store.size >= workspace.maxConnectors) {
        return errorAnswer(406, `Your plan allows ${workspace.maxConnectors} connectors.`);
      }
      return jsonAnswer(201, echoed(store.create(read.input)));
    }
    case 'update': {
      const id = readId(call.id);
      const read = readInput(call, id === null ? [ID_FAULT] : []);
      if ('status' in read) return read;
      const connector = id === null ? undefined : store.replace(id, read.input);
      return connector === undefined ? notFound() : jsonAnswer(200, echoed(connector));
    }
  }
}

export function jsonAnswer(status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(value) };
}

/** Every error of the API is JSON with a `detail`. */
export function errorAnswer(status: number, detail: unknown, headers: Readonly<Record<string, string>> = {}): Answer {
  return jsonAnswer(status, { detail }, headers);
}

function checkKey(given: string | undefined, expected: string | null): Answer | null {
  if (given === undefined || given === '') return errorAnswer(403, 'The API key is missing.');
  return expected === null || given === expected ? null : errorAnswer(403, 'The API key is invalid.');
}

function notFound(): Answer {
  return errorAnswer(404, 'Connector not found');
}

const ID_FAULT: BodyFault = {
  loc: ['path', 'connector_id'],
  msg: 'Input should be a valid integer, unable to parse string as an integer',
  type: 'int_parsing',
};

function readId(text: string | null): number | null {
  return text !== null && /^[+-]?\d+$/u.test(text) ? Number(text) : null;
}

/** The input that was sent, or the answer that refuses it. `before` are faults of the path, told together. */
function readInput(call: Call, before: readonly BodyFault[]): { readonly input: SandboxConnectorInput } | Answer {
  if (call.text === null) return errorAnswer(400, 'There was an error parsing the body');
  if (call.text !== '' && !/^application\/(?:[\w.-]+\+)?json(?:\s*;|$)/iu.test(call.contentType ?? '')) {
    const msg = 'Input should be a valid dictionary or object to extract fields from';
    return errorAnswer(422, [...before, { loc: ['body'], msg, type: 'model_attributes_type' }]);
  }
  const checked = checkBody(call.text);
  const faults = [...before, ...(checked.ok ? [] : checked.faults)];
  if (!checked.ok || faults.length > 0) return errorAnswer(422, faults);
  const { type, method } = checked.input;
  if (!METHODS.includes(method)) return errorAnswer(400, `method must be one of ${METHODS.join(', ')}`);
  if (type !== undefined && !TYPES.includes(type)) return errorAnswer(400, `type must be one of ${TYPES.join(', ')}`);
  return { input: checked.input };
}
