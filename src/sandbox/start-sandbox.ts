/**
 * An embedded Databar-compatible API: the connectors resource as the reference describes it, on a real socket, with
 * scripted faults. It judges what it is sent by its own reading of the reference and shares no code with the client.
 */

import type { AddressInfo } from 'node:net';
import { Server } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import type { InitialConnector } from './connector-store.ts';
import { createConnectorStore } from './connector-store.ts';
import type { Fault } from './faults.ts';
import { createFaultQueue } from './faults.ts';
import { checkFault } from './read-fault.ts';
import type { RecordedRequest } from './request-log.ts';
import { createRequestLog } from './request-log.ts';
import { createSandboxApp } from './sandbox-app.ts';
import type { PlanCaps, SandboxConnector, SandboxConnectorInput } from './sandbox-connector.ts';
import { createTimers } from './timers.ts';

export interface SandboxOptions {
  /** Address to listen on. Default `127.0.0.1`. */
  readonly host?: string;
  /** Default 0: a free port. */
  readonly port?: number;
  /** The one good key; null (default): any key that is not empty. */
  readonly apiKey?: string | null;
  /** Default: none. */
  readonly caps?: PlanCaps;
  /** Creates beyond so many connectors are answered 406. Default: no limit. */
  readonly maxConnectors?: number;
  /** Milliseconds to wait before each call is carried out. Default 0. */
  readonly latencyMs?: number;
  /** Answers to list and get show header values as `********`. Default false. */
  readonly maskHeaders?: boolean;
  /** Answers to create and update show header values as `********`. Default false. */
  readonly maskEcho?: boolean;
  /** What is there from the start. Default: nothing. */
  readonly connectors?: readonly InitialConnector[];
  /** Milliseconds since the epoch. Default `Date.now`. */
  readonly now?: () => number;
  /** For faults with a probability: from 0 up to, not including, 1. Default `Math.random`. */
  readonly random?: () => number;
}

export interface Sandbox {
  /** Origin without a trailing slash, such as `http://127.0.0.1:49152`. */
  readonly url: string;
  /** What is stored, unmasked, in id order. */
  connectors(): readonly SandboxConnector[];
  /** Create a connector as a person in the web app would; plan caps apply. */
  add(input: SandboxConnectorInput): SandboxConnector;
  /** Change fields as a person in the web app would. @throws RangeError when there is no such connector. */
  edit(id: number, patch: Partial<SandboxConnectorInput>): SandboxConnector;
  /** Delete as a person in the web app would. @throws RangeError when there is no such connector. */
  remove(id: number): void;
  /** A live view, in order of arrival, without those to `/_sandbox/`. */
  readonly requests: readonly RecordedRequest[];
  clearRequests(): void;
  /** Rotate the key: only this one is good from now on; null: any key that is not empty. */
  setApiKey(key: string | null): void;
  /** @throws FaultError when the fault makes no sense. */
  inject(fault: Fault): void;
  clearFaults(): void;
  /** Stop at once: open connections are cut, and what was pending never happens. */
  close(): Promise<void>;
}

/** @throws the error of `listen`, such as EADDRINUSE; RangeError when the ids of `connectors` do not rise. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { host = '127.0.0.1', port = 0, now = Date.now, random = Math.random, caps = {} } = options;
  const store = createConnectorStore(options.connectors ?? [], caps, now);
  const faults = createFaultQueue(random);
  const log = createRequestLog();
  const timers = createTimers();
  const workspace = {
    store,
    apiKey: options.apiKey ?? null,
    maxConnectors: options.maxConnectors ?? Number.POSITIVE_INFINITY,
    maskHeaders: options.maskHeaders ?? false,
    maskEcho: options.maskEcho ?? false,
  };
  const inject = (fault: Fault): void => {
    faults.inject(checkFault(fault), store.list());
  };
  const app = createSandboxApp({ workspace, faults, inject, log, timers, latencyMs: options.latencyMs ?? 0, now });
  const listener = getRequestListener(app.fetch, { overrideGlobalObjects: false });
  const server = new Server((incoming, outgoing) => {
    void listener(incoming, outgoing);
  });
  await listen(server, port, host);

  return {
    url: originOf(server.address() as AddressInfo),
    connectors: () => store.list(),
    add: (input) => store.create(input),
    edit(id, patch) {
      const current = store.get(id);
      const edited = current && store.replace(id, { ...current, ...patch });
      if (edited === undefined) throw new RangeError(`There is no connector ${id}.`);
      return edited;
    },
    remove(id) {
      if (!store.remove(id)) throw new RangeError(`There is no connector ${id}.`);
    },
    requests: log.requests,
    clearRequests: () => {
      log.clear();
    },
    setApiKey(key) {
      workspace.apiKey = key;
    },
    inject,
    clearFaults: () => {
      faults.clear();
    },
    async close() {
      timers.stop();
      await new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      });
    },
  };
}

async function listen(server: Server, port: number, host: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** A server that listens everywhere is reached through loopback. */
function originOf({ address, family, port }: AddressInfo): string {
  if (family === 'IPv6') return `http://[${address === '::' ? '::1' : address}]:${port}`;
  return `http://${address === '0.0.0.0' ? '127.0.0.1' : address}:${port}`;
}
