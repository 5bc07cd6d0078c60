/** What docs/notifications.md says to those who write a receiver. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { OPTIONS } from '../../src/config/options.ts';
import { signatureHeaders } from '../../src/notify/sign.ts';
import { REPOSITORY_ROOT } from '../support/generated-files.ts';
import { codeBlocks } from '../support/read-markdown.ts';

const page = readFileSync(join(REPOSITORY_ROOT, 'docs/notifications.md'), 'utf8');

interface Receiver {
  isGenuine(secret: string, headers: Readonly<Record<string, string>>, body: string, now?: number): boolean;
}

test('its code believes a message of ours, and no forged, changed or old one', async () => {
  const [code = ''] = codeBlocks(page, 'js');
  const receiver = (await import(`data:text/javascript,${encodeURIComponent(code)}`)) as Receiver;
  const now = Date.UTC(2026, 10, 26);
  const [secret, body] = ['whisper', '{"text":"ü"}'];
  const headers = signatureHeaders(secret, body, now);
  expect(receiver.isGenuine(secret, headers, body, now + 60_000)).toBe(true);
  expect(receiver.isGenuine('other', headers, body, now)).toBe(false);
  expect(receiver.isGenuine(secret, headers, `${body} `, now)).toBe(false);
  expect(receiver.isGenuine(secret, headers, body, now + 3_600_000)).toBe(false);
  const moved = { ...headers, 'x-timestamp': String(now / 1_000 + 3_600) };
  expect(receiver.isGenuine(secret, moved, body, now + 3_600_000)).toBe(false);
  expect(receiver.isGenuine(secret, {}, body, now)).toBe(false);
});

test('its table tells of all that can be chosen', () => {
  const tabled = new Set([...page.matchAll(/^\| `([a-z]+)` +\| [^`]/gmu)].map(([, name]) => name));
  const choices = OPTIONS.flatMap((option) => (option.path === 'notify.events' ? option.choices : []));
  expect(choices.filter((choice) => !tabled.has(choice))).toEqual([]);
});

test('its example shows every field that it explains', () => {
  const [example = ''] = codeBlocks(page, 'json');
  const explained = [...page.matchAll(/^\| `([^|]+)\|/gmu)]
    .flatMap(([, cell = '']) => cell.match(/[a-zA-Z_]+(?=`)/gu) ?? [])
    .filter(
      (name) => !OPTIONS.some((option) => option.path === 'notify.events' && option.choices.includes(name as never)),
    )
    .filter((name) => name !== 'events');
  expect(explained.length).toBeGreaterThan(10);
  expect(explained.filter((name) => !example.includes(`"${name}":`))).toEqual([]);
});
