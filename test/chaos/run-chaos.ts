/** Chaos in episodes: a few seconds in which anything happens, then quiet, in which all must become right. */

import { rmSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { Rest } from './come-to-rest.ts';
import { comeToRest } from './come-to-rest.ts';
import type { Damages } from './damages.ts';
import { watchForDamages } from './damages.ts';
import { changeFiles, doAnything } from './deeds.ts';
import { createRandom } from './random.ts';
import type { Scene } from './scene.ts';
import { LATEST_COMMIT_MS, openScene } from './scene.ts';

export interface ChaosOptions {
  readonly bundle: string;
  /** Decides what is done, and when. */
  readonly seed: number;
  readonly minutes: number;
  /** Definitions to begin with. */
  readonly connectors: number;
  readonly say: (text: string) => void;
}

export interface ChaosReport {
  /** How often each deed was done. */
  readonly deeds: ReadonlyMap<string, number>;
  /** How many requests each kind of server fault befell. */
  readonly struck: ReadonlyMap<string, number>;
  readonly requests: number;
  readonly rests: readonly Rest[];
  readonly damages: Damages['found'];
}

const EPISODE_MS = 6_000;
const LONGEST_PAUSE_MS = 150;

export async function runChaos({ bundle, seed, minutes, connectors, say }: ChaosOptions): Promise<ChaosReport> {
  const random = createRandom(seed);
  const scene = await openScene({ bundle, random });
  const damages = watchForDamages(scene, () => performance.now());
  const deeds = new Map<string, number>();
  const rests: Rest[] = [];
  const until = performance.now() + minutes * 60_000;
  const note = (deed: string | null): void => {
    if (deed !== null) deeds.set(deed, (deeds.get(deed) ?? 0) + 1);
  };

  try {
    while (scene.book.files.size < connectors) changeFiles(scene, damages);
    scene.program.start();
    do {
      const episodeEnds = performance.now() + EPISODE_MS;
      while (performance.now() < episodeEnds) {
        note(await doAnything(scene, damages));
        damages.look();
        await delay(random.below(LONGEST_PAUSE_MS));
      }
      const rest = await comeToRest(scene, damages);
      if (rest === null) break;
      rests.push(rest);
      say(`at rest after ${(rest.tookMs / 1000).toFixed(1)} s with ${scene.book.files.size} definitions`);
      if (random.chance(0.4)) note(await loseState(scene));
    } while (performance.now() < until && damages.found.size === 0);
    if (rests.length > 0 && damages.found.size === 0) await comeToRest(scene, damages);
    return {
      deeds,
      struck: countStruck(scene),
      requests: scene.sandbox.requests.length,
      rests,
      damages: damages.found,
    };
  } finally {
    await scene.close();
  }
}

/** Only where all is well: what the program had not agreed with the server yet would be forgotten for good. */
async function loseState({ program, stateDirectory, book, random }: Scene): Promise<string | null> {
  await delay(LATEST_COMMIT_MS);
  if (!book.loseState()) return null;
  await program.end(random.pick(['SIGKILL', 'SIGTERM']));
  rmSync(stateDirectory, { recursive: true, force: true });
  program.start();
  return 'state: directory lost between two runs';
}

function countStruck({ sandbox }: Scene): ReadonlyMap<string, number> {
  const struck = new Map<string, number>();
  for (const { fault } of sandbox.requests) if (fault !== null) struck.set(fault, (struck.get(fault) ?? 0) + 1);
  return struck;
}
