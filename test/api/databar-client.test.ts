import { describe, expect, test } from 'vitest';
import { DryRunError } from '../../src/api/dry-run-error.ts';
import type { ConnectorConfig } from '../../src/model/connector.ts';
import { CONNECTOR_FIELDS } from '../../src/model/connector.ts';
import { config, connector, errorOf, KEY, SECRET, useApi } from '../support/api-fixture.ts';
import { rawAnswer } from '../support/raw-server.ts';

const { serve, connect, answering } = useApi();

describe('what is sent', () => {
  test('every call uses the documented method and path, and carries the key and the user agent', async () => {
    const answers = [
      rawAnswer(200, [connector]),
      rawAnswer(201, connector),
      rawAnswer(200, connector),
      rawAnswer(200, connector),
      'HTTP/1.1 204 No Content\r\n\r\n',
      rawAnswer(200, { email: 'me@example.com', plan: 'pro', id: 1 }),
    ];
    const server = await serve((socket, _request, index) => socket.write(answers[index] ?? ''));
    const client = connect(server.url, { maxConnections: 1 });

    expect(await client.list()).toEqual([{ id: 7, config }]);
    expect(await client.create(config)).toEqual({ id: 7, config });
    expect(await client.get(7)).toEqual({ id: 7, config });
    expect(await client.update(7, config)).toEqual({ id: 7, config });
    expect(await client.delete(7)).toBeUndefined();
    expect(await client.whoAmI()).toEqual({ email: 'me@example.com', plan: 'pro' });

    expect(server.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'GET /v1/connectors/',
      'POST /v1/connectors/',
      'GET /v1/connectors/7',
      'PUT /v1/connectors/7',
      'DELETE /v1/connectors/7',
      'GET /v1/user/me',
    ]);
    for (const { headers } of server.requests) {
      expect(headers).toMatchObject({ 'x-apikey': KEY, 'user-agent': 'databar-sync/test', accept: 'application/json' });
    }
    expect(server.connections()).toBe(1);
  });

  test('a write sends exactly the ten documented fields as JSON in UTF-8', async () => {
    const server = await serve((socket) => socket.write(rawAnswer(200, connector)));
    const stray = { ...config, id: 3, sync: { ref: 'x' }, created_at: 'now' } as ConnectorConfig;
    await connect(server.url).update(7, stray);
    const [request] = server.requests;
    expect(request?.headers['content-type']).toBe('application/json');
    expect(Object.keys(JSON.parse(request?.body ?? '') as object)).toEqual([...CONNECTOR_FIELDS]);
    expect(JSON.parse(request?.body ?? '')).toEqual(config);
  });

  test.each(['', '/', '/v1', '/v1/'])('the base URL may end in "%s"', async (end) => {
    const server = await serve((socket) => socket.write(rawAnswer(200, [])));
    await connect(`${server.url}${end}`).list();
    expect(server.requests[0]?.path).toBe('/v1/connectors/');
  });

  test('a base URL with a path keeps it', async () => {
    const server = await serve((socket) => socket.write(rawAnswer(200, [])));
    await connect(`${server.url}/databar/v1`).list();
    expect(server.requests[0]?.path).toBe('/databar/v1/connectors/');
  });

  test('the key is asked for again before each request', async () => {
    const server = await serve((socket) => socket.write(rawAnswer(200, [])));
    const keys = ['first', 'second'];
    const client = connect(server.url, { apiKey: () => keys.shift() ?? '' });
    await client.list();
    await client.list();
    expect(server.requests.map(({ headers }) => headers['x-apikey'])).toEqual(['first', 'second']);
  });

  test.each(['', 'line\nbreak', 'spa ce', 'schlüssel'])(
    'the key %j is refused before anything is sent',
    async (key) => {
      const server = await serve((socket) => socket.write(rawAnswer(200, [])));
      const error = await errorOf(connect(server.url, { apiKey: () => key }).list());
      expect(error).toMatchObject({ kind: 'unusable_key', sent: false, status: null });
      expect(error.message).toBe(
        'GET /v1/connectors/ was not sent: the API key is empty or holds characters that no key has',
      );
      expect(server.connections()).toBe(0);
    },
  );

  test('a key that cannot be read is an error of ours, with its cause', async () => {
    const cause = new Error('EACCES');
    const apiKey = (): string => {
      throw cause;
    };
    const error = await errorOf(connect('http://127.0.0.1:9', { apiKey }).list());
    expect(error).toMatchObject({ kind: 'unusable_key', sent: false, cause });
  });

  test('a read-only client lets nothing but GET leave the process', async () => {
    const server = await serve((socket, { method }) => socket.write(rawAnswer(200, method === 'GET' ? [] : connector)));
    const client = connect(server.url, { readOnly: true });
    await expect(client.create(config)).rejects.toBeInstanceOf(DryRunError);
    await expect(client.update(7, config)).rejects.toBeInstanceOf(DryRunError);
    await expect(client.delete(7)).rejects.toThrow('DELETE /v1/connectors/7 was not sent: this is a dry run');
    expect(server.connections()).toBe(0);
    expect(await client.list()).toEqual([]);
  });
});

