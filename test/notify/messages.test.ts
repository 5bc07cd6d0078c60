/** What is sent: its shape, its bounds, and that text from others stays text. */

import { describe, expect, test } from 'vitest';
import { jsonMessage } from '../../src/notify/json-message.ts';
import { slackMessage } from '../../src/notify/slack-message.ts';
import type { AboutKey } from '../support/notices.ts';
import { driftEvent, failedEvent, messageOf, noticeOf, noticesOf, sentencesOf } from '../support/notices.ts';

describe('a digest', () => {
  test('tells of one condition only how it stands last', () => {
    const api = { kind: 'api', subject: 'unreachable', connector: null, file: null } as const;
    expect(
      sentencesOf([
        noticeOf('a', { state: 'healed' }),
        noticeOf('x', api),
        noticeOf('a', { state: 'healed' }),
        noticeOf('x', { ...api, state: 'ended' }),
        noticeOf('b'),
      ]),
    ).toEqual([
      'b "B" (id 7) was changed outside of git: /url',
      'the API answers again',
      'a "A" (id 7) was changed outside of git: /url; healed',
    ]);
  });
});

describe('the JSON message', () => {
  test('counts all and lists some', () => {
    const notices = Array.from({ length: 1_000 }, (_, index) => noticeOf(`c${String(index)}`));
    const [notice] = jsonMessage(messageOf(notices)).notices;
    expect(notice).toMatchObject({ count: 1_000, text: '1000 connectors drifted: c0, c1, c2 and 997 more' });
    expect(notice?.items).toHaveLength(20);
  });

  test('stays small, whatever names, paths and reasons there are', () => {
    const long = '\u{1f4a5}'.repeat(2_000);
    const fields = Array.from({ length: 40 }, () => ({ path: `/${long}`, live: null, desired: null }));
    const about = (index: number): AboutKey => ({
      connector: { key: `${String(index)}${long}`, id: index, name: long },
      file: long,
    });
    const events = Array.from({ length: 60 }, (_, index) => [
      driftEvent('x', { fields, ...about(index) }),
      failedEvent('x', { error: long, ...about(index) }),
    ]).flat();
    const message = messageOf(noticesOf(events));
    expect(Buffer.byteLength(JSON.stringify(jsonMessage(message)))).toBeLessThan(1_000_000);
    expect(slackMessage(message).text.length).toBeLessThan(10_100);
  });

  test('is one line of text for each digest, without control characters from names', () => {
    const name = 'Evil\n\u001b[31m\u202ename\ud800';
    const events = [driftEvent('a', { connector: { key: 'a\u0000b', id: 1, name } }), failedEvent('b')];
    const { text } = jsonMessage(messageOf(noticesOf(events)));
    expect(text.split('\n')).toHaveLength(2);
    expect(text).toContain('a\ufffdb "Evil\ufffd\ufffd[31m\ufffdname\ufffd"');
  });
});

describe('the Slack message', () => {
  const textOf = (name: string, reason: string): string =>
    slackMessage(
      messageOf(noticesOf([failedEvent('key', { error: reason, connector: { key: 'key', id: 1, name } })])),
    ).text.split('\n')[1] ?? '';

  test('names workspace, source and commit, and marks what is bad and what is over', () => {
    const { text, ...rest } = slackMessage(messageOf([noticeOf('a'), noticeOf('b', { state: 'healed' })]));
    expect(text).toBe(
      [
        '*databar-sync* `api.databar.ai` `/git/current/connectors` `8d0f2b6c1e4a`',
        ':warning: `a` `"A"` (id 7) was changed outside of git: `/url`',
        ':white_check_mark: `b` `"B"` (id 7) was changed outside of git: `/url`; healed',
      ].join('\n'),
    );
    expect(rest).toEqual({ unfurl_links: false, unfurl_media: false });
  });

  test.each([
    ['a mention of everybody', '<!channel> @here @channel'],
    ['a mention of a person', '<@U024BE7LH>'],
    ['a link', '<https://evil.example|click>'],
    ['a bare address', 'see https://evil.example'],
    ['a link of imitations', '[click](https://evil.example)'],
    ['code that ends too soon', '`<!here>` and *bold*'],
  ])('makes no %s out of a name or a reason', (_what, text) => {
    const line = textOf(text, text);
    expect(line).not.toMatch(/[<>]/u);
    expect(line).not.toMatch(/@[a-z!]/iu);
    expect(line).not.toContain('://');
    expect(line).not.toContain('](');
    // The name is code from its first backtick to its last.
    expect(line.split('`')[3]).toMatch(/^".*"$/u);
  });

  test('escapes the three characters of Slack', () => {
    expect(textOf('A & B <C>', 'x')).toContain('`"A &amp; B &lt;C&gt;"`');
  });

  test('says that it is a test, and that messages were held back', () => {
    expect(slackMessage(messageOf([], { test: true })).text).toContain('this is a test');
    expect(slackMessage(messageOf([noticeOf('a')], { heldBack: true })).text).toContain('held back');
  });
});
