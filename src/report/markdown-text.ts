/**
 * Text from files and servers as a part of Markdown (GitHub's, which GitLab and others read too): it stays text, and is
 * nobody's markup, link or mention.
 */

import { plainText } from './plain-text.ts';

/**
 * Inline code for a cell of a table. In code nothing is markup and nobody is mentioned; what could end it are a run of
 * backticks as long as its fence, and a pipe that no backslash escapes.
 */
export function markdownCode(text: string): string {
  const content = plainText(text).replaceAll(/(\\*)\|/gu, (_, slashes: string) =>
    // An odd number: some renderers ask for one backslash before the pipe, others count them.
    slashes.length % 2 === 0 ? `${slashes}\\|` : `${slashes}\\\\|`,
  );
  const runs = content.match(/`+/gu) ?? [];
  const fence = '`'.repeat(1 + runs.reduce((longest, run) => Math.max(longest, run.length), 0));
  const padding = /^[` ]|[` ]$/u.test(content) ? ' ' : '';
  return `${fence}${padding}${content}${padding}${fence}`;
}

/** Running text without markup, links or mentions. */
export function markdownProse(text: string): string {
  return plainText(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/[\\`*_~[\]()#!|]/gu, String.raw`\$&`)
    .replaceAll('@', '@&#8203;');
}

/** For a place where Markdown is not read, but HTML is. */
export function markdownHtml(text: string): string {
  const escaped = plainText(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return `<code>${escaped}</code>`;
}
