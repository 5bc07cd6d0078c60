/**
 * Creates that must wait: an earlier attempt got no answer, and the server may still commit it. Posting again
 * before that is settled is how duplicates are made.
 */

import type { Intent } from '../model/baseline.ts';
import type { ValidConnector } from '../model/connector.ts';
import type { Fingerprint } from '../model/digest.ts';
import { storedName } from '../model/stored-name.ts';

/**
 * @param now when the live list was asked for: a create that the server commits later is not in it
 * @returns the reason, by key of the definition; a moved definition is recognised by its name
 */
export function waitingCreates(
  definitions: readonly ValidConnector[],
  intents: readonly Intent[],
  {
    settleMs,
    now,
    fingerprint,
  }: { readonly settleMs: number; readonly now: number; readonly fingerprint: Fingerprint },
): ReadonlyMap<string, string> {
  const waiting = new Map<string, string>();
  const fresh = intents.filter((intent) => remainingMs(intent, settleMs, now) > 0);
  if (fresh.length === 0) return waiting;
  const byKey = new Map(fresh.map((intent) => [intent.key, intent]));
  const byName = new Map(fresh.map((intent) => [intent.name, intent]));
  for (const definition of definitions) {
    const intent = byKey.get(definition.key) ?? byName.get(storedName(definition, fingerprint));
    if (intent === undefined) continue;
    const seconds = Math.ceil(remainingMs(intent, settleMs, now) / 1000);
    waiting.set(definition.key, `an earlier create got no answer; it is looked for once more in ${seconds} s`);
  }
  return waiting;
}

/** Milliseconds until a create may be sent again; zero or less when its time is over. */
export function remainingMs(intent: Intent, settleMs: number, now: number): number {
  return Math.min(settleMs, intent.at + settleMs - now);
}
