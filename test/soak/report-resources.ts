/** Loaded into the program before its own code: on SIGURG it tells which resources keep it alive, and how many. */

import { renameSync, writeFileSync } from 'node:fs';

const file = process.env['SOAK_RESOURCES'];

if (file !== undefined) {
  process.on('SIGURG', () => {
    const counts: Record<string, number> = {};
    for (const kind of process.getActiveResourcesInfo()) counts[kind] = (counts[kind] ?? 0) + 1;
    writeFileSync(`${file}.new`, JSON.stringify(counts));
    renameSync(`${file}.new`, file);
  });
}
