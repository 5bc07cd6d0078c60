/**
 * A process that writes state and then lives until it is killed: `node state-process.ts <directory> <key>...`.
 *
 * It opens the store, records one intent for each key, prints `ready` and waits.
 */

import { openStateStore } from '../../src/state/state-store.ts';

const [directory = '', ...keys] = process.argv.slice(2);
const store = openStateStore({
  directory,
  mode: 'write',
  now: Date.now,
  onRebuilt: console.error,
  onDegraded: console.error,
  onRestored: () => {},
});
for (const key of keys) store.recordIntent({ key, name: `Connector ${key}`, at: 1 });
console.log('ready');
setInterval(() => store.durable, 60_000);
