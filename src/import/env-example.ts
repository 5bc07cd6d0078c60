/** `.env.example`: which variables definitions ask for. Names alone; a value is never written into it. */

const HEADER = `# The variables that definitions name as \${env:...}. Values belong into the daemon's environment, never into git.
# In a copy, remove the # of each line that you fill in: an empty value counts as a value, and would be sent.
`;

const ASSIGNMENT = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=/u;
const PLACEHOLDER = /(?<!\$)\$\{env:([A-Za-z_]\w*)\}/gu;

/**
 * The file with these variables in it, those that are missing at its end; null when none is missing. They are switched off,
 * so that a copy that is not filled in leaves them unset, which is told, rather than empty, which would wipe credentials.
 */
export function mergeEnvExample(existing: string | null, variables: readonly string[]): string | null {
  const known = new Set(variablesOf(existing ?? ''));
  const missing = variables.filter((name) => !known.has(name));
  if (missing.length === 0) return null;
  const before = existing === null || existing === '' ? HEADER : existing.replace(/\n?$/u, '\n');
  return `${before}${missing.map((name) => `#${name}=\n`).join('')}`;
}

/** Names that a file of variables assigns, in comments too: somebody may have switched one off. */
export function variablesOf(text: string): readonly string[] {
  return text.split(/\r?\n/u).flatMap((line) => ASSIGNMENT.exec(line.replace(/^\s*#+\s*/u, ''))?.[1] ?? []);
}

/** Names that definitions ask for, in the order of the text. */
export function variablesNamedIn(text: string): readonly string[] {
  return [...new Set([...text.matchAll(PLACEHOLDER)].map(([, name = '']) => name))];
}
