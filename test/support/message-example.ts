/** The example in docs/notifications.md: what the example events of docs/events.md lead to. */

import { jsonMessage } from '../../src/notify/json-message.ts';
import { EVENTS } from './event-examples.ts';
import { ledgerOf, messageOf } from './notices.ts';

/** Markdown. */
export function renderMessageExample(): string {
  const [drift] = EVENTS['drift.detected'].examples;
  const [healed] = EVENTS['drift.healed'].examples;
  const [failed] = EVENTS['connector.failed'].examples;
  const { notices } = ledgerOf(3);
  const told = [[failed], [], [drift, healed]].flatMap((events) => notices(events));
  return ['```json', JSON.stringify(jsonMessage(messageOf(told)), null, 2), '```'].join('\n');
}
