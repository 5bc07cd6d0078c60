/** A way to open databases that lets a test see the commits and spoil the disk. */

import { DatabaseSync } from 'node:sqlite';
import type { ConnectDatabase } from '../../src/state/sqlite.ts';

export type DiskFault = 'none' | 'full' | 'read-only' | 'corrupt';

export interface FaultyDisk {
  readonly connect: ConnectDatabase;
  /** How many transactions were committed. */
  commits(): number;
  /** Holds for the connection that is open and for those to come. */
  setFault(fault: DiskFault): void;
}

export function createFaultyDisk(): FaultyDisk {
  let commits = 0;
  let fault: DiskFault = 'none';
  let current: DatabaseSync | null = null;

  function applyFault(): void {
    if (current?.isOpen !== true) return;
    // SQLite raises a limit that is too low to the present number of pages: not one more can be had.
    current.exec(`PRAGMA max_page_count = ${fault === 'full' ? 1 : 1_000_000}`);
    current.exec(`PRAGMA query_only = ${fault === 'read-only' ? 'ON' : 'OFF'}`);
  }

  return {
    connect(file, options) {
      const database = new DatabaseSync(file, options);
      if (options.readOnly === true) return database;
      current = database;
      const exec = database.exec.bind(database);
      database.exec = (sql) => {
        if (sql.includes('COMMIT')) {
          if (fault === 'corrupt') throw Object.assign(new Error('database disk image is malformed'), { errcode: 11 });
          commits += 1;
        }
        exec(sql);
      };
      applyFault();
      return database;
    },
    commits: () => commits,
    setFault(next) {
      fault = next;
      applyFault();
    },
  };
}
