/** What each state of a connector looks like: a word, an icon and a tone, so that nothing is told by colour alone. */

import type { ConnectorState } from '../model/status-api.ts';
import type { IconName } from './icon-paths.ts';

export type Tone = 'good' | 'busy' | 'quiet' | 'warn' | 'drift' | 'bad';

export interface StateLook {
  readonly word: string;
  readonly icon: IconName;
  readonly tone: Tone;
  /** What it means, for who meets the word for the first time. */
  readonly meaning: string;
}

/** Worst first, as the daemon sorts them. */
export const STATES: Readonly<Record<ConnectorState, StateLook>> = {
  invalid: {
    word: 'Invalid',
    icon: 'cross',
    tone: 'bad',
    meaning: 'The definition cannot be used. Its connector is held as it is.',
  },
  failing: { word: 'Failing', icon: 'alert', tone: 'bad', meaning: 'The last write failed.' },
  blocked: {
    word: 'Blocked',
    icon: 'barrier',
    tone: 'warn',
    meaning: 'A brake, or an identity that is not clear, holds the change back.',
  },
  drifted: {
    word: 'Drifted',
    icon: 'unequal',
    tone: 'drift',
    meaning: 'It was changed outside of git, and that has not been put right yet.',
  },
  pending: {
    word: 'Pending',
    icon: 'clock',
    tone: 'busy',
    meaning: 'A change is due: it waits for its turn, or is left out by policy or a dry run.',
  },
  orphaned: {
    word: 'Orphaned',
    icon: 'unlinked',
    tone: 'quiet',
    meaning: 'No file defines it any more. It is left alone.',
  },
  suspended: { word: 'Suspended', icon: 'pause', tone: 'quiet', meaning: 'Left alone on purpose, by sync.suspend.' },
  in_sync: { word: 'In sync', icon: 'check', tone: 'good', meaning: 'It is as its file says.' },
};

export const STATE_NAMES = Object.keys(STATES) as readonly ConnectorState[];

/** These wait for a person, or for the daemon to put them right. */
export const NEEDS_ATTENTION: readonly ConnectorState[] = ['invalid', 'failing', 'blocked', 'drifted'];
