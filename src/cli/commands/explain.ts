/** `databar-sync explain`: what a field or a code means. */

import { explainTopic } from '../explain/explain-topic.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';

/** @throws UsageError for what is unknown, with what may have been meant */
export async function explainCommand({ stdout }: Terminal, topic: string | null): Promise<number> {
  const explanation = explainTopic(topic);
  if (explanation.status === 'unknown') {
    const { nearest } = explanation;
    const hint =
      nearest.length > 0 ? `did you mean ${nearest.join(' or ')}?` : '`databar-sync explain` lists the fields';
    throw new UsageError(`there is neither a field nor a code "${String(topic).slice(0, 80)}"; ${hint}`);
  }
  await stdout.print(explanation.text);
  return 0;
}
