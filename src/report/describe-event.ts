/** How loud each event is, and the sentence it says. */

import type { ConnectorRef, SyncEvent } from '../model/event.ts';
import { listSome } from '../model/list-some.ts';
import type { Problem } from '../model/problem.ts';
import { countOf } from './count-of.ts';
import { seconds } from './seconds.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

export interface Description {
  readonly level: LogLevel;
  readonly msg: string;
}

export function describeEvent(event: SyncEvent): Description {
  switch (event.event) {
    case 'daemon.started':
      return info(
        `databar-sync ${event.version} keeps ${event.baseUrl} equal to ${event.sourceDir}` +
          ` (policy ${event.policy}, drift ${event.drift})${event.dryRun ? '; dry run, nothing is written' : ''}` +
          (event.sandbox ? '; SANDBOX: an embedded imitation of the API, not the real one' : '') +
          (event.listen === null ? '' : `; look at ${event.listen}`),
      );
    case 'daemon.stopping':
      return info(`${event.signal}: finishing what is under way, starting nothing new`);
    case 'daemon.stopped':
      return info(`stopped with exit code ${event.exitCode}`);
    case 'pass.completed':
      return { level: event.notable ? 'info' : 'debug', msg: describePass(event) };
    case 'connector.created':
      return info(`created ${nameOf(event.connector)}`);
    case 'connector.adopted':
      return info(`adopted ${nameOf(event.connector)}, which existed already`);
    case 'connector.updated':
      return info(`updated ${nameOf(event.connector)} (${event.cause}): ${pathsOf(event.fields)}`);
    case 'connector.deleted':
      return info(`deleted ${nameOf(event.connector)}, which the source no longer defines`);
    case 'connector.invalid':
      return error(`${event.file ?? event.connector.key} is invalid: ${firstProblem(event.problems)}`);
    case 'connector.blocked':
      return warn(`${nameOf(event.connector)} is blocked: ${event.reason}`);
    case 'connector.failed':
      return error(
        `${nameOf(event.connector)} failed: ${event.error}${placeOf(event.problems)}` +
          (event.retryInMs === null
            ? '; not again until its content changes'
            : `; again in ${seconds(event.retryInMs)}`),
      );
    case 'connector.recovered':
      return info(`${nameOf(event.connector)} is no longer ${event.was}`);
    case 'connector.orphaned':
      return warn(`${nameOf(event.connector)} is no longer defined by ${event.file ?? 'any file'}; it is left alone`);
    case 'connector.adjusted':
      return info(
        `the server keeps its own ${event.fields.join(', ')} for ${nameOf(event.connector)}; that is not drift`,
      );
    case 'drift.detected':
      return warn(
        `drift: ${nameOf(event.connector)} ${driftWords(event.cause)}${event.fields.length > 0 ? `: ${pathsOf(event.fields)}` : ''}`,
      );
    case 'drift.healed':
      return info(`drift healed: ${nameOf(event.connector)} is as its file says`);
    case 'drift.cleared':
      return info(`drift gone: ${nameOf(event.connector)} differs from its file no longer, by no doing of ours`);
    case 'brake.engaged':
      return {
        level: event.code === 'unconfirmed_delete' ? 'info' : 'warn',
        msg: `brake ${event.code} holds ${countOf(event.blocked, 'change')}: ${event.reason}`,
      };
    case 'brake.released':
      return info(`brake ${event.code} is released`);
    case 'api.throttled':
      return warn(`the server answered ${event.status}; every request waits ${seconds(event.pauseMs)}`);
    case 'api.unauthorized':
      return error(
        event.error ??
          `the server refuses the API key (${event.status ?? 'no status'}); nothing is written until it is accepted`,
      );
    case 'api.unreachable':
      return error(`the API does not answer as it should: ${event.error}`);
    case 'api.recovered':
      return info('the API answers again');
    case 'source.unavailable':
      return error(
        `the source cannot be read: ${event.reason.replace(/\.$/u, '')}; nothing is changed until it is back`,
      );
    case 'source.recovered':
      return info('the source can be read again');
    case 'watch.degraded':
      return warn(`watching by events failed, polling instead: ${event.reason}`);
    case 'state.rebuilt':
      return warn(`the state is rebuilt from the workspace: ${event.reason}`);
    case 'notify.failed':
      return warn(
        `notifications do not get through: ${event.error}; ${event.waiting} wait` +
          (event.dropped > 0 ? `, ${event.dropped} were dropped` : ''),
      );
    case 'notify.recovered':
      return info('notifications get through again');
  }
}

const info = (msg: string): Description => ({ level: 'info', msg });
const warn = (msg: string): Description => ({ level: 'warn', msg });
const error = (msg: string): Description => ({ level: 'error', msg });

function nameOf({ key, id, name }: ConnectorRef): string {
  return `${key}${name === null ? '' : ` "${name}"`}${id === null ? '' : ` (id ${id})`}`;
}

function pathsOf(fields: readonly { readonly path: string }[]): string {
  return listSome(
    fields.map(({ path }) => path),
    5,
  );
}

function firstProblem(problems: readonly Problem[]): string {
  const [first] = problems;
  if (first === undefined) return 'no reason given';
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
  return `${first.line}:${first.column} ${first.message}${first.hint === null ? '' : ` ${first.hint}`}${more}`;
}

function placeOf(problems: readonly Problem[]): string {
  const [first] = problems;
  return first === undefined ? '' : ` at ${first.file}:${first.line}:${first.column}: ${first.message}`;
}

function driftWords(cause: string): string {
  switch (cause) {
    case 'remote_deleted':
      return 'was deleted outside of git';
    case 'both_changed':
      return 'was changed outside of git, and its file changed too';
    default:
      return 'was changed outside of git';
  }
}

const SHOWN_COUNTS = [
  'created',
  'adopted',
  'updated',
  'deleted',
  'drifted',
  'healed',
  'adjusted',
  'blocked',
  'held',
  'invalid',
  'failed',
  'orphaned',
] as const;

function describePass(event: SyncEvent & { event: 'pass.completed' }): string {
  const counts = SHOWN_COUNTS.flatMap((name) => (event[name] > 0 ? [`${event[name]} ${name}`] : []));
  const next = event.nextInMs === null ? '' : `; next in ${seconds(event.nextInMs)}`;
  return `pass took ${seconds(event.durationMs)}: ${[...counts, `${event.unchanged} unchanged`].join(', ')}${next}`;
}
