import type { StartTimer } from './debounce.ts';
import { stateText } from './file-states.ts';
import type { ListingResult } from './list-files.ts';
import { listFiles } from './list-files.ts';

export interface PollOptions {
  /** Milliseconds between the end of one look and the next. */
  readonly pollMs: number;
  readonly startTimer: StartTimer;
  readonly onChange: () => void;
}

/**
 * Look at the directory again and again, and tell when it is not as it was.
 *
 * A look lists names, sizes, times, inode numbers and where links lead, but reads no content: about 0.05 s for 10,000
 * files. To nudge at each look instead would make a pass, and a request to the server, every few seconds for nothing.
 *
 * @returns stops polling; resolves when no look is under way. Never rejects.
 */
export function pollFiles(directory: string, { pollMs, startTimer, onChange }: PollOptions): () => Promise<void> {
  let stopped = false;
  let known: string | null = null;
  let cancelTimer: () => void = () => undefined;
  let looking = look();

  return async () => {
    stopped = true;
    cancelTimer();
    await looking;
  };

  async function look(): Promise<void> {
    const seen = summarise(await listFiles(directory));
    if (stopped) return;
    const changed = known !== null && seen !== known;
    known = seen;
    cancelTimer = startTimer(() => {
      looking = look();
    }, pollMs);
    if (changed) onChange();
  }
}

function summarise(result: ListingResult): string {
  if (result.status !== 'listed') return result.status;
  const files = result.files.map(
    ({ path, realPath, stats }) => `${path} ${realPath} ${stats === null ? '' : stateText(stats)}`,
  );
  const problems = result.problems.map((problem) => `${problem.file} ${problem.code}`);
  return [result.root, result.rootIdentity, ...files, ...problems].join('\n');
}
