/** The daemon as people run it: the bundle, real files, a real server on loopback. */

import { describe, expect, test } from 'vitest';
import { openSite, yaml } from '../support/site.ts';

const writes = (requests: readonly { readonly method: string }[]): number =>
  requests.filter(({ method }) => method !== 'GET').length;

describe('commit YAML, the workspace follows', () => {
  test('definitions are created, edits are pushed, and a second look writes nothing', async () => {
    const site = await openSite({ files: { 'a.yaml': yaml('A'), 'team/b.yml': yaml('B') } });
    const daemon = site.start();
    await daemon.until('pass.completed', ({ created }) => created === 2);
    expect(site.sandbox.connectors().map(({ name }) => name)).toEqual(['A', 'B']);

    site.replace('a.yaml', yaml('A', 'rate_limit: 5\n'));
    const updated = await daemon.until('connector.updated');
    expect(updated).toMatchObject({
      cause: 'file_changed',
      connector: { key: 'a', id: 1 },
      fields: [{ path: '/rate_limit', live: null, desired: 5 }],
    });
    await daemon.until('pass.completed');

    const before = writes(site.sandbox.requests);
    daemon.signal('SIGHUP');
    await daemon.until('pass.completed', ({ unchanged }) => unchanged === 2);
    expect(writes(site.sandbox.requests)).toBe(before);
    expect(await daemon.stop()).toBe(0);
    expect(daemon.stderr()).toBe('');
  });

  test('comments, key order and file names write nothing', async () => {
    const site = await openSite({ files: { 'a.yaml': yaml('A', 'rate_limit: 5\n') } });
    const daemon = site.start();
    await daemon.until('pass.completed', ({ created }) => created === 1);
    const before = writes(site.sandbox.requests);

    site.replace('a.yaml', '# why\nrate_limit: 5\nmethod: GET\nurl: "https://api.example.com/A"\nname: A\n');
    await daemon.until('pass.completed');
    site.rename('a.yaml', 'deeper/renamed.yaml');
    await daemon.until('pass.completed');
    expect(writes(site.sandbox.requests)).toBe(before);
    expect(daemon.said('connector.orphaned')).toEqual([]);
  });

  test('what somebody changes in the web app is told with cause and fields, and put right', async () => {
    const site = await openSite({ files: { 'a.yaml': yaml('A'), 'b.yaml': yaml('B') } });
    const daemon = site.start('--interval', '100ms');
    await daemon.until('pass.completed', ({ created }) => created === 2);

    site.sandbox.edit(1, { method: 'post' });
    expect(await daemon.until('drift.detected')).toMatchObject({
      level: 'warn',
      cause: 'remote_changed',
      connector: { key: 'a', id: 1, name: 'A' },
      fields: [{ path: '/method', live: 'post', desired: 'get' }],
    });
    await daemon.until('drift.healed');
    expect(site.sandbox.connectors()[0]).toMatchObject({ method: 'get' });

    site.sandbox.remove(2);
    expect(await daemon.until('drift.detected')).toMatchObject({ cause: 'remote_deleted', connector: { key: 'b' } });
    await daemon.until('drift.healed');
    expect(site.sandbox.connectors().map(({ id, name }) => [id, name])).toEqual([
      [1, 'A'],
      [3, 'B'],
    ]);
  });

  test('with `--drift report` nothing is put right, and the end of the drift is told', async () => {
    const site = await openSite({ files: { 'a.yaml': yaml('A') } });
    const daemon = site.start('--interval', '100ms', '--drift', 'report');
    await daemon.until('pass.completed', ({ created }) => created === 1);

    site.sandbox.edit(1, { method: 'post' });
    await daemon.until('drift.detected');
    await daemon.until('pass.completed', ({ drifted }) => drifted === 1);
    await daemon.until('pass.completed', ({ drifted }) => drifted === 1);
    expect(site.sandbox.connectors()[0]).toMatchObject({ method: 'post' });
    expect(daemon.said('drift.detected')).toHaveLength(1);

    site.sandbox.edit(1, { method: 'get' });
    await daemon.until('drift.cleared');
  });

  test('a value that the server clamps is told once and never flaps', async () => {
    const site = await openSite({ files: { 'a.yaml': yaml('A', 'rate_limit: 60\n') }, caps: { rate_limit: 10 } });
    const daemon = site.start('--interval', '100ms');
    expect(await daemon.until('connector.adjusted')).toMatchObject({ fields: ['rate_limit'] });
    for (let pass = 0; pass < 4; pass += 1) await daemon.until('pass.completed');
    expect(writes(site.sandbox.requests)).toBe(1);
    expect(daemon.said('connector.adjusted')).toHaveLength(1);
    expect(daemon.said('drift.detected')).toEqual([]);

    site.sandbox.edit(1, { rate_limit: 3 });
    await daemon.until('drift.detected');
    await daemon.until('drift.healed');
    expect(site.sandbox.connectors()[0]).toMatchObject({ rate_limit: 10 });
  });

  test('servers that mask header values, in answers to a write or only in the list, never make us flap', async () => {
    for (const masks of [{ maskHeaders: true }, { maskHeaders: true, maskEcho: true }]) {
      const header = 'headers:\n  - name: Authorization\n    value: Bearer abcdef\n';
      const site = await openSite({ files: { 'a.yaml': yaml('A', header) }, ...masks });
      const daemon = site.start('--interval', '100ms');
      for (let pass = 0; pass < 4; pass += 1) await daemon.until('pass.completed');
      expect(writes(site.sandbox.requests)).toBe(1);
      expect(daemon.said('drift.detected')).toEqual([]);
      await daemon.stop();
    }
  });

  test('a token that was rotated in the web app, is ignored and masked outlives an edit of the file', async () => {
    const rest = (token: string): string =>
      `headers:\n  - name: Authorization\n    value: ${token}\nsync:\n  ignore: [/headers/0/value]\n`;
    const site = await openSite({ files: { 'a.yaml': yaml('A', rest('Bearer old')) }, maskHeaders: true });
    const daemon = site.start();
    await daemon.until('connector.created');
    const headers = [{ name: 'Authorization', value: 'Bearer new' }];
    site.sandbox.edit(1, { headers });
    site.replace('a.yaml', yaml('A', `rate_limit: 7\n${rest('Bearer old')}`));
    expect(await daemon.until('connector.blocked')).toMatchObject({ code: 'masked_value' });
    expect(site.sandbox.connectors()[0]).toMatchObject({ headers, rate_limit: null });

    site.replace('a.yaml', yaml('A', 'rate_limit: 7\nheaders:\n  - name: Authorization\n    value: Bearer new\n'));
    await daemon.until('connector.recovered');
    expect(site.sandbox.connectors()[0]).toMatchObject({ headers, rate_limit: 7 });
  });
});

