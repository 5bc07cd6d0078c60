import { describe, expect, test } from 'vitest';
import { readErrorAnswer } from '../../src/api/error-answer.ts';

function read(answer: unknown): ReturnType<typeof readErrorAnswer> {
  return readErrorAnswer(Buffer.from(typeof answer === 'string' ? answer : JSON.stringify(answer)), 'key-"quoted"');
}

const NOTHING = { details: [], serverMessage: null };

describe('the detail of an error answer', () => {
  test('may be a text', () => {
    expect(read({ detail: 'Not found' })).toEqual({ details: [], serverMessage: 'Not found' });
  });

  test('may be an object', () => {
    expect(read({ detail: { code: 5, message: 'plan' } }).serverMessage).toBe('{"code":5,"message":"plan"}');
  });

  test('may be the list of a 422', () => {
    const loc = ['body', 'headers', 0, 'name'];
    expect(read({ detail: [{ loc, msg: 'field required', type: 'missing', input: 'secret' }] })).toEqual({
      details: [{ loc, msg: 'field required', type: 'missing' }],
      serverMessage: null,
    });
  });

  test.each<unknown>(['', '<html>', '[]', 'null', '5', {}, { detail: null }, { detail: 5 }, { error: 'x' }])(
    'is nothing in %j',
    (answer) => {
      expect(read(answer)).toEqual(NOTHING);
    },
  );

  test('passes over members that are malformed', () => {
    const good = { loc: ['body'], msg: 'm', type: 't' };
    const detail = [
      null,
      'text',
      {},
      { loc: 'body', msg: 'm' },
      { loc: [], msg: 5 },
      { loc: [{}, true], msg: 'm' },
      good,
    ];
    expect(read({ detail }).details).toEqual([{ loc: ['object', 'boolean'], msg: 'm', type: '' }, good]);
  });

  test('is read also where no text can be made of it', () => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    const loc = `["body", {"toString": 1}, {"toString": null, "valueOf": null}, ${deep}, null, 0]`;
    expect(read(`{"detail": [{"loc": ${loc}, "msg": "m"}]}`).details).toEqual([
      { loc: ['body', 'object', 'object', 'object', 'object', 0], msg: 'm', type: '' },
    ]);
    expect(read(`{"detail": ${'{"1":'.repeat(100_000)}1${'}'.repeat(100_000)}}`)).toEqual(NOTHING);
    expect(read('{"detail": {"toJSON": 1}}').serverMessage).toBe('{"toJSON":1}');
  });

  test('is bounded in number, depth and length', () => {
    const entry = { loc: Array.from({ length: 100 }, () => 'x'.repeat(5_000)), msg: 'y'.repeat(5_000), type: 'z' };
    const { details } = read({ detail: Array.from({ length: 500 }, () => entry) });
    expect(details).toHaveLength(50);
    expect(details[0]?.loc).toHaveLength(16);
    expect(details[0]?.loc[0]).toHaveLength(501);
    expect(details[0]?.msg).toHaveLength(501);
    expect(read({ detail: 'x'.repeat(5_000) }).serverMessage).toHaveLength(501);
  });

  test('cannot write to a terminal, nor break a line of the log', () => {
    expect(read({ detail: 'a\u001b[2J\r\nb\u0000c\u009b' }).serverMessage).toBe('a [2J  b c ');
  });

  test('is never cut in the middle of a character', () => {
    expect(read({ detail: '😀'.repeat(400).slice(1) }).serverMessage?.isWellFormed()).toBe(true);
  });
});

describe('the API key', () => {
  test('is taken out of a text, an object and the entries of a list, however it is spelt there', () => {
    const said = 'key-"quoted" is bad';
    expect(read({ detail: said }).serverMessage).toBe('******** is bad');
    expect(read({ detail: { said } }).serverMessage).toBe('{"said":"******** is bad"}');
    expect(read({ detail: [{ loc: ['header', said], msg: said, type: said }] }).details).toEqual([
      { loc: ['header', '******** is bad'], msg: '******** is bad', type: '******** is bad' },
    ]);
  });

  test('is taken out also where the text is cut', () => {
    const text = read({ detail: `${'x'.repeat(495)}key-"quoted"` }).serverMessage;
    expect(text).toBe(`${'x'.repeat(495)}*****…`);
  });

  test('takes the whole text along where it is encoded', () => {
    for (const encoded of [btoa('x-apikey: key-"quoted"'), encodeURIComponent('key-"quoted"')]) {
      expect(read({ detail: `refused: ${encoded}` }).serverMessage).toBe('********');
      expect(read({ detail: [{ loc: ['header'], msg: encoded, type: '' }] }).details[0]?.msg).toBe('********');
    }
  });

  test('that is too short to be one is left', () => {
    expect(readErrorAnswer(Buffer.from('{"detail": "a banana"}'), 'a').serverMessage).toBe('a banana');
  });
});
