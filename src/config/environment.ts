/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A copy of the process's environment. This is the only place that reads it. */
export function readEnvironment(): Environment {
  return { ...process.env };
}
