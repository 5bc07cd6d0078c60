/** A command cannot do its work, for a reason that the person can mend. The message says what to do. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
