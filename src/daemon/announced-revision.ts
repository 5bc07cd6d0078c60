/** Compares the commit that git-sync says it has delivered with the one that is read. */

export interface AnnouncedRevision {
  /** A webhook names the commit that the files are at from now on. */
  readonly announce: (revision: string) => void;
  /** A pass has read the files. `revision` is null when they belong to no commit that can be read. */
  readonly read: (revision: string | null) => void;
}

/**
 * A commit may be followed by the next before a pass reads it, and its webhook comes a moment later: only when the same
 * commit was missing twice is something wrong.
 */
const TELLING_MISS = 2;

/** @param onMissing called once for each announced commit that is not what is read */
export function createAnnouncedRevision(
  onMissing: (announced: string, found: string | null) => void,
): AnnouncedRevision {
  let announced: string | null = null;
  let misses = 0;

  return {
    announce(revision) {
      // A webhook is repeated until it is answered.
      if (revision === announced) return;
      announced = revision;
      misses = 0;
    },
    read(revision) {
      if (announced === null) return;
      if (revision === announced) {
        announced = null;
        return;
      }
      misses += 1;
      if (misses === TELLING_MISS) onMissing(announced, revision);
    },
  };
}
