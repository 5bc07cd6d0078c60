import { parseSecret } from './parse-secret.ts';
import { readSmallFile, SmallFileError } from './read-small-file.ts';

// Far more than a header may hold.
const MAX_BYTES = 65_536;

/** A secret, or why there is none. */
export type SecretReading =
  | { readonly status: 'ok'; readonly secret: string }
  /** None was configured. */
  | { readonly status: 'missing' }
  /** One was configured and cannot be used now. The message is a sentence that holds no part of it. */
  | { readonly status: 'unreadable'; readonly message: string };

/** The secret that was given directly or else, read anew, the one in the file. */
export function readSecret(given: string | null, file: string | null): SecretReading {
  if (given !== null) {
    const secret = parseSecret(given);
    return secret.ok
      ? { status: 'ok', secret: secret.value }
      : { status: 'unreadable', message: `The value that was given ${secret.wrong}.` };
  }
  return file === null ? { status: 'missing' } : readSecretFile(file);
}

/**
 * The secret in a file of one line and at most 64 KiB. It is read anew at each call, so that a rotated one is found;
 * white space around it is dropped.
 */
export function readSecretFile(path: string): SecretReading {
  try {
    const secret = parseSecret(readSmallFile(path, MAX_BYTES));
    return secret.ok ? { status: 'ok', secret: secret.value } : unreadable(path, secret.wrong);
  } catch (error) {
    if (!(error instanceof SmallFileError)) throw error;
    return unreadable(path, error.message);
  }
}

function unreadable(path: string, wrong: string): SecretReading {
  // Someone who mixes the two settings up gives the secret where its path belongs; that is not to be shown.
  const file = path.startsWith('/') || path.startsWith('.') ? `The file ${JSON.stringify(path)}` : 'The file';
  return { status: 'unreadable', message: `${file} ${wrong}.` };
}
