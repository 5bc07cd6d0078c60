import type { Problem, ProblemCode } from '../model/problem.ts';

type SourceProblemCode = Extract<ProblemCode, `file_${string}`>;

const HINTS: Readonly<Record<SourceProblemCode, string>> = {
  file_unreadable: 'Check that the file exists, that its link leads somewhere, and that this process may read it.',
  file_too_large: 'Split the file: one definition needs a few kilobytes.',
  file_not_regular: 'Put a regular file here, or a link to one inside the source directory.',
  file_link_outside: 'Copy the file into the source directory, or let the link lead to a place inside it.',
};

/** A problem of a whole file, told before anything in it was read. */
export function sourceProblem(code: SourceProblemCode, file: string, message: string): Problem {
  return { code, severity: 'error', file, line: 1, column: 1, path: '', message, hint: HINTS[code] };
}

/** The code of a Node system error, such as `ENOENT`; null for anything else. */
export function errorCode(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
}
