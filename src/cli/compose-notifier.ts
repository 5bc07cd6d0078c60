/** Builds what tells people of drift and trouble, from settings. */

import { randomUUID } from 'node:crypto';
import { sleep } from '../api/sleep.ts';
import { readNotifySecret, readWebhook } from '../config/read-webhook.ts';
import type { Settings } from '../config/settings.ts';
import type { EmitEvent } from '../model/event.ts';
import type { Deliver } from '../notify/deliver.ts';
import { createDeliver } from '../notify/deliver.ts';
import type { Sender } from '../notify/message.ts';
import type { Notifier } from '../notify/notifier.ts';
import { createNotifier } from '../notify/notifier.ts';
import { monotonicNow, wallTime } from './clock.ts';
import { composePost } from './compose-post.ts';
import { proxyOf } from './proxy-of.ts';
import type { Terminal } from './terminal.ts';
import { VERSION } from './version.ts';

/** @returns null when no webhook is configured */
export function composeNotifier(
  settings: Settings,
  { environment, scrubber }: Pick<Terminal, 'environment' | 'scrubber'>,
  { emit, sandbox }: { readonly emit: EmitEvent; readonly sandbox: boolean },
): Notifier | null {
  const webhook = readWebhook(settings);
  if (webhook.status === 'missing') return null;
  const unreadable = [webhook, readNotifySecret(settings)].find((reading) => reading.status === 'unreadable');
  return createNotifier({
    format: settings.notify.format,
    events: settings.notify.events,
    afterPasses: settings.notify.afterPasses,
    sender: senderOf(settings, sandbox),
    deliver: composeDeliver(settings, { environment, scrubber }),
    trouble: unreadable === undefined ? null : unreadable.message.replace(/\.$/u, ''),
    newId: randomUUID,
    emit,
    now: monotonicNow,
    wallTime,
    sleep,
  });
}

export function composeDeliver(
  settings: Settings,
  { environment, scrubber }: Pick<Terminal, 'environment' | 'scrubber'>,
): Deliver {
  return createDeliver({
    readWebhook: () => {
      const reading = readWebhook(settings);
      if (reading.status === 'ok') scrubber.learn(`${reading.url.pathname}${reading.url.search}`, 'own');
      return reading;
    },
    readSecret: () => {
      const reading = readNotifySecret(settings);
      if (reading.status === 'ok') scrubber.learn(reading.secret, 'own');
      return reading;
    },
    post: composePost(proxyOf(environment), Date.now),
    userAgent: `databar-sync/${VERSION}`,
    // Receivers compare it with their own clock.
    now: Date.now,
    random: Math.random,
    sleep,
  });
}

export function senderOf(settings: Settings, sandbox: boolean): Omit<Sender, 'revision'> {
  const workspace = new URL(settings.api.baseUrl).host;
  return { version: VERSION, workspace, source: settings.source.dir, sandbox };
}
