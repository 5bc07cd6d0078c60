/** The shapes of our answers. */

/** Nobody guesses a type, and nobody keeps an answer: it is of the moment. */
export const SAFE = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
} as const;

export function answer(body: unknown, status = 200): Response {
  return Response.json(body, { status, headers: SAFE });
}

export function refuse(status: number, reason: string): Response {
  return answer({ status: 'refused', reason }, status);
}
