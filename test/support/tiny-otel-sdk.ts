/**
 * The least that an OpenTelemetry SDK is, for `node --import`: it registers a provider through its own copy of the API, and
 * writes each span that ends to the file TINY_OTEL_FILE, one JSON document a line.
 */

import { appendFileSync } from 'node:fs';
import type { Attributes, Span, SpanStatus } from '@opentelemetry/api';
import { trace } from '@opentelemetry/api';

const FILE = process.env['TINY_OTEL_FILE'] ?? '';

export interface SpanData {
  readonly id: string;
  readonly parent: string | null;
  readonly scope: string;
  readonly name: string;
  readonly kind: number | null;
  readonly attributes: Attributes;
  status: SpanStatus | null;
}

function createSpan(data: SpanData): Span {
  const span: Span = {
    spanContext: () => ({ traceId: '1'.repeat(32), spanId: data.id, traceFlags: 1 }),
    setAttribute(name, value) {
      data.attributes[name] = value;
      return span;
    },
    setAttributes(attributes) {
      Object.assign(data.attributes, attributes);
      return span;
    },
    setStatus(status) {
      data.status = status;
      return span;
    },
    addEvent: () => span,
    addLink: () => span,
    addLinks: () => span,
    updateName: () => span,
    isRecording: () => true,
    recordException: () => undefined,
    end: () => appendFileSync(FILE, `${JSON.stringify(data)}\n`),
  };
  return span;
}

let spans = 0;

trace.setGlobalTracerProvider({
  getTracer: (scope, version) => ({
    startSpan(name, options, context) {
      spans += 1;
      return createSpan({
        id: String(spans),
        parent: (context && trace.getSpan(context)?.spanContext().spanId) ?? null,
        scope: `${scope}@${version ?? ''}`,
        name,
        kind: options?.kind ?? null,
        attributes: { ...options?.attributes },
        status: null,
      });
    },
    startActiveSpan: () => {
      throw new Error('not needed here');
    },
  }),
});
