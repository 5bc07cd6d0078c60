import { describe, expect, test } from 'vitest';
import { checkFault, FaultError, parseFault } from '../../src/sandbox/read-fault.ts';

describe('the short text of a fault', () => {
  test.each<[string, object]>([
    ['update:503', { on: 'update', kind: 'status', status: 503 }],
    ['create:reset-after-commit', { on: 'create', kind: 'reset-after-commit' }],
    ['list:429@30', { on: 'list', kind: 'status', status: 429, retryAfter: '30' }],
    ['any:500x3', { on: 'any', kind: 'status', status: 500, times: 3 }],
    ['list:429@30x2', { on: 'list', kind: 'status', status: 429, retryAfter: '30', times: 2 }],
    ['any:503x*%20', { on: 'any', kind: 'status', status: 503, times: Number.POSITIVE_INFINITY, probability: 0.2 }],
    ['get:hang+2', { on: 'get', kind: 'hang', after: 2 }],
    ['delete:hang-after-commitx2+1', { on: 'delete', kind: 'hang-after-commit', times: 2, after: 1 }],
    ['create:status-after-commit@504', { on: 'create', kind: 'status-after-commit', status: 504 }],
    ['create:late-commit@250', { on: 'create', kind: 'late-commit', delayMs: 250 }],
    ['list:slow-drip@5', { on: 'list', kind: 'slow-drip', intervalMs: 5 }],
    ['list:stale-list', { on: 'list', kind: 'stale-list' }],
    ['list:stale-list@2', { on: 'list', kind: 'stale-list', changesAgo: 2 }],
    ['list:short-list@0', { on: 'list', kind: 'short-list', count: 0 }],
    ['me:huge-answer@1000', { on: 'me', kind: 'huge-answer', bytes: 1000 }],
    ['update:echo-422@text', { on: 'update', kind: 'echo-422', shape: 'text' }],
    [
      'update:redirect-307@http://127.0.0.1:1/a?b=c',
      { on: 'update', kind: 'redirect-307', location: 'http://127.0.0.1:1/a?b=c' },
    ],
    [
      'list:429@Wed, 21 Oct 2026 07:28:00 GMT',
      { on: 'list', kind: 'status', status: 429, retryAfter: 'Wed, 21 Oct 2026 07:28:00 GMT' },
    ],
    ['list:429@', { on: 'list', kind: 'status', status: 429, retryAfter: '' }],
  ])('%s', (text, fault) => {
    expect(parseFault(text)).toEqual(fault);
  });

  test.each<[string, string]>([
    ['nonsense', 'expected <on>:<what>[@<argument>][x<times>][+<after>][%<percent>]'],
    ['updates:503', '"on" must be one of list, create, get, update, delete, me, any; it is "updates"'],
    ['update:boom', '"kind" must be one of status, '],
    ['update:200', '"status" of status must be an HTTP status from 400 to 599; it is 200'],
    ['update:status', 'write the status itself, such as update:503'],
    ['update:503x0', '"times" of status must be a whole number of at least 1, or Infinity; it is 0'],
    ['update:503%101', '"probability" of status must be a number from 0 to 1; it is 1.01'],
    ['update:hang@5', 'hang takes no argument after "@"'],
    ['update:late-commit', '"delayMs" of late-commit must be a whole number of at least 0; it is absent'],
    ['list:slow-drip@soon', '"intervalMs" of slow-drip must be a whole number of at least 0; it is "soon"'],
    ['update:short-list@1', 'short-list befalls only "list"; "on" is "update"'],
  ])('%s is refused', (text, reason) => {
    expect(() => parseFault(text)).toThrow(FaultError);
    expect(() => parseFault(text)).toThrow(`Cannot read the fault ${JSON.stringify(text)}: `);
    expect(() => parseFault(text)).toThrow(reason);
  });
});

describe('a fault as JSON', () => {
  test('may say "Infinity"', () => {
    expect(checkFault({ on: 'any', kind: 'hang', times: 'Infinity' })).toEqual({
      on: 'any',
      kind: 'hang',
      times: Number.POSITIVE_INFINITY,
    });
  });

  test.each<[unknown, string]>([
    [null, 'A fault is an object such as'],
    [[], 'A fault is an object such as'],
    [{ kind: 'hang' }, 'it is absent'],
    [{ on: 'any', kind: 'toString' }, '"kind" must be one of'],
    [{ on: 'any', kind: 'hang', time: 3 }, 'hang has no field "time"; it knows times, after, probability'],
    [{ on: 'any', kind: 'status', status: 429, retryAfter: 30 }, '"retryAfter" of status must be a text'],
    [{ on: 'any', kind: 'status', status: 429, retryAfter: 'a\nb' }, '"retryAfter" of status must be a text'],
    [{ on: 'any', kind: 'redirect-307' }, '"location" of redirect-307 must be'],
  ])('%j is refused', (value, reason) => {
    expect(() => checkFault(value)).toThrow(reason);
  });
});
