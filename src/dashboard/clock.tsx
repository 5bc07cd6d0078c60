/** The daemon's clock, which ticks each second for all that counts seconds. */

import type { ComponentChildren, JSX } from 'preact';
import { createContext } from 'preact';
import { useContext, useEffect, useState } from 'preact/hooks';

const Now = createContext(0);

interface Props {
  /** How far the daemon's clock is ahead of this one; milliseconds. */
  readonly offsetMs: number;
  readonly children: ComponentChildren;
}

export function Clock({ offsetMs, children }: Props): JSX.Element {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  return <Now.Provider value={now + offsetMs}>{children}</Now.Provider>;
}

/** Milliseconds since the epoch, on the daemon's clock. */
export function useNow(): number {
  return useContext(Now);
}
