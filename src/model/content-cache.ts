/** What was made of the contents of files, kept from one process to the next. It is never needed, and saves time. */
export interface ContentCache {
  /** What an earlier process made of a file with this very content; null when that is not known. */
  recall(path: string, content: Buffer): string | null;
  /** Note what was made of a file, for the next process. `made` is asked only while something is still noted. */
  note(path: string, content: Buffer, made: () => string): void;
}
