import { describe, expect, test } from 'vitest';
import { AnswerShapeError, parseConnector, parseConnectorList } from '../../src/api/parse-connector.ts';

const least = { id: 1, name: 'a', type: 'simple', method: 'get', url: 'https://example.com' };

describe('a connector', () => {
  test('has filled in what the server left out', () => {
    const { type: _left, ...withoutType } = least;
    expect(parseConnector(withoutType)).toEqual({
      id: 1,
      config: {
        name: 'a',
        type: 'enrichment',
        method: 'get',
        url: 'https://example.com',
        headers: [],
        parameters: [],
        body: [],
        body_template: null,
        rate_limit: null,
        max_concurrency: null,
      },
    });
  });

  test('reads the same whether something is null or absent', () => {
    const nothing = { type: null, headers: null, parameters: null, body: null, rate_limit: null, body_template: null };
    expect(parseConnector({ ...least, ...nothing })).toEqual(parseConnector({ ...least, type: 'enrichment' }));
  });

  test('has method and type in lower case, and everything else as it came', () => {
    const { config } = parseConnector({
      ...least,
      name: 'ÄB',
      method: 'PoST',
      type: 'Exporter',
      url: 'https://X.example',
    });
    expect(config).toMatchObject({ name: 'ÄB', method: 'post', type: 'exporter', url: 'https://X.example' });
  });

  test('has the value of a name default to the empty text', () => {
    const headers = [{ name: 'a' }, { name: 'b', value: null }, { name: 'c', value: 'd', description: 'extra' }];
    expect(parseConnector({ ...least, headers }).config.headers).toEqual([
      { name: 'a', value: '' },
      { name: 'b', value: '' },
      { name: 'c', value: 'd' },
    ]);
  });

  test('loses fields that nobody knows', () => {
    expect(parseConnector({ ...least, created_at: 'now', owner: {} })).toEqual(parseConnector(least));
  });

  test.each<[string, unknown]>([
    ['the answer is not an object', null],
    ['the answer is not an object', [least]],
    ['the answer is not an object', 'text'],
    ['id is not an integer', { ...least, id: '1' }],
    ['id is not an integer', { ...least, id: 1.5 }],
    ['id is not an integer', { ...least, id: 2 ** 53 }],
    ['id is not an integer', { ...least, id: undefined }],
    ['name is not a string', { ...least, name: 5 }],
    ['method is not a string', { ...least, method: null }],
    ['url is not a string', { ...least, url: {} }],
    ['type is not a string', { ...least, type: 1 }],
    ['headers is not a list', { ...least, headers: { a: 'b' } }],
    ['parameters[1] is not an object', { ...least, parameters: [{ name: 'a' }, 'b'] }],
    ['body[0].name is not a string', { ...least, body: [{ value: 'secret' }] }],
    ['headers[0].value is not a string', { ...least, headers: [{ name: 'a', value: 5 }] }],
    ['body_template is not a string', { ...least, body_template: 5 }],
    ['rate_limit is not an integer', { ...least, rate_limit: '10' }],
    ['max_concurrency is not an integer', { ...least, max_concurrency: 0.5 }],
  ])('is refused when %s', (message, answer) => {
    expect(() => parseConnector(answer)).toThrow(AnswerShapeError);
    expect(() => parseConnector(answer)).toThrow(message);
  });
});

describe('a list', () => {
  test('keeps the order of the server', () => {
    const ids = [3, 1, 2];
    expect(parseConnectorList(ids.map((id) => ({ ...least, id }))).map(({ id }) => id)).toEqual(ids);
  });

  test('names the place of what is wrong', () => {
    expect(() => parseConnectorList([least, { ...least, id: 2, headers: [null] }])).toThrow(
      '[1].headers[0] is not an object',
    );
  });

  test('gives a connector that is as it was before as the same object, wherever it stands, and any other anew', () => {
    const whole = { ...least, id: 2, headers: [{ name: 'a', value: 'b' }] };
    const before = parseConnectorList([{ ...least, id: 1 }, whole, { ...least, id: 3 }]);
    const after = parseConnectorList(
      [
        { ...least, id: 3, unknown: 'field' },
        { ...whole, headers: [{ name: 'a', value: 'c' }] },
        { ...least, id: 4 },
        { ...least, id: 1 },
      ],
      before,
    );
    expect(after).toEqual(
      parseConnectorList([
        { ...least, id: 3 },
        { ...whole, headers: [{ name: 'a', value: 'c' }] },
        { ...least, id: 4 },
        { ...least, id: 1 },
      ]),
    );
    expect(after.map((connector) => before.indexOf(connector))).toEqual([2, -1, -1, 0]);
  });

  test('with one id twice is refused', () => {
    expect(() => parseConnectorList([least, least])).toThrow('the id 1 is listed twice');
  });

  test.each([[{}], [null], ['[]'], [{ length: 0 }]])('is not %j', (answer) => {
    expect(() => parseConnectorList(answer)).toThrow('the answer is not a list');
  });
});
