/** Tokens of YAML to its documents, which know where each of their nodes stands. */

import type { Document } from 'yaml';
import { Composer, Schema } from 'yaml';

import type { TextFault, TokenizedText } from './read-tokens.ts';
import { unreadableFrom } from './read-tokens.ts';

export type YamlDocument = Document.Parsed;

export interface ComposedText {
  /** Every document before the fault, or all of them; the first that has errors is the last. */
  readonly documents: readonly YamlDocument[];
  /** Why composing stopped early; null when it did not. */
  readonly fault: TextFault | null;
}

/** YAML 1.2 core. One for all documents: making one costs more than reading a short document. */
export const CORE = new Schema({ schema: 'core', merge: false, resolveKnownTags: false });

/** Compose the documents of a text. Library errors stay on their documents. */
export function composeYaml({ tokens, length, fault }: TokenizedText): ComposedText {
  // Keys are compared by ourselves: the library's own comparison is quadratic.
  const composer = new Composer({ version: '1.2', schema: CORE, uniqueKeys: false, prettyErrors: false });
  const documents: YamlDocument[] = [];
  let offset = 0;
  try {
    for (const token of tokens) {
      ({ offset } = token);
      for (const document of composer.next(token)) {
        documents.push(document);
        if (document.errors.length > 0) return { documents, fault: null };
      }
    }
    if (fault === null) documents.push(...composer.end(true, length));
    return { documents, fault };
  } catch {
    // The library promises not to throw; should it, the fault stays with this file.
    return { documents, fault: unreadableFrom(offset) };
  }
}
