/** Spans for an OpenTelemetry SDK. This file is loaded only where one is registered. */

import type { Context, Span } from '@opentelemetry/api';
import { context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { PassResult } from '../model/pass.ts';
import type { Tracing } from '../model/tracing.ts';
import { countPass } from './count-pass.ts';
import { judgePass } from './pass-record.ts';

export interface TracingOptions {
  readonly version: string;
  /** Where requests go. */
  readonly baseUrl: string;
}

/** True when what is registered can be used: an SDK may have brought an older API than ours. */
export function isRegistered(provider: unknown): boolean {
  return trace.getTracerProvider() === provider;
}

export function createTracing({ version, baseUrl }: TracingOptions): Tracing {
  const tracer = trace.getTracer('databar-sync', version);
  const { hostname, port, protocol } = new URL(baseUrl);
  const server = {
    'server.address': hostname,
    'server.port': port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port),
  };
  /** The pass under way: requests are made from many places, and an SDK need not know which belongs to which. */
  let parent: Context | null = null;

  return {
    async pass(run) {
      const span = tracer.startSpan('databar_sync.pass', { kind: SpanKind.INTERNAL });
      parent = trace.setSpan(context.active(), span);
      try {
        const result = await context.with(parent, run);
        describePass(span, result);
        return result;
      } catch (error) {
        span.setStatus({ code: SpanStatusCode.ERROR });
        throw error;
      } finally {
        parent = null;
        span.end();
      }
    },

    async request({ operation, method, route, id }, run, faultOf) {
      const within = parent ?? context.active();
      const attributes = {
        'http.request.method': method,
        'url.template': route,
        'databar_sync.operation': operation,
        ...server,
        ...(id === null ? {} : { 'databar_sync.connector.id': id }),
      };
      const span = tracer.startSpan(`${method} ${route}`, { kind: SpanKind.CLIENT, attributes }, within);
      try {
        return await context.with(trace.setSpan(within, span), run);
      } catch (error) {
        const { status, kind } = faultOf(error);
        if (status !== null) span.setAttribute('http.response.status_code', status);
        span.setAttribute('error.type', status === null ? kind : String(status));
        span.setStatus({ code: SpanStatusCode.ERROR });
        throw error;
      } finally {
        span.end();
      }
    },
  };
}

function describePass(span: Span, result: PassResult): void {
  const outcome = result.withdrawn ? 'withdrawn' : judgePass(result);
  span.setAttribute('databar_sync.pass.result', outcome);
  if (result.revision !== null) span.setAttribute('databar_sync.revision', result.revision);
  for (const [name, count] of Object.entries<number>({ ...countPass(result) })) {
    if (count > 0) span.setAttribute(`databar_sync.pass.${name}`, count);
  }
  if (outcome === 'failed') span.setStatus({ code: SpanStatusCode.ERROR });
}