describe('answers that are success', () => {
  test('a create may be answered 200 as well as 201', async () => {
    const client = await answering(rawAnswer(200, connector));
    expect(await client.create(config)).toEqual({ id: 7, config });
  });

  test.each(['', '{"ok": true}', 'null'])('a delete may be answered 200 with %j', async (body) => {
    const client = await answering(rawAnswer(200, body));
    expect(await client.delete(7)).toBeUndefined();
  });

  test('the content type is not asked, and a byte order mark is no harm', async () => {
    const client = await answering(rawAnswer(200, '\uFEFF[]', { 'content-type': 'text/html' }));
    expect(await client.list()).toEqual([]);
  });

  test('an announcement (103) before the answer is passed over', async () => {
    const client = await answering(`HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n${rawAnswer(200, [])}`);
    expect(await client.list()).toEqual([]);
  });

  test('an answer in many small pieces, cut inside a character, is put together', async () => {
    const server = await serve((socket) => {
      const bytes = Buffer.from(rawAnswer(200, [connector]));
      const writeFrom = (at: number): void => {
        if (at >= bytes.length) return;
        socket.write(bytes.subarray(at, at + 7));
        setImmediate(writeFrom, at + 7);
      };
      writeFrom(0);
    });
    expect(await connect(server.url).list()).toEqual([{ id: 7, config }]);
  });

  test('a delete answered 200 with a page of HTML is an invalid answer: nothing says that it happened', async () => {
    const client = await answering(rawAnswer(200, '<html>Please sign in</html>'));
    expect(await errorOf(client.delete(7))).toMatchObject({ kind: 'invalid_answer', status: 200, sent: true });
  });

  test.each([
    ['HTML', '<html>maintenance</html>'],
    ['truncated JSON', '[{"id": 1, "name": "sec'],
    ['an empty body', ''],
    ['an object instead of a list', '{"items": []}'],
    ['a list with a malformed member', JSON.stringify([connector, { id: 8 }])],
    ['an id listed twice', JSON.stringify([connector, connector])],
    ['an id beyond exact integers', JSON.stringify([connector]).replace('"id":7', '"id":9007199254740993')],
  ])('a list answered 200 with %s is an invalid answer', async (_what, body) => {
    const error = await errorOf((await answering(rawAnswer(200, body))).list());
    expect(error).toMatchObject({ kind: 'invalid_answer', status: 200, sent: true });
  });

  test('text that is not UTF-8 is an invalid answer, not a text with holes', async () => {
    const server = await serve((socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\n');
      socket.write(Buffer.from([0x5b, 0x22, 0xff, 0xfe, 0x22, 0x5d]));
    });
    expect(await errorOf(connect(server.url).list())).toMatchObject({ kind: 'invalid_answer' });
  });

  test('an update answered with another connector is an invalid answer', async () => {
    const client = await answering(rawAnswer(200, { ...connector, id: 8 }));
    expect(await errorOf(client.update(7, config))).toMatchObject({ kind: 'invalid_answer', sent: true });
  });

  test('a success that is not documented is an invalid answer', async () => {
    const client = await answering(rawAnswer(202, connector));
    expect(await errorOf(client.create(config))).toMatchObject({ kind: 'invalid_answer', status: 202 });
  });

  test('an account without the usual fields is an account', async () => {
    const client = await answering(rawAnswer(200, {}));
    expect(await client.whoAmI()).toEqual({ email: null, plan: null });
  });
});

