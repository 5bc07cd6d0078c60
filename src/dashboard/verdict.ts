/** The one sentence that an operator looks for first. */

import type { ConnectorState } from '../model/status-api.ts';
import type { DaemonStatus } from './daemon-status.ts';
import { NEEDS_ATTENTION, STATES, STATE_NAMES } from './states.ts';
import { countOf, formatCount } from './words.ts';

export interface Verdict {
  readonly tone: 'good' | 'busy' | 'warn' | 'bad';
  readonly title: string;
  readonly detail: string | null;
  /** The connectors it speaks of, when it speaks of some. */
  readonly states: readonly ConnectorState[];
  /** True when the connectors could not be looked at, so that what is known of them is old. */
  readonly isBlind: boolean;
}

/** The gravest thing wins: without source or API, what is known of the connectors is old. */
export function judge(status: DaemonStatus): Verdict {
  const { mode, lastPass, connectors } = status;
  if (mode === 'draining' || mode === 'stopped') return say('warn', 'The daemon is stopping', null);
  if (lastPass === null) return say('busy', 'The first pass is under way', tellStart(connectors));
  return judgeSurroundings(lastPass) ?? judgeConnectors(connectors, lastPass.brakes.length > 0);
}

function judgeSurroundings({ source, api }: NonNullable<DaemonStatus['lastPass']>): Verdict | null {
  switch (source.status) {
    case 'missing':
      return blind('The source directory is missing', `${source.message} Every connector is left as it is.`);
    case 'unreadable':
      return blind('The source cannot be read', `${source.message} Every connector is left as it is.`);
    case 'ok':
      break;
  }
  switch (api.status) {
    case 'unauthorized':
      return blind('Databar refuses the API key', `${api.message} Each pass tries the key again.`);
    case 'unreachable':
      return blind('The Databar API cannot be reached', `${api.message} Each pass tries again.`);
    case 'ok':
      return null;
  }
}

function judgeConnectors(connectors: DaemonStatus['connectors'], braked: boolean): Verdict {
  const attention = NEEDS_ATTENTION.filter((state) => connectors[state] > 0);
  const total = countAll(connectors);
  const others = STATE_NAMES.filter(
    (state) => state !== 'in_sync' && !NEEDS_ATTENTION.includes(state) && connectors[state] > 0,
  );
  const tell = (states: readonly ConnectorState[]): string =>
    states.map((state) => `${formatCount(connectors[state])} ${STATES[state].word.toLowerCase()}`).join(', ');

  if (attention.length > 0) {
    const count = attention.reduce((sum, state) => sum + connectors[state], 0);
    const grave = connectors.invalid + connectors.failing > 0;
    return {
      tone: grave ? 'bad' : 'warn',
      title: `${countOf(count, 'connector needs', 'connectors need')} attention`,
      detail: `${tell(attention)}; ${formatCount(connectors.in_sync)} in sync.`,
      states: attention,
      isBlind: false,
    };
  }
  if (braked) return say('warn', 'A brake holds changes back', null);
  if (total === 0) return say('busy', 'There are no connectors yet', 'The source defines none.');
  if (connectors.in_sync === total) {
    return say(
      'good',
      total === 1 ? 'The connector is in sync' : `All ${formatCount(total)} connectors are in sync`,
      null,
    );
  }
  return {
    tone: connectors.pending > 0 ? 'busy' : 'good',
    title: `${formatCount(connectors.in_sync)} of ${countOf(total, 'connector is', 'connectors are')} in sync`,
    detail: `${tell(others)}.`,
    states: others,
    isBlind: false,
  };
}

function tellStart(connectors: DaemonStatus['connectors']): string {
  const total = countAll(connectors);
  if (total === 0) return 'Nothing is known of the connectors yet.';
  return `${formatCount(connectors.in_sync)} of ${countOf(total, 'connector is', 'connectors are')} in sync so far.`;
}

function countAll(connectors: DaemonStatus['connectors']): number {
  return STATE_NAMES.reduce((sum, state) => sum + connectors[state], 0);
}

function say(tone: Verdict['tone'], title: string, detail: string | null): Verdict {
  return { tone, title, detail, states: [], isBlind: false };
}

function blind(title: string, detail: string): Verdict {
  return { ...say('bad', title, detail), isBlind: true };
}
