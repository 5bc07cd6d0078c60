/** Somebody tried to write through a read-only client. It is thrown before anything leaves the process. */
export class DryRunError extends Error {
  override readonly name = 'DryRunError';

  constructor(method: string, path: string) {
    super(`${method} ${path} was not sent: this is a dry run`);
  }
}
