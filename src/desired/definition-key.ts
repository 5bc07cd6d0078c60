/** The local identity of a definition. */

import type { ParsedDocument } from './parse-yaml.ts';

/** What a `sync.ref` may look like: it becomes part of a key, which people type and logs show. */
export const REF_PATTERN = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

/** The path of a file without its extension. */
export function fileKey(file: string): string {
  return file.replace(/\.(?:ya?ml|json)$/i, '');
}

/** The document's `sync.ref`, when it has a usable one. */
export function refOf({ fields }: ParsedDocument): string | null {
  const sync = fields['sync'];
  if (typeof sync !== 'object' || sync === null || !('ref' in sync)) return null;
  return typeof sync.ref === 'string' && REF_PATTERN.test(sync.ref) ? sync.ref : null;
}

/**
 * The key of a document: the file's, and `#` and its ref in a file of several documents. Null when it needs a ref and
 * has none, so that nobody can tell which connector it describes.
 */
export function definitionKey(file: string, document: ParsedDocument, documents: number): string | null {
  if (documents === 1) return fileKey(file);
  const ref = refOf(document);
  return ref === null ? null : `${fileKey(file)}#${ref}`;
}
