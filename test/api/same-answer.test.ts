import { expect, test } from 'vitest';
import { readOnce } from '../../src/api/same-answer.ts';

test('an answer is read again only when it is another one', () => {
  const texts: string[] = [];
  const read = readOnce((body) => {
    texts.push(body.toString());
    return JSON.parse(body.toString()) as unknown;
  });
  const first = read(Buffer.from('[1]'));
  expect(read(Buffer.from('[1]'))).toBe(first);
  expect(read(Buffer.from('[2]'))).toEqual([2]);
  expect(read(Buffer.from('[1]'))).toEqual(first);
  expect(texts).toEqual(['[1]', '[2]', '[1]']);
});

test('who reads one is given what the last one said that could be read', () => {
  const told: unknown[] = [];
  const read = readOnce<unknown>((body, before) => {
    told.push(before);
    return JSON.parse(body.toString());
  });
  read(Buffer.from('[1]'));
  expect(() => read(Buffer.from('<html>'))).toThrow(SyntaxError);
  read(Buffer.from('[2]'));
  expect(told).toEqual([null, [1], [1]]);
});

test('an answer that cannot be read is never remembered', () => {
  const read = readOnce((body) => JSON.parse(body.toString()) as unknown);
  const good = read(Buffer.from('{}'));
  for (let time = 0; time < 2; time += 1) expect(() => read(Buffer.from('<html>'))).toThrow(SyntaxError);
  expect(read(Buffer.from('{}'))).toBe(good);
});
