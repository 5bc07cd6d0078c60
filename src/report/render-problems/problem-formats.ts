/** `validate --output`; apart from the renderers, so that the help need not load them. */
export const PROBLEM_FORMATS = ['text', 'json', 'github', 'sarif', 'junit'] as const;

export type ProblemFormat = (typeof PROBLEM_FORMATS)[number];
