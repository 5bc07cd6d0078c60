/** `databar-sync notify`: a test message to the webhook. */

import { randomUUID } from 'node:crypto';
import { readWebhook } from '../../config/read-webhook.ts';
import { readRevision } from '../../source/revision.ts';
import { renderMessage } from '../../notify/render-message.ts';
import type { CommonOptions } from '../common-options.ts';
import { composeDeliver, senderOf } from '../compose-notifier.ts';
import { prepare } from '../prepare.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';

/**
 * One attempt, without a word of the address but its host, which is no secret.
 *
 * @returns 0 when the message was taken, 1 when not
 * @throws UsageError when there is no webhook that could be tried
 */
export async function notifyCommand(terminal: Terminal, options: CommonOptions): Promise<number> {
  const { settings } = prepare(terminal, options, 'stderr');
  const webhook = readWebhook(settings);
  if (webhook.status === 'unreadable') throw new UsageError(webhook.message);
  if (webhook.status === 'missing') {
    throw new UsageError(
      'there is no webhook: set DATABAR_SYNC_NOTIFY_WEBHOOK_FILE to a file that holds its address, or DATABAR_SYNC_NOTIFY_WEBHOOK to the address',
    );
  }
  const sender = { ...senderOf(settings, false), revision: await readRevision(settings.source.dir) };
  const body = renderMessage(
    { id: randomUUID(), time: Date.now(), sender, digests: [], heldBack: false, test: true },
    settings.notify.format,
  );
  const stop = new AbortController();
  const onSignal = (): void => stop.abort();
  terminal.process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
  try {
    // A person is waiting: one attempt tells what there is to know.
    const delivery = await composeDeliver(settings, terminal)(body, {
      hurry: AbortSignal.abort(),
      abort: stop.signal,
    });
    const isTaken = delivery.status === 'delivered';
    await terminal.stdout.print(
      isTaken
        ? `${webhook.url.host} took the test message (${delivery.code}).\n`
        : `${webhook.url.host} did not take the test message: ${delivery.error}.\n`,
    );
    return isTaken ? 0 : 1;
  } finally {
    terminal.process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
  }
}
