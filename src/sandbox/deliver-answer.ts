/** Puts an answer on the wire, or does to it what a fault says. */

import type { ServerResponse } from 'node:http';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { Answer, Call } from './answer-call.ts';
import { errorAnswer, jsonAnswer } from './answer-call.ts';
import type { StatusEffect, StruckFault } from './faults.ts';
import type { SandboxConnector } from './sandbox-connector.ts';
import type { Timers } from './timers.ts';
import { cut, drip, pour, reset } from './wire-faults.ts';

export interface Delivery {
  readonly call: Call;
  readonly struck: StruckFault | null;
  /** Carry the call out; a list shows `listed` when given. */
  readonly commit: (listed?: readonly SandboxConnector[]) => Answer;
  readonly listBefore: (changes: number) => readonly SandboxConnector[];
  readonly outgoing: ServerResponse;
  readonly timers: Timers;
  /** Called with the status when one is sent. */
  readonly answered: (status: number) => void;
}

export async function deliverAnswer(delivery: Delivery): Promise<Response> {
  const { call, struck, commit, outgoing, timers, answered } = delivery;
  if (struck === null) return respond(commit(), answered);
  const { fault } = struck;
  switch (fault.kind) {
    case 'status':
      return respond(statusAnswer(fault), answered);
    case 'status-after-commit':
      commit();
      return respond(statusAnswer(fault), answered);
    case 'echo-422':
      return respond(echoAnswer(call, fault.shape ?? 'list'), answered);
    case 'html-200':
      return respond({ status: 200, headers: { 'content-type': 'text/html' }, body: PORTAL_PAGE }, answered);
    case 'redirect-307':
      return respond({ status: 307, headers: { location: fault.location }, body: null }, answered);
    case 'reset-before-commit':
      return reset(outgoing);
    case 'reset-after-commit':
      commit();
      return reset(outgoing);
    case 'hang':
      return RESPONSE_ALREADY_SENT;
    case 'hang-after-commit':
      commit();
      return RESPONSE_ALREADY_SENT;
    case 'late-commit':
      timers.after(fault.delayMs, () => {
        commit();
      });
      return fault.close === true ? reset(outgoing) : RESPONSE_ALREADY_SENT;
    case 'slow-drip':
      return drip(commit(), fault.intervalMs, outgoing, timers, answered);
    case 'truncated-json': {
      const answer = commit();
      return respond({ ...answer, body: answer.body === null ? null : firstHalf(answer.body) }, answered);
    }
    case 'cut-body':
      return cut(commit(), outgoing, answered);
    case 'wrong-shape': {
      const { status } = commit();
      return respond(jsonAnswer(status === 204 ? 200 : status, fault.body ?? { ok: true }), answered);
    }
    case 'header-flood': {
      const answer = commit();
      return respond({ ...answer, headers: { ...answer.headers, ...floodOfHeaders() } }, answered);
    }
    case 'huge-answer':
      commit();
      return pour(fault.bytes ?? 100_000_000, outgoing, answered);
    case 'stale-list':
      return respond(
        commit(fault.changesAgo === undefined ? struck.snapshot : delivery.listBefore(fault.changesAgo)),
        answered,
      );
    case 'short-list':
      return respond(commit(delivery.listBefore(0).slice(0, fault.count)), answered);
  }
}

const PORTAL_PAGE = '<!doctype html><html><title>Sign in</title><p>Please sign in to use this network.</p></html>\n';

function respond(answer: Answer, answered: (status: number) => void): Response {
  answered(answer.status);
  return new Response(answer.status === 204 ? null : answer.body, { status: answer.status, headers: answer.headers });
}

function statusAnswer({ status, retryAfter, detail }: StatusEffect): Answer {
  const headers: Record<string, string> = retryAfter === undefined ? {} : { 'retry-after': retryAfter };
  const unsaid = status === 422 ? [{ loc: ['body'], msg: 'Scripted fault', type: 'value_error' }] : 'Scripted fault';
  return errorAnswer(status, detail === undefined ? unsaid : detail, headers);
}

/** Repeats every value that was sent, as careless validators do. */
function echoAnswer({ text, apiKey = '' }: Call, shape: 'list' | 'text'): Answer {
  if (shape === 'text') return errorAnswer(422, `Rejected for key ${apiKey}: ${text ?? ''}`);
  const sent = [...leavesOf(safeParse(text ?? ''), ['body']), { loc: ['header', 'x-apikey'], value: apiKey }];
  const detail = sent.map(({ loc, value }) => ({
    loc,
    msg: `Value error, ${String(value)} is not allowed`,
    type: 'value_error',
    input: value,
  }));
  return errorAnswer(422, detail);
}

interface Leaf {
  readonly loc: readonly (string | number)[];
  readonly value: unknown;
}

function leavesOf(value: unknown, loc: readonly (string | number)[]): Leaf[] {
  if (typeof value !== 'object' || value === null) return [{ loc, value }];
  const entries: readonly [string | number, unknown][] = Array.isArray(value)
    ? [...(value as unknown[]).entries()]
    : Object.entries(value);
  return entries.flatMap(([key, inner]) => leavesOf(inner, [...loc, key]));
}

function safeParse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function firstHalf(text: string): string {
  return text.slice(0, Math.floor(text.length / 2));
}

/** 400 headers of 256 bytes; Node's HTTP clients refuse more than 16 kB. */
function floodOfHeaders(): Record<string, string> {
  const headers: Record<string, string> = {};
  for (let index = 0; index < 400; index += 1) headers[`x-flood-${index}`] = 'f'.repeat(244);
  return headers;
}
