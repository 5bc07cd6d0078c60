import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface ConfigDirectory {
  readonly path: string;
  /** Write a file and return its path. */
  readonly write: (name: string, content: string | Uint8Array) => string;
  readonly remove: () => void;
}

/** A new, empty directory for config files and keys. */
export function makeConfigDirectory(): ConfigDirectory {
  const path = mkdtempSync(join(tmpdir(), 'databar-sync-config-'));
  const write = (name: string, content: string | Uint8Array): string => {
    writeFileSync(join(path, name), content);
    return join(path, name);
  };
  return { path, write, remove: () => rmSync(path, { recursive: true, force: true }) };
}
