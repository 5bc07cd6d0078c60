/**
 * What an event says about the conditions that people are told of:
 *
 *   event                                     condition                       until
 *   drift.detected                            drift of a connector            drift.healed, drift.cleared, connector.deleted
 *   connector.failed, .invalid, .blocked      failure of a connector          connector.recovered, .orphaned, .deleted
 *   brake.engaged                             the brake                       brake.released
 *   api.unauthorized, api.unreachable         the API                         api.recovered
 *   source.unavailable                        the source                      source.recovered
 *
 * A quarantined connector is told by its brake (`fight`), a source that is away by its own condition rather than by its
 * brake, and an unconfirmed delete, which is everyday business, not at all.
 */

import { createHash } from 'node:crypto';
import type { BlockCode } from '../model/change.ts';
import type { ConnectorRef, SyncEvent } from '../model/event.ts';
import type { Problem } from '../model/problem.ts';
import { isHiddenName } from '../model/stored-name.ts';
import { boundedText } from './bounded-text.ts';
import type { Notice, NoticeKind, ProblemPlace } from './notice.ts';

/** What a notice says beside its state and its time. */
export type Found = Omit<Notice, 'state' | 'since' | 'passes'>;

export type Step =
  /** `mark`: a condition that is told already is told again only when this differs. Neither ids nor numbers are in it. */
  | { readonly step: 'begins'; readonly id: string; readonly found: Found; readonly mark: string }
  | { readonly step: 'heals' | 'ends'; readonly id: string };

const MOST_FIELDS = 10;
const MOST_PROBLEMS = 3;
const LONGEST_NAME = 120;
const LONGEST_PATH = 200;
const LONGEST_REASON = 300;

const NOT_TOLD: ReadonlySet<BlockCode> = new Set(['unconfirmed_delete', 'source_unavailable']);

/** The conditions that an event begins or ends; none for most events. */
export function conditionsOf(event: SyncEvent): readonly Step[] {
  switch (event.event) {
    case 'drift.detected': {
      const { cause, fields } = event;
      const paths = fields.map(({ path }) => path);
      const more = beyond(paths, MOST_FIELDS);
      const found = { ...about('drift', 'drift', event), cause, fields: bounded(paths), more };
      return [begins(idOf('drift', event), found, markOf([cause, ...paths.toSorted()]))];
    }
    case 'drift.healed':
      return [{ step: 'heals', id: idOf('drift', event) }];
    case 'drift.cleared':
      return [{ step: 'ends', id: idOf('drift', event) }];
    case 'connector.failed': {
      const { status, error, problems } = event;
      return [fails(event, 'failed', { status, reason: cut(error), ...placesOf(problems) })];
    }
    case 'connector.invalid':
      return [fails(event, 'invalid', placesOf(event.problems))];
    case 'connector.blocked':
      return event.code === 'fight' ? [] : [fails(event, 'blocked', { reason: cut(event.reason) })];
    case 'connector.orphaned':
      // What was wrong with its definition went with it.
      return [{ step: 'ends', id: idOf('failure', event) }];
    case 'connector.recovered':
      return event.was === 'orphaned' ? [] : [{ step: 'ends', id: idOf('failure', event) }];
    case 'connector.deleted':
      return [
        { step: 'ends', id: idOf('failure', event) },
        { step: 'ends', id: idOf('drift', event) },
      ];
    case 'brake.engaged': {
      const { code, reason, blocked } = event;
      if (NOT_TOLD.has(code)) return [];
      const found = { ...NOTHING, kind: 'brake', subject: code, reason: cut(reason), blocked } as const;
      return [begins(`brake ${code}`, found, code)];
    }
    case 'brake.released':
      return [{ step: 'ends', id: `brake ${event.code}` }];
    case 'api.unauthorized': {
      const reason = event.error === undefined ? null : cut(event.error);
      const found = { ...NOTHING, kind: 'api', subject: 'unauthorized', status: event.status, reason } as const;
      return [begins('api', found, 'unauthorized')];
    }
    case 'api.unreachable': {
      const { status, error } = event;
      const found = { ...NOTHING, kind: 'api', subject: 'unreachable', status, reason: cut(error) } as const;
      return [begins('api', found, 'unreachable')];
    }
    case 'api.recovered':
      return [{ step: 'ends', id: 'api' }];
    case 'source.unavailable': {
      const found = { ...NOTHING, kind: 'source', subject: 'unavailable', reason: cut(event.reason) } as const;
      return [begins('source', found, 'unavailable')];
    }
    case 'source.recovered':
      return [{ step: 'ends', id: 'source' }];
    case 'daemon.started':
    case 'daemon.stopping':
    case 'daemon.stopped':
    case 'pass.completed':
    case 'connector.created':
    case 'connector.adopted':
    case 'connector.updated':
    case 'connector.adjusted':
    case 'api.throttled':
    case 'watch.degraded':
    case 'state.rebuilt':
    case 'notify.failed':
    case 'notify.recovered':
      return [];
  }
}

/** The condition of a connector: its kind and its key. */
export function idOfKey(kind: 'drift' | 'failure', key: string): string {
  return `${kind} ${key}`;
}

interface AboutConnector {
  readonly connector: ConnectorRef;
  readonly file: string | null;
}

const NOTHING = {
  connector: null,
  file: null,
  cause: null,
  fields: [],
  problems: [],
  more: 0,
  status: null,
  reason: null,
  blocked: null,
} as const;

function begins(id: string, found: Found, mark: string): Step {
  return { step: 'begins', id, found, mark };
}

/** Another status is the same trouble; another kind of trouble is news. */
function fails(event: AboutConnector, subject: 'failed' | 'invalid' | 'blocked', details: Partial<Found>): Step {
  return begins(idOf('failure', event), { ...about('failure', subject, event), ...details }, subject);
}

function about(kind: NoticeKind, subject: Found['subject'], { connector, file }: AboutConnector): Found {
  const isShown = connector.name !== null && !isHiddenName(connector.name);
  const name = isShown ? boundedText(connector.name, LONGEST_NAME) : null;
  return {
    ...NOTHING,
    kind,
    subject,
    connector: { key: boundedText(connector.key, LONGEST_PATH), id: connector.id, name },
    file: file === null ? null : boundedText(file, LONGEST_PATH),
  };
}

function idOf(kind: 'drift' | 'failure', { connector }: AboutConnector): string {
  return idOfKey(kind, connector.key);
}

/** As short as it is for few, however many and long the parts are. */
function markOf(parts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part).update('\n');
  return hash.digest('base64');
}

function bounded(paths: readonly string[]): readonly string[] {
  return paths.slice(0, MOST_FIELDS).map((path) => boundedText(path, LONGEST_PATH));
}

function placesOf(problems: readonly Problem[]): Pick<Found, 'problems' | 'more'> {
  const places = problems.slice(0, MOST_PROBLEMS).map(({ file, line, column, code }): ProblemPlace => ({
    file: boundedText(file, LONGEST_PATH),
    line,
    column,
    code,
  }));
  return { problems: places, more: beyond(problems, MOST_PROBLEMS) };
}

function beyond(all: readonly unknown[], most: number): number {
  return Math.max(0, all.length - most);
}

function cut(reason: string): string {
  return boundedText(reason.replace(/\.\s*$/u, ''), LONGEST_REASON);
}
