import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openStream } from '../../src/dashboard/stream.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** A stream, the connections that it made, and what it told. */
function open() {
  const connections: Connection[] = [];
  class Connection extends EventTarget {
    isClosed = false;
    constructor() {
      super();
      connections.push(this);
    }
    close(): void {
      this.isClosed = true;
    }
  }
  vi.stubGlobal('EventSource', Connection);
  const told: string[] = [];
  const stream = openStream('api/stream', {
    onOpen: () => told.push('open'),
    onStatus: () => told.push('status'),
    onChanged: () => told.push('changed'),
    onLost: () => told.push('lost'),
  });
  return {
    stream,
    told,
    /** The newest connection has this to say. */
    say: (event: 'open' | 'error') => connections.at(-1)?.dispatchEvent(new Event(event)),
    made: () => connections.length,
    closed: () => connections.filter(({ isClosed }) => isClosed).length,
  };
}

test('a connection that is given up is told as lost, and made again like one that broke', () => {
  const { stream, told, say, made, closed } = open();
  say('open');
  stream.giveUp();
  expect([told, made(), closed()]).toEqual([['open', 'lost'], 1, 1]);
  vi.advanceTimersByTime(1_000);
  expect(made()).toBe(2);
  say('open');
  expect([told, closed()]).toEqual([['open', 'lost', 'open'], 1]);
});

test('a try that leads nowhere can be given up too, and the next one waits longer', () => {
  const { stream, say, made } = open();
  say('error');
  vi.advanceTimersByTime(1_000);
  stream.giveUp();
  vi.advanceTimersByTime(1_999);
  expect(made()).toBe(2);
  vi.advanceTimersByTime(1);
  expect(made()).toBe(3);
});

test('between two tries, and after its end, there is nothing to give up', () => {
  const { stream, told, say, made, closed } = open();
  say('error');
  stream.giveUp();
  expect(told).toEqual(['lost']);
  vi.advanceTimersByTime(1_000);
  expect(made()).toBe(2);
  stream.close();
  stream.giveUp();
  vi.advanceTimersByTime(60_000);
  expect([told, made(), closed()]).toEqual([['lost'], 2, 2]);
});
