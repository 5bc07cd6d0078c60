/**
 * What Slack, and what imitates its incoming webhooks, is sent. Text from files and servers stays text there: it makes no
 * mention, no link and no markup.
 *
 * Source: https://docs.slack.dev/messaging/formatting-message-text (the three characters to escape, and mentions).
 */

import type { Message } from './message.ts';
import { TEST_TEXT } from './message.ts';
import type { Style } from './sentence.ts';
import { sentenceOf } from './sentence.ts';

export interface SlackMessage {
  readonly text: string;
  readonly unfurl_links: false;
  readonly unfurl_media: false;
}

const SLACK_STYLE: Style = {
  // In code nothing is markup and nothing becomes a link.
  name: (text) => `\`${slackText(text).replaceAll('`', "'")}\``,
  prose: slackText,
};

/** Slack cuts texts of more than 40,000 characters. Only hostile names come near this. */
const LONGEST = 10_000;
const SHORT_REVISION = 12;

export function slackMessage({ sender, digests, heldBack, test }: Message): SlackMessage {
  const { workspace, source, revision, sandbox } = sender;
  const about = [workspace, source, ...(revision === null ? [] : [revision.slice(0, SHORT_REVISION)])];
  const head = `*databar-sync*${sandbox ? ' (sandbox)' : ''} ${about.map(SLACK_STYLE.name).join(' ')}`;
  const lines = test ? [TEST_TEXT] : digests.map((digest) => `${iconOf(digest)} ${sentenceOf(digest, SLACK_STYLE)}`);
  const note = heldBack ? ['(held back for a while: there were too many messages)'] : [];
  return { text: fit([head, ...lines, ...note]), unfurl_links: false, unfurl_media: false };
}

function iconOf({ kind, state }: Message['digests'][number]): string {
  if (state !== 'begun') return ':white_check_mark:';
  return kind === 'drift' || kind === 'brake' ? ':warning:' : ':red_circle:';
}

/** Whole lines, as many as there is room for. */
function fit(lines: readonly string[]): string {
  let text = '';
  for (const [index, line] of lines.entries()) {
    const next = index === 0 ? line : `${text}\n${line}`;
    if (next.length > LONGEST) return `${text}\n(and ${lines.length - index} more)`;
    text = next;
  }
  return text;
}

const UNSEEN = '\u200b';

/**
 * `&`, `<` and `>` as Slack asks for, which leaves no `<!channel>` and no `<@U123>`. An unseen character breaks what
 * imitations of Slack read as mentions (`@here`), links (`[a](b)`) and addresses.
 */
function slackText(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('@', `@${UNSEEN}`)
    .replaceAll('](', `]${UNSEEN}(`)
    .replaceAll('://', `:${UNSEEN}//`);
}
