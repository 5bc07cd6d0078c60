/**
 * The content cache as one file, encrypted: it holds what people wrote, and the rest of the state holds no values.
 *
 * Its key is derived from the API key, which never lies beside it. A file that is not whole, is of another key or another maker,
 * or was written to by anybody else, does not open, and is as good as none.
 */

import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import type { ContentCache } from '../model/content-cache.ts';

/** Below so many new contents, making them again takes less time than writing. */
const FEW = 200;
/** Contents and what was made of them, in bytes; more is not kept. */
const MOST_BYTES = 64 * 1024 ** 2;

const CIPHER = 'aes-256-gcm';
const [KEY_BYTES, NONCE_BYTES, TAG_BYTES] = [32, 12, 16] as const;
const PRIVATE_FILE = 0o600;

export interface ContentCacheOptions {
  readonly file: string;
  /** What the encryption rests on: the API key, and the installation's key. */
  readonly secret: string;
  readonly installationKey: Buffer;
  /** What makes something of contents; what another one made is not known. */
  readonly maker: string;
  /** Recall what is kept, and note nothing. */
  readonly readOnly: boolean;
}

export interface StoredContentCache extends ContentCache {
  /** Write what is known of the files that were seen, if much of it is new; forget it at once, and for good. Never rejects. */
  save(): Promise<void>;
}

interface Entry {
  readonly content: Buffer;
  readonly made: Buffer;
}

export function openContentCache(options: ContentCacheOptions): StoredContentCache {
  const { file, secret, installationKey, maker, readOnly } = options;
  const key = Buffer.from(
    hkdfSync('sha256', secret, installationKey, `databar-sync content cache: ${maker}`, KEY_BYTES),
  );
  let stored: ReadonlyMap<string, Entry> | null = null;
  let seen = new Map<string, Entry>();
  let [fresh, bytes, isOpen] = [0, 0, true];

  const see = (path: string, entry: Entry): void => {
    seen.set(path, entry);
    bytes += entry.content.length + entry.made.length;
    if (bytes > MOST_BYTES) close();
  };
  const close = (): void => {
    isOpen = false;
    stored = new Map();
    seen = new Map();
  };

  return {
    recall(path, content) {
      if (!isOpen) return null;
      stored ??= readEntries(file, key);
      const entry = stored.get(path);
      if (entry?.content.equals(content) !== true) return null;
      see(path, entry);
      return entry.made.toString();
    },
    note(path, content, made) {
      if (!isOpen || readOnly) return;
      fresh += 1;
      see(path, { content, made: Buffer.from(made()) });
    },
    async save() {
      const entries = seen;
      close();
      if (fresh >= FEW && entries.size > 0) await write(file, seal(entries, key));
    },
  };
}

/** Where each entry ends in what follows: its path, and the lengths of its two parts. */
type Index = readonly (readonly [path: string, content: number, made: number])[];

function seal(entries: ReadonlyMap<string, Entry>, key: Buffer): readonly Buffer[] {
  const index: Index = [...entries].map(([path, { content, made }]) => [path, content.length, made.length]);
  const head = Buffer.from(JSON.stringify(index));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(head.length);
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key, nonce);
  const parts = [length, head, ...[...entries.values()].flatMap(({ content, made }) => [content, made])];
  const text = cipher.update(Buffer.concat(parts));
  cipher.final();
  return [nonce, cipher.getAuthTag(), text];
}

function readEntries(file: string, key: Buffer): ReadonlyMap<string, Entry> {
  try {
    return unseal(readFileSync(file), key);
  } catch {
    return new Map();
  }
}

/** @throws when it is not what `seal` made with this key */
function unseal(bytes: Buffer, key: Buffer): ReadonlyMap<string, Entry> {
  const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
  const text = decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES));
  decipher.final();

  const headEnd = 4 + text.readUInt32LE();
  const entries = new Map<string, Entry>();
  let at = headEnd;
  for (const [path, content, made] of JSON.parse(text.toString('utf8', 4, headEnd)) as Index) {
    const middle = at + content;
    entries.set(path, { content: text.subarray(at, middle), made: text.subarray(middle, middle + made) });
    at = middle + made;
  }
  return entries;
}

/** All or nothing; where it cannot be written, the next process makes everything anew. */
async function write(file: string, parts: readonly Buffer[]): Promise<void> {
  const unfinished = `${file}.new`;
  try {
    await rm(unfinished, { force: true });
    await writeFile(unfinished, parts, { flag: 'wx', mode: PRIVATE_FILE });
    await rename(unfinished, file);
  } catch {
    await rm(unfinished, { force: true }).catch(() => undefined);
  }
}
