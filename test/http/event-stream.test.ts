import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createEventStream } from '../../src/http/event-stream.ts';
import type { Changes } from '../../src/report/changes.ts';
import { createChanges } from '../../src/report/changes.ts';
import { statusOf } from '../support/pass-builders.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** A response as far as the stream uses it; the sockets are real in the tests of the server. */
class Client extends EventEmitter {
  text = '';
  writableLength = 0;
  ended = false;
  readonly head: unknown[] = [];
  writeHead(...head: readonly unknown[]): void {
    this.head.push(...head);
  }
  write(text: string): void {
    this.text += text;
  }
  end(): void {
    this.ended = true;
    this.emit('close');
  }
  destroy(): void {
    this.emit('close');
  }
  /** The names of the events since the last call. */
  heard(): readonly string[] {
    const names = [...this.text.matchAll(/^(?:event: (\w+)|(: .*))$/gmu)].map(([, name, comment]) => name ?? comment);
    this.text = '';
    return names.map(String);
  }
}

function open() {
  const changes: Changes = createChanges();
  const daemon = { passes: 0, reads: 0 };
  const stream = createEventStream({
    changes,
    status: () => {
      daemon.reads += 1;
      return statusOf({ passes: daemon.passes });
    },
  });
  const connect = (): Client => {
    const client = new Client();
    expect(stream.connect(client as unknown as ServerResponse)).toBe(true);
    return client;
  };
  const tellStatus = (): void => {
    daemon.passes += 1;
    changes.tell('status');
  };
  return { changes, daemon, stream, connect, tellStatus };
}

test('whoever comes is told the status at once', () => {
  const client = open().connect();
  expect(client.head).toEqual([
    200,
    expect.objectContaining({ 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store' }),
  ]);
  expect(client.text).toMatch(/^retry: 2000\n\nevent: status\ndata: \{.*"passes":0.*\}\n\n$/u);
});

describe('a change', () => {
  test('is told to everybody, of each kind by its own event', () => {
    const { changes, connect, tellStatus } = open();
    const clients = [connect(), connect()];
    for (const client of clients) client.heard();
    tellStatus();
    changes.tell('lists');
    vi.advanceTimersByTime(0);
    expect(clients.map((client) => client.heard())).toEqual([
      ['status', 'changed'],
      ['status', 'changed'],
    ]);
  });

  test('is told four times a second at most, and the last one is never lost', () => {
    const { connect, daemon, tellStatus } = open();
    const client = connect();
    client.heard();
    for (let at = 0; at < 1_000; at += 10) {
      tellStatus();
      vi.advanceTimersByTime(10);
    }
    vi.advanceTimersByTime(250);
    expect(client.text).toContain(`"passes":${daemon.passes}`);
    expect(client.heard()).toHaveLength(5);
    vi.advanceTimersByTime(10_000);
    expect(client.heard()).toEqual([]);
  });

  test('that leaves the status as it was is not told', () => {
    const { changes, connect } = open();
    const client = connect();
    changes.tell('status');
    vi.advanceTimersByTime(1_000);
    client.heard();
    changes.tell('status');
    vi.advanceTimersByTime(1_000);
    expect(client.heard()).toEqual([]);
  });
});

test('a comment every fifteen seconds keeps the connection open', () => {
  const client = open().connect();
  client.heard();
  vi.advanceTimersByTime(45_000);
  expect(client.heard()).toEqual([': still here', ': still here', ': still here']);
});

test('without clients nothing is read and no timer runs', () => {
  const { connect, daemon, tellStatus } = open();
  tellStatus();
  expect([daemon.reads, vi.getTimerCount()]).toEqual([0, 0]);
  const client = connect();
  tellStatus();
  client.destroy();
  expect(vi.getTimerCount()).toBe(0);
});

test('there is room for 32 clients, and for another one when one has gone', () => {
  const { connect, stream } = open();
  const clients = Array.from({ length: 32 }, connect);
  expect(stream.connect(new Client() as unknown as ServerResponse)).toBe(false);
  expect(stream.clients).toBe(32);
  clients[5]?.destroy();
  connect();
});

test('a client that does not read is dropped, and the others are not', () => {
  const { changes, connect, stream } = open();
  const [slow, quick] = [connect(), connect()];
  slow.writableLength = 256 * 1024 + 1;
  quick.heard();
  changes.tell('lists');
  vi.advanceTimersByTime(0);
  expect(stream.clients).toBe(1);
  expect(quick.heard()).toEqual(['changed']);
});

test('at the end everybody is sent away, and nothing is told any more', () => {
  const { changes, connect, stream } = open();
  const client = connect();
  stream.close();
  changes.tell('lists');
  expect([client.ended, stream.clients, vi.getTimerCount()]).toEqual([true, 0, 0]);
});
