import { jsonMessage } from './json-message.ts';
import type { Message } from './message.ts';
import { slackMessage } from './slack-message.ts';

export type NotifyFormat = 'json' | 'slack';

/** The body of the request. */
export function renderMessage(message: Message, format: NotifyFormat): string {
  return JSON.stringify(format === 'slack' ? slackMessage(message) : jsonMessage(message));
}
