/** Bindings and stores for tests of the state. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Binding, Failure, PassRecord } from '../../src/model/baseline.ts';
import type { ConnectorConfig } from '../../src/model/connector.ts';
import { hashFields } from '../../src/model/digest.ts';
import type { Fingerprint } from '../../src/model/digest.ts';
import { openStateStore } from '../../src/state/state-store.ts';
import type { OpenedState, StateStoreOptions } from '../../src/state/state-store.ts';

/** 2026-01-02T03:04:05Z. */
export const NOW = Date.UTC(2026, 0, 2, 3, 4, 5);

/** A directory that is gone after the test. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'databar-sync-state-'));
  onTestFinished(() => {
    rmSync(directory, { recursive: true, force: true });
  });
  return directory;
}

/** What a store told its owner, in order. */
export interface Told {
  readonly rebuilt: string[];
  readonly degraded: string[];
  restored: number;
}

/** Open a store that is closed after the test, and gather what it tells. */
export function openStore(
  directory: string,
  options: Partial<StateStoreOptions> = {},
): { readonly store: OpenedState; readonly told: Told } {
  const told: Told = { rebuilt: [], degraded: [], restored: 0 };
  const store = openStateStore({
    directory,
    mode: 'write',
    now: () => NOW,
    onRebuilt: (reason) => told.rebuilt.push(reason),
    onDegraded: (reason) => told.degraded.push(reason),
    onRestored: () => {
      told.restored += 1;
    },
    ...options,
  });
  onTestFinished(() => {
    store.close();
  });
  return { store, told };
}

export function configOf(name: string, overrides: Partial<ConnectorConfig> = {}): ConnectorConfig {
  return {
    name,
    type: 'enrichment',
    method: 'get',
    url: 'https://api.example.com/v1/score',
    headers: [],
    parameters: [],
    body: [],
    body_template: null,
    rate_limit: 60,
    max_concurrency: null,
    ...overrides,
  };
}

/** A binding whose echo differs from what was sent in `rate_limit`, as when the server caps it. */
export function bindingOf(key: string, id: number, hash: Fingerprint = (text) => `hash of ${text}`): Binding {
  return {
    key,
    id,
    name: `Connector ${key}`,
    file: `${key}.yaml`,
    protect: false,
    sent: hashFields(configOf(key), [], hash),
    echo: hashFields(configOf(key, { rate_limit: 10 }), [], hash),
    secretPlaces: ['headers/Authorization'],
  };
}

export function failureOf(key: string): Failure {
  return {
    key,
    digest: 'digest',
    kind: 'transient',
    status: 503,
    message: 'The server is busy.',
    attempts: 3,
    retryAt: NOW + 0.5,
  };
}

export function passOf(pass: number): PassRecord {
  return { pass, revision: null, startedAt: NOW + pass, durationMs: 12.5, result: 'ok', counts: { created: pass } };
}