describe('answers that are errors', () => {
  test.each([301, 307, 400, 401, 403, 404, 406, 409, 418, 422, 429, 500, 503])(
    '%i is an error of kind http',
    async (status) => {
      const error = await errorOf((await answering(rawAnswer(status, { detail: 'no' }))).list());
      expect(error).toMatchObject({ kind: 'http', status, sent: true, serverMessage: 'no', details: [] });
      expect(error.message).toBe(`GET /v1/connectors/ answered ${status}`);
    },
  );

  test('a redirect is never followed: it would carry the key elsewhere', async () => {
    const elsewhere = await serve((socket) => socket.write(rawAnswer(200, [])));
    const client = await answering(rawAnswer(307, '', { location: `${elsewhere.url}/v1/connectors/` }));
    expect(await errorOf(client.list())).toMatchObject({ kind: 'http', status: 307 });
    expect(elsewhere.connections()).toBe(0);
  });

  test('Retry-After is kept verbatim', async () => {
    const client = await answering(rawAnswer(429, {}, { 'retry-after': 'Sun, 06 Nov 1994 08:49:37 GMT' }));
    expect((await errorOf(client.list())).retryAfter).toBe('Sun, 06 Nov 1994 08:49:37 GMT');
  });

  test('the details of a 422 are kept, without the input that the server repeats', async () => {
    const loc = ['body', 'headers', 0, 'name'];
    const detail = [{ loc, msg: 'field required', type: 'missing', input: SECRET }];
    const error = await errorOf((await answering(rawAnswer(422, { detail }))).update(7, config));
    expect(error.details).toEqual([{ loc, msg: 'field required', type: 'missing' }]);
  });

  test('no message holds the key, what was sent, or what was answered', async () => {
    const echo = { detail: `you sent ${SECRET} with ${KEY}` };
    const answers = [
      rawAnswer(400, echo),
      rawAnswer(200, `${SECRET} ${KEY}`),
      rawAnswer(200, { ...connector, name: 1 }),
    ];
    for (const answer of answers) {
      const error = await errorOf((await answering(answer)).create(config));
      const seen = `${error.message} ${String(error.stack)} ${String(error.cause)}`;
      expect(seen).not.toContain(SECRET);
      expect(seen + String(error.serverMessage)).not.toContain(KEY);
    }
  });

  test('an error whose body breaks off, is late or too large still tells its status', async () => {
    const start = 'HTTP/1.1 503 Busy\r\nretry-after: 3\r\ncontent-length: 1000\r\n\r\n{"det';
    const broken = await serve((socket) => socket.end(start));
    const late = await serve((socket) => socket.write(start));
    const large = await serve((socket) => socket.write(rawAnswer(503, 'x'.repeat(5000), { 'retry-after': '3' })));
    for (const [server, options] of [
      [broken, {}],
      [late, { timeoutMs: 1_000 }],
      [large, { maxAnswerBytes: 1000 }],
    ] as const) {
      const error = await errorOf(connect(server.url, options).create(config));
      expect(error).toMatchObject({ kind: 'http', status: 503, retryAfter: '3', sent: true });
    }
  });
});