describe('one bad file', () => {
  test('is told with its place, held as it is, and stops nobody else', async () => {
    const site = await openSite({ files: { 'bad.yaml': yaml('Bad'), 'good.yaml': yaml('Good') } });
    const daemon = site.start('--policy', 'sync');
    await daemon.until('pass.completed', ({ created }) => created === 2);

    site.replace('bad.yaml', 'name: Bad\nmethod: fetch\nurl: https://api.example.com/Bad\n');
    expect(await daemon.until('connector.invalid')).toMatchObject({
      file: 'bad.yaml',
      connector: { key: 'bad' },
      problems: [{ code: 'not_allowed', file: 'bad.yaml', line: 2, column: 9, path: '/method' }],
    });
    site.replace('good.yaml', yaml('Good', 'rate_limit: 7\n'));
    await daemon.until('connector.updated', ({ connector }) => connector?.key === 'good');
    expect(site.sandbox.connectors().map(({ name }) => name)).toEqual(['Bad', 'Good']);
    expect(daemon.said('connector.invalid')).toHaveLength(1);

    site.replace('bad.yaml', yaml('Bad', 'rate_limit: 8\n'));
    await daemon.until('connector.recovered', ({ connector }) => connector?.key === 'bad');
    expect(site.sandbox.connectors()[0]).toMatchObject({ name: 'Bad', rate_limit: 8 });
  });

  test('that only the server finds bad is told at its line too', async () => {
    const site = await openSite({ files: { 'a.yaml': yaml('A', 'headers:\n  - name: X\n    value: y\n') } });
    const detail = [{ loc: ['body', 'headers', 0, 'name'], msg: 'Header not allowed', type: 'value_error' }];
    site.sandbox.inject({ on: 'create', kind: 'status', status: 422, detail });
    const daemon = site.start('--interval', '100ms');
    expect(await daemon.until('connector.failed')).toMatchObject({
      status: 422,
      retryInMs: null,
      problems: [{ code: 'rejected_by_server', file: 'a.yaml', line: 5, column: 11 }],
    });
    for (let pass = 0; pass < 3; pass += 1) await daemon.until('pass.completed');
    expect(writes(site.sandbox.requests)).toBe(1);

    site.replace('a.yaml', yaml('A', 'headers:\n  - name: Y\n    value: y\n'));
    await daemon.until('connector.recovered');
    expect(site.sandbox.connectors()).toHaveLength(1);
  });
});

describe('deletes', () => {
  test('happen under policy `sync`, after a second pass has planned them again', async () => {
    const files = Object.fromEntries(['A', 'B', 'C', 'D', 'E', 'F'].map((name) => [`${name}.yaml`, yaml(name)]));
    const site = await openSite({ files });
    const daemon = site.start('--policy', 'sync', '--interval', '1s');
    await daemon.until('pass.completed', ({ created }) => created === 6);

    site.remove('F.yaml');
    expect(await daemon.until('brake.engaged')).toMatchObject({ code: 'unconfirmed_delete', keys: ['F'] });
    await daemon.until('brake.released');
    expect(await daemon.until('connector.deleted')).toMatchObject({ connector: { key: 'F' } });
    expect(
      site.sandbox
        .connectors()
        .map(({ name }) => name)
        .toSorted(),
    ).toEqual(['A', 'B', 'C', 'D', 'E']);

    for (const name of ['A', 'B', 'C']) site.remove(`${name}.yaml`);
    expect(await daemon.until('brake.engaged', ({ code }) => code === 'mass_delete')).toMatchObject({ blocked: 3 });
    await daemon.until('pass.completed', ({ blocked }) => blocked === 3);
    await daemon.until('pass.completed', ({ blocked }) => blocked === 3);
    expect(site.sandbox.connectors()).toHaveLength(5);
  });

  test('never happen under the default policy: the orphan is told once', async () => {
    const site = await openSite({ files: { 'a.yaml': yaml('A'), 'b.yaml': yaml('B') } });
    const daemon = site.start('--interval', '100ms');
    await daemon.until('pass.completed', ({ created }) => created === 2);
    site.remove('b.yaml');
    await daemon.until('connector.orphaned', ({ connector }) => connector?.key === 'b');
    for (let pass = 0; pass < 3; pass += 1) await daemon.until('pass.completed', ({ orphaned }) => orphaned === 1);
    expect(daemon.said('connector.orphaned')).toHaveLength(1);
    expect(site.sandbox.connectors()).toHaveLength(2);
  });
});
