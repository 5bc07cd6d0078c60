/** The faults stop, every file is mended, and all must become right: soon, and without anybody's help but a nudge. */

import { expectedConfig, markerOf } from '../support/model/definition.ts';
import { GOOD_KEY } from './scene.ts';
import type { Scene } from './scene.ts';
import type { Damages } from './damages.ts';

export interface Rest {
  /** From the end of the faults until all was right, and two passes had said so; milliseconds. */
  readonly tookMs: number;
  /** Connectors of definitions that were removed before the answer to their create was known; nobody's now. */
  readonly leftBehind: number;
  /** Whether a brake had to be lifted with `--force`, as a person does who has looked at it. */
  readonly forced: boolean;
}

const GIVE_UP_MS = 90_000;
/** Failing connectors rest for a while, and refused ones for good: after this time somebody asks for a pass. */
const NUDGE_AFTER_MS = 3_000;
/** A brake that holds for so long holds for good. */
const FORCE_AFTER_MS = 10_000;

const DONE = ['created', 'adopted', 'updated', 'deleted', 'blocked', 'held', 'invalid', 'failed', 'orphaned'];

/** Null when it did not come to rest; what was wrong then is among the damages. */
export async function comeToRest(scene: Scene, damages: Damages): Promise<Rest | null> {
  const { sandbox, program, book } = scene;
  const startedAt = performance.now();
  sandbox.clearFaults();
  sandbox.setApiKey(GOOD_KEY);
  book.change((files) => {
    for (const definition of files.values()) files.set(definition.marker, { ...definition, broken: 'none' });
  });
  scene.writeFiles();
  book.begin();

  let quietPasses = 0;
  let forced = false;
  let last: unknown = 'no pass at all';
  for (;;) {
    const line = await program.next(({ event }) => event === 'pass.completed', 5_000);
    damages.look();
    const tookMs = performance.now() - startedAt;
    const wrong = whatIsWrong(scene);
    last = line ?? last;
    quietPasses = line !== null && wrong.length === 0 && DONE.every((count) => line[count] === 0) ? quietPasses + 1 : 0;
    if (quietPasses === 2) {
      for (const marker of book.files.keys()) book.agree(marker);
      if (forced) await restart(scene);
      return { tookMs, forced, leftBehind: countLeftBehind(scene) };
    }
    if (tookMs > GIVE_UP_MS) {
      for (const each of wrong) damages.add('lost', each);
      damages.add('misbehaved', `it did not come to rest; the last pass: ${JSON.stringify(last)}`);
      return null;
    }
    if (line !== null && tookMs > NUDGE_AFTER_MS) program.signal('SIGHUP');
    if (!forced && tookMs > FORCE_AFTER_MS && Number(line?.['blocked'] ?? 0) > 0) {
      forced = true;
      await restart(scene, '--force');
    }
  }
}

async function restart({ program }: Scene, ...flags: readonly string[]): Promise<void> {
  await program.end('SIGTERM');
  program.start(...flags);
}

function countLeftBehind({ sandbox, book }: Scene): number {
  return sandbox.connectors().filter((live) => book.removed.has(markerOf(live) ?? '')).length;
}

/** How the workspace differs from the files. */
function whatIsWrong({ sandbox, book, variables }: Scene): readonly string[] {
  const live = new Map(
    sandbox.connectors().flatMap((each) => (markerOf(each) === null ? [] : [[markerOf(each), each]])),
  );
  const wrong = [...book.files.values()].flatMap((definition) => {
    const { marker, ignoreRate } = definition;
    const found: Record<string, unknown> = { ...live.get(marker) };
    if (!live.delete(marker)) return [`${marker} has no connector`];
    return Object.entries(expectedConfig(definition, variables)).flatMap(([field, value]) => {
      const [is, should] = [JSON.stringify(found[field]), JSON.stringify(value)];
      return is === should || (field === 'rate_limit' && ignoreRate)
        ? []
        : [`${marker}: ${field} is ${is}, not ${should}`];
    });
  });
  const strangers = [...live.keys()].filter((marker) => !book.removed.has(marker ?? ''));
  return [...wrong, ...strangers.map((marker) => `nobody has ever wanted ${marker}`)];
}
