import { expect, test } from 'vitest';
import { readOnce } from '../../src/api/same-answer.ts';

/** An answer comes in as many pieces as the network likes. */
function pieces(text: string, at = 1): readonly Buffer[] {
  return [text.slice(0, at), text.slice(at)].map((piece) => Buffer.from(piece));
}

test('an answer is read again only when it is another one', () => {
  const texts: string[] = [];
  const read = readOnce((body) => {
    texts.push(Buffer.concat(body).toString());
    return JSON.parse(Buffer.concat(body).toString()) as unknown;
  });
  const first = read(pieces('[1]'));
  expect(read(pieces('[1]'))).toBe(first);
  // Where it is cut does not matter.
  expect(read(pieces('[1]', 2))).toBe(first);
  expect(read(pieces('[2]'))).toEqual([2]);
  expect(read(pieces('[1]'))).toEqual(first);
  expect(texts).toEqual(['[1]', '[2]', '[1]']);
});

test('who reads one is given what the last one said that could be read', () => {
  const told: unknown[] = [];
  const read = readOnce<unknown>((body, before) => {
    told.push(before);
    return JSON.parse(Buffer.concat(body).toString());
  });
  read(pieces('[1]'));
  expect(() => read(pieces('<html>'))).toThrow(SyntaxError);
  read(pieces('[2]'));
  expect(told).toEqual([null, [1], [1]]);
});

test('an answer that cannot be read is never remembered', () => {
  const read = readOnce((body) => JSON.parse(Buffer.concat(body).toString()) as unknown);
  const good = read(pieces('{}'));
  for (let time = 0; time < 2; time += 1) expect(() => read(pieces('<html>'))).toThrow(SyntaxError);
  expect(read(pieces('{}'))).toBe(good);
});
