import { chmodSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readApiKey } from '../../src/config/read-api-key.ts';
import { readLoginKey } from '../../src/config/read-login-key.ts';
import { readSecretFile } from '../../src/config/read-secret.ts';
import { readTriggerToken } from '../../src/config/read-trigger-token.ts';
import type { ConfigDirectory } from '../support/config-directory.ts';
import { makeConfigDirectory } from '../support/config-directory.ts';

let directory: ConfigDirectory;
beforeEach(() => {
  directory = makeConfigDirectory();
});
afterEach(() => {
  directory.remove();
});

describe('the API key', () => {
  test('is the one that was given', () => {
    expect(readApiKey({ api: { key: ' abc ', keyFile: null } })).toEqual({ status: 'ok', key: 'abc' });
  });

  test('is missing when neither key nor file was given', () => {
    expect(readApiKey({ api: { key: null, keyFile: null } })).toEqual({ status: 'missing' });
  });

  test('is read from its file again each time, without the newline at its end', () => {
    const keyFile = directory.write('key', 'first\r\n');
    expect(readApiKey({ api: { key: null, keyFile } })).toEqual({ status: 'ok', key: 'first' });
    directory.write('key', 'second');
    expect(readApiKey({ api: { key: null, keyFile } })).toEqual({ status: 'ok', key: 'second' });
  });

  test('is found behind a link, as Kubernetes mounts it', () => {
    const target = directory.write('target', 'abc');
    symlinkSync(target, join(directory.path, 'key'));
    expect(readApiKey({ api: { key: null, keyFile: join(directory.path, 'key') } })).toMatchObject({ key: 'abc' });
  });

  test('that cannot stand in a header is refused, and no part of it is shown', () => {
    for (const key of ['hunter2\nx', 'hunter2\0', 'hunter2é', 'hunter2\u007f', 'hunter2\tx']) {
      const given = readApiKey({ api: { key, keyFile: null } });
      const fromFile = readApiKey({ api: { key: null, keyFile: directory.write('key', key) } });
      for (const reading of [given, fromFile]) {
        expect(reading.status).toBe('unreadable');
        expect(JSON.stringify(reading)).not.toContain('hunter2');
      }
    }
  });
});

describe('a secret file', () => {
  test.each([
    ['an empty one', '\n', 'is empty'],
    ['one with two lines', 'a\nb', 'has more than one line'],
    ['one that is too large', 'x'.repeat(65_537), 'is larger than 65536 bytes'],
    ['one that is not UTF-8', Uint8Array.of(0xff, 0x41), 'is not UTF-8'],
  ])('cannot be used: %s', (_kind, content, wrong) => {
    const path = directory.write('secret', content);
    expect(readSecretFile(path)).toEqual({ status: 'unreadable', message: `The file "${path}" ${wrong}.` });
  });

  test('that is absent, or a directory, is told', () => {
    const absent = join(directory.path, 'absent');
    expect(readSecretFile(absent)).toEqual({ status: 'unreadable', message: `The file "${absent}" does not exist.` });
    const { path } = directory;
    expect(readSecretFile(path)).toEqual({
      status: 'unreadable',
      message: `The file "${path}" is not a regular file.`,
    });
  });

  test.runIf(process.getuid?.() !== 0)('that may not be read is told', () => {
    const path = directory.write('secret', 'abc');
    chmodSync(path, 0o000);
    expect(readSecretFile(path)).toMatchObject({ message: `The file "${path}" may not be read by this user.` });
  });

  test('whose path is really the secret does not show it', () => {
    expect(readSecretFile('hunter2')).toEqual({ status: 'unreadable', message: 'The file does not exist.' });
  });
});

describe('the trigger token', () => {
  test('is given, read from its file, or missing', () => {
    expect(readTriggerToken({ http: { triggerToken: 'abc', triggerTokenFile: null } })).toEqual({
      status: 'ok',
      secret: 'abc',
    });
    const triggerTokenFile = directory.write('token', 'def\n');
    expect(readTriggerToken({ http: { triggerToken: null, triggerTokenFile } })).toEqual({
      status: 'ok',
      secret: 'def',
    });
    expect(readTriggerToken({ http: { triggerToken: null, triggerTokenFile: null } })).toEqual({ status: 'missing' });
  });
});

describe('the key that the login command left', () => {
  function login(content: string): ReturnType<typeof readLoginKey> {
    mkdirSync(join(directory.path, '.databar'), { recursive: true });
    directory.write(join('.databar', 'config'), content);
    return readLoginKey(directory.path);
  }

  test.each([
    ['alone', 'api_key=abc\n'],
    ['among other lines', '# mine\r\nworkspace=7\r\n api_key = abc \r\nother_api_key=def\r\n'],
    ['without a newline at the end', 'api_key=abc'],
  ])('is found %s', (_where, content) => {
    expect(login(content)).toEqual({ status: 'ok', key: 'abc' });
  });

  test('is missing without the file, and without the line', () => {
    expect(readLoginKey(directory.path)).toEqual({ status: 'missing' });
    expect(login('#api_key=abc\nmy_api_key=def\n')).toEqual({ status: 'missing' });
  });

  test('is refused when it is empty or cannot stand in a header', () => {
    expect(login('api_key=\n')).toMatchObject({ status: 'unreadable' });
    const reading = login('api_key=hunter2é\n');
    expect(reading).toMatchObject({ status: 'unreadable' });
    expect(JSON.stringify(reading)).not.toContain('hunter2');
  });
});
