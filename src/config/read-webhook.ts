import { parseWebhook } from './parse-webhook.ts';
import { readSecret } from './read-secret.ts';
import type { SecretReading } from './read-secret.ts';
import type { Settings } from './settings.ts';

/** The address of the webhook, or why there is none. */
export type WebhookReading =
  | { readonly status: 'ok'; readonly url: URL }
  /** None was configured: nobody is to be told. */
  | { readonly status: 'missing' }
  /** One was configured and cannot be used now. The message is a sentence that holds no part of it. */
  | { readonly status: 'unreadable'; readonly message: string };

/** The webhook as it is now: as given, or read again from its file. It never throws. */
export function readWebhook({ notify }: { readonly notify: Settings['notify'] }): WebhookReading {
  const reading = readSecret(notify.webhook, notify.webhookFile);
  if (reading.status !== 'ok') return reading;
  const url = parseWebhook(reading.secret, notify.allowHttp);
  return url.ok
    ? { status: 'ok', url: url.value }
    : { status: 'unreadable', message: `The address of the webhook ${url.wrong}.` };
}

/** The key that signs messages, as it is now; `missing` means that they are not signed. It never throws. */
export function readNotifySecret({ notify }: { readonly notify: Settings['notify'] }): SecretReading {
  return readSecret(notify.secret, notify.secretFile);
}
