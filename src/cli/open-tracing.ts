/**
 * Tracing, where the user has registered an OpenTelemetry SDK: `node --import ./otel.mjs databar-sync.mjs run`. The SDK
 * brings its own copy of the API, and ours finds what it registered on a global symbol. Without one, the look at that
 * symbol is all it costs.
 */

import type { Tracing } from '../model/tracing.ts';
import { VERSION } from './version.ts';

/** Source: `@opentelemetry/api` 1.9.1, `internal/global-utils`; the number is the major version of the API. */
const REGISTRY = Symbol.for('opentelemetry.js.api.1');

interface Registry {
  readonly version?: string;
  /** The provider of tracers. */
  readonly trace?: unknown;
}

/** @returns null when no SDK is registered, or none that we can use, which is warned of */
export async function openTracing(baseUrl: string, warn: (message: string) => void): Promise<Tracing | null> {
  const registry = (globalThis as Record<symbol, unknown>)[REGISTRY] as Registry | undefined;
  if (registry?.trace === undefined) return null;
  const { createTracing, isRegistered } = await import('../report/tracing.ts');
  if (isRegistered(registry.trace)) return createTracing({ version: VERSION, baseUrl });
  warn(
    `an OpenTelemetry SDK is registered through version ${registry.version ?? '?'} of @opentelemetry/api, ` +
      'which is older than 1.9; nothing is traced',
  );
  return null;
}
