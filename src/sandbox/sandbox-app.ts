/** The sandbox's routes: the paths of the API, redirected and refused as FastAPI does it. */

import type { IncomingMessage } from 'node:http';
import type { HttpBindings } from '@hono/node-server';
import { Hono } from 'hono';
import { addAdminRoutes } from './admin-routes.ts';
import type { Answer } from './answer-call.ts';
import { answerCall, errorAnswer } from './answer-call.ts';
import { deliverAnswer } from './deliver-answer.ts';
import type { Operation } from './faults.ts';
import type { SandboxContext, SandboxParts } from './sandbox-parts.ts';

const LARGEST_BODY = 10 * 1024 * 1024;
const METHODS_BY_PATH: readonly { readonly path: RegExp; readonly methods: string }[] = [
  { path: /^\/v1\/connectors\/$/u, methods: 'GET, POST' },
  { path: /^\/v1\/connectors\/[^/]+$/u, methods: 'GET, PUT, DELETE' },
  { path: /^\/v1\/user\/me$/u, methods: 'GET' },
];

export function createSandboxApp(parts: SandboxParts): Hono<{ Bindings: HttpBindings }> {
  const app = new Hono<{ Bindings: HttpBindings }>();
  const on = (operation: Operation) => async (c: SandboxContext) => serve(c, operation, parts);
  app.get('/v1/connectors/', on('list'));
  app.post('/v1/connectors/', on('create'));
  app.get('/v1/connectors/:id', on('get'));
  app.put('/v1/connectors/:id', on('update'));
  app.delete('/v1/connectors/:id', on('delete'));
  app.get('/v1/user/me', on('me'));
  addAdminRoutes(app, parts);
  app.notFound(async (c) => serveElsewhere(c, parts));
  // Hono's own handler prints to the console, which belongs to the daemon; a client that hangs up lands here too.
  app.onError((error) => toResponse(errorAnswer(500, `The sandbox failed: ${error.message}`)));
  return app;
}

async function serve(c: SandboxContext, operation: Operation, parts: SandboxParts): Promise<Response> {
  const { workspace, faults, log, timers, now } = parts;
  const { incoming, outgoing } = c.env;
  const bytes = await readBytes(incoming);
  if (bytes === null) return toResponse(errorAnswer(413, 'The body is too large.'));
  const text = decode(bytes);
  const struck = faults.take(operation);
  const answered = log.begin({ at: now(), ...target(incoming), text: text ?? '', fault: struck?.fault.kind ?? null });
  if (parts.latencyMs > 0) await timers.wait(parts.latencyMs);
  const call = {
    operation,
    id: c.req.param('id') ?? null,
    apiKey: c.req.header('x-apikey'),
    contentType: c.req.header('content-type'),
    text,
  };
  return deliverAnswer({
    call,
    struck,
    commit: (listed) => answerCall(call, workspace, listed),
    listBefore: (changes) => workspace.store.listBefore(changes),
    outgoing,
    timers,
    answered,
  });
}

/** Redirects a path that only lacks its slash, or has one too many; 405 and 404 otherwise. */
async function serveElsewhere(c: SandboxContext, { log, now }: SandboxParts): Promise<Response> {
  const { incoming } = c.env;
  const bytes = await readBytes(incoming);
  const answer = bytes === null ? errorAnswer(413, 'The body is too large.') : elsewhere(c);
  log.begin({ at: now(), ...target(incoming), text: decode(bytes ?? Buffer.alloc(0)) ?? '', fault: null })(
    answer.status,
  );
  return toResponse(answer);
}

function elsewhere(c: SandboxContext): Answer {
  const url = new URL(c.req.url);
  const known = METHODS_BY_PATH.find(({ path }) => path.test(url.pathname));
  if (known !== undefined) return errorAnswer(405, 'Method Not Allowed', { allow: known.methods });
  const other = url.pathname.endsWith('/') ? url.pathname.slice(0, -1) : `${url.pathname}/`;
  if (!METHODS_BY_PATH.some(({ path }) => path.test(other))) return errorAnswer(404, 'Not Found');
  return { status: 307, headers: { location: `${url.origin}${other}${url.search}` }, body: null };
}

function target(incoming: IncomingMessage): { readonly method: string; readonly path: string } {
  return { method: incoming.method ?? '', path: incoming.url ?? '' };
}

function toResponse({ status, headers, body }: Answer): Response {
  return new Response(body, { status, headers });
}

/** Null when there are more than 10 MiB; these are read to the end, so that the client gets to see the refusal. */
async function readBytes(incoming: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= LARGEST_BODY) chunks.push(chunk);
  }
  return size > LARGEST_BODY ? null : Buffer.concat(chunks);
}

function decode(bytes: Buffer): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}
