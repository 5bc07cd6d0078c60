/**
 * The back door at `/_sandbox/`, for people at a terminal: look on, edit behind a client's back, make things fail.
 *
 * | call | does |
 * |---|---|
 * | `GET /_sandbox/requests` | what was asked, in order |
 * | `GET /_sandbox/connectors` | what is stored, unmasked |
 * | `PATCH /_sandbox/connectors/{id}` | replaces the fields in the JSON body |
 * | `DELETE /_sandbox/connectors/{id}` | removes one |
 * | `POST /_sandbox/faults` | a fault as JSON, or as the short text of {@link parseFault} |
 * | `DELETE /_sandbox/faults` | forgets all faults |
 *
 * It needs no key, so it serves loopback only: the peer, the Host header and, when a browser sends one, the Origin.
 * The Host header is looked at because a web page can make its own name resolve to 127.0.0.1.
 */

import type { HttpBindings } from '@hono/node-server';
import type { Hono } from 'hono';
import { checkValue, INPUT_FIELDS } from './check-body.ts';
import type { Fault } from './faults.ts';
import { checkFault, FaultError, parseFault } from './read-fault.ts';
import type { SandboxConnector } from './sandbox-connector.ts';
import type { SandboxContext, SandboxParts } from './sandbox-parts.ts';

export function addAdminRoutes(app: Hono<{ Bindings: HttpBindings }>, parts: SandboxParts): void {
  const { store } = parts.workspace;

  app.use('/_sandbox/*', async (c, next) => {
    if (!isFromHere(c)) return c.json({ detail: 'The back door is open to this machine only.' }, 403);
    await next();
    return undefined;
  });
  app.get('/_sandbox/requests', (c) => c.json(parts.log.requests));
  app.get('/_sandbox/connectors', (c) => c.json(store.list()));
  app.patch('/_sandbox/connectors/:id', async (c) => {
    const current = find(c, parts);
    if (current === undefined) return c.json({ detail: 'Connector not found' }, 404);
    const patch = readPatch(await c.req.text());
    if (typeof patch === 'string') return c.json({ detail: patch }, 422);
    const checked = checkValue({ ...current, ...patch });
    if (!checked.ok) return c.json({ detail: checked.faults }, 422);
    return c.json(store.replace(current.id, checked.input));
  });
  app.delete('/_sandbox/connectors/:id', (c) => {
    const current = find(c, parts);
    if (current === undefined) return c.json({ detail: 'Connector not found' }, 404);
    store.remove(current.id);
    return c.body(null, 204);
  });
  app.post('/_sandbox/faults', async (c) => {
    const fault = readFault(await c.req.text());
    if (typeof fault === 'string') return c.json({ detail: fault }, 422);
    parts.inject(fault);
    return c.json(fault, 201);
  });
  app.delete('/_sandbox/faults', (c) => {
    parts.faults.clear();
    return c.body(null, 204);
  });
  app.all('/_sandbox/*', (c) => c.json({ detail: 'Not Found' }, 404));
}

function find(c: SandboxContext, { workspace }: SandboxParts): SandboxConnector | undefined {
  return workspace.store.get(Number(c.req.param('id')));
}

/** The patch, or a sentence that says what is wrong with it. */
function readPatch(text: string): Readonly<Record<string, unknown>> | string {
  let patch: unknown;
  try {
    patch = JSON.parse(text);
  } catch {
    return 'The body is not JSON.';
  }
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return 'The body must be a JSON object.';
  const unknown = Object.keys(patch).find((field) => !INPUT_FIELDS.includes(field));
  if (unknown === undefined) return { ...patch };
  return `A connector has no field ${JSON.stringify(unknown)} to edit; it has ${INPUT_FIELDS.join(', ')}.`;
}

/** The fault, or a sentence that says what is wrong with it. */
function readFault(text: string): Fault | string {
  try {
    return text.trimStart().startsWith('{') ? checkFault(JSON.parse(text)) : parseFault(text);
  } catch (error) {
    if (error instanceof FaultError) return error.message;
    if (error instanceof SyntaxError) return 'The body is not JSON.';
    throw error;
  }
}

function isFromHere(c: SandboxContext): boolean {
  const peer = c.env.incoming.socket.remoteAddress ?? '';
  if (!/^(?:::ffff:)?127\.|^::1$/u.test(peer)) return false;
  if (!isLoopbackHost(`http://${c.req.header('host') ?? ''}`)) return false;
  const origin = c.req.header('origin');
  return origin === undefined || isLoopbackHost(origin);
}

function isLoopbackHost(url: string): boolean {
  if (!URL.canParse(url)) return false;
  return /^(?:localhost|.+\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/u.test(new URL(url).hostname);
}
