/** Asks a running daemon how it is, as an orchestrator does: over HTTP, and with little patience. */

export interface Answer {
  readonly status: number;
  readonly reason: string;
}

/** @returns null when no answer came within `patienceMs` milliseconds */
export async function probe(url: string, patienceMs = 5_000): Promise<Answer | null> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(patienceMs) });
    const { reason } = (await response.json()) as { readonly reason: string };
    return { status: response.status, reason };
  } catch {
    return null;
  }
}

const PAUSE_MS = 25;
const DEADLINE_MS = 15_000;

/** Ask until the answer is as wanted. */
export async function probeUntil(url: string, matches: (answer: Answer | null) => boolean): Promise<Answer | null> {
  const deadline = AbortSignal.timeout(DEADLINE_MS);
  for (;;) {
    const answer = await probe(url);
    if (matches(answer)) return answer;
    if (deadline.aborted) throw new Error(`${url} still answers ${JSON.stringify(answer)}`);
    await new Promise((resolve) => {
      setTimeout(resolve, PAUSE_MS);
    });
  }
}
