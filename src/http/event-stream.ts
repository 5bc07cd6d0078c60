/**
 * `GET /api/stream`: what changes, told as it changes (server-sent events). Several changes within a quarter of a second
 * are one. Nothing is done for nobody: without clients no status is read and no timer runs.
 */

import type { ServerResponse } from 'node:http';
import type { ChangeKind, Changes } from '../report/changes.ts';
import type { Status } from '../model/status-api.ts';
import { SAFE } from './answers.ts';

export interface StreamOptions {
  readonly status: () => Status;
  readonly changes: Pick<Changes, 'subscribe'>;
}

export interface EventStream {
  /** Take a client in, who is answered from now on. False, and nothing done, when there are too many. */
  connect(client: ServerResponse): boolean;
  readonly clients: number;
  /** Send everybody away. */
  close(): void;
}

const MAX_CLIENTS = 32;
/** Milliseconds. */
const QUIET_MS = 250;
/** Proxies cut connections on which nothing is said for a minute, or for 30 seconds. */
const HEARTBEAT_MS = 15_000;
/** A client that lets so much wait does not read; it may come again. */
const MAX_BACKLOG_BYTES = 256 * 1024;

export function createEventStream({ status, changes }: StreamOptions): EventStream {
  const clients = new Set<ServerResponse>();
  const changed = new Set<ChangeKind>();
  let lastStatus = '';
  let timer: NodeJS.Timeout | undefined;
  let heartbeat: NodeJS.Timeout | undefined;

  const send = (client: ServerResponse, text: string): void => {
    client.write(text);
    if (client.writableLength > MAX_BACKLOG_BYTES) client.destroy();
  };
  const sendAll = (text: string): void => {
    for (const client of clients) send(client, text);
  };

  const flush = (): void => {
    if (changed.has('status')) {
      const text = statusEvent(status());
      if (text !== lastStatus) sendAll(text);
      lastStatus = text;
    }
    if (changed.has('lists')) sendAll('event: changed\ndata: {}\n\n');
    changed.clear();
    timer = setTimeout(endQuiet, QUIET_MS);
  };
  const endQuiet = (): void => {
    timer = undefined;
    if (changed.size > 0) flush();
  };

  const unsubscribe = changes.subscribe((kind) => {
    if (clients.size === 0) return;
    changed.add(kind);
    // Not now: whoever tells of a change is in the midst of it.
    timer ??= setTimeout(flush, 0);
  });

  const rest = (): void => {
    clearTimeout(timer);
    clearInterval(heartbeat);
    [timer, heartbeat] = [undefined, undefined];
    changed.clear();
  };

  return {
    connect(client) {
      if (clients.size >= MAX_CLIENTS) return false;
      client.on('error', () => undefined);
      client.once('close', () => {
        clients.delete(client);
        if (clients.size === 0) rest();
      });
      client.writeHead(200, { ...SAFE, 'content-type': 'text/event-stream; charset=utf-8', 'x-accel-buffering': 'no' });
      clients.add(client);
      heartbeat ??= setInterval(() => sendAll(': still here\n\n'), HEARTBEAT_MS);
      send(client, `retry: 2000\n\n${statusEvent(status())}`);
      return true;
    },
    get clients() {
      return clients.size;
    },
    close() {
      unsubscribe();
      rest();
      for (const client of clients) client.end();
    },
  };
}

function statusEvent(status: Status): string {
  return `event: status\ndata: ${JSON.stringify(status)}\n\n`;
}
