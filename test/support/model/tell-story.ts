/** One story from beginning to end: whatever happens, and then quiet, in which everything must become right. */

import type { Story } from './action.ts';
import { converge } from './converge.ts';
import { perform } from './perform.ts';
import { openWorld } from './world.ts';

/** Rejects with what was wrong. */
export async function tellStory({ setting, actions }: Story): Promise<void> {
  const world = await openWorld(setting);
  try {
    for (const action of actions) await perform(world, action);
    await converge(world);
  } finally {
    await world.close();
  }
}
