/** A site and its daemon that many tests share, one after the other. */

import { afterAll, expect } from 'vitest';
import type { Daemon } from './daemon.ts';
import type { Site, SiteOptions } from './site.ts';
import { openSite } from './site.ts';

export interface Stage {
  readonly site: Site;
  readonly daemon: Daemon;
}

/**
 * Call it once, at the top of a test file. When all tests have ended, each daemon stops well, having said nothing on
 * stderr and nothing of its key anywhere.
 */
export function useStages(): (options: SiteOptions, flags: readonly string[]) => Promise<Stage> {
  const daemons: Daemon[] = [];
  const removals: (() => Promise<void>)[] = [];
  afterAll(async () => {
    const codes = await Promise.all(daemons.map(async (daemon) => daemon.stop()));
    for (const remove of removals) await remove();
    expect(codes).toEqual(codes.map(() => 0));
    expect(daemons.map(({ stderr }) => stderr()).join('')).toBe('');
    expect(JSON.stringify(daemons.map(({ lines }) => lines))).not.toContain('test-key');
  });

  return async (options, flags) => {
    const site = await openSite({ ...options, onOpened: (remove) => removals.push(remove) });
    const daemon = site.start(...flags);
    daemons.push(daemon);
    return { site, daemon };
  };
}
