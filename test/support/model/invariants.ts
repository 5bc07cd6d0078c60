/** What must be true whatever happens. */

import { setTimeout as delay } from 'node:timers/promises';
import type { Change } from '../../../src/model/change.ts';
import type { PassResult } from '../../../src/model/pass.ts';
import type { RecordedRequest } from '../../../src/sandbox/request-log.ts';
import type { Action } from './action.ts';
import { CANARY, isUsable, keyOf, markerOf } from './definition.ts';
import type { PassReport } from './engine.ts';
import type { World } from './world.ts';

export class Broken extends Error {
  override readonly name = 'Broken';
}

export function must(holds: boolean, what: () => string): asserts holds {
  if (!holds) throw new Broken(what());
}

/** After everything that happens. */
export function checkAfterAction(world: World): void {
  const byId = new Map(world.sandbox.connectors().map((live) => [live.id, live]));
  for (const [id, text] of world.unmanaged) {
    must(JSON.stringify(byId.get(id)) === text, () => `${id}, which is not ours, was touched: it was ${text}`);
  }
  checkNoTwins(world);
}

/** No definition has two connectors; where places were traded, there are not more connectors than definitions. */
export function checkNoTwins({ book, sandbox }: World): void {
  const made = Map.groupBy(sandbox.connectors(), markerOf);
  made.delete(null);
  for (const [marker, twins] of made) {
    must(book.everLoose || twins.length === 1, () => `${marker ?? ''} has twins: ${JSON.stringify(twins)}`);
  }
  const all = [...made.values()].flat();
  const most = book.files.size + book.removed.size;
  must(all.length <= most, () => `${most} definitions have ${all.length} connectors: ${JSON.stringify(all)}`);
}

type PassAction = Pick<Extract<Action, { do: 'pass' }>, 'kill' | 'withdrawAt' | 'honourBackOff' | 'source'>;

/** One pass, and everything that must be true of it. */
export async function checkedPass(world: World, action: PassAction): Promise<PassReport> {
  const { engine, sandbox, book } = world;
  if (action.source === 'there') book.begin();
  const before = {
    bindings: engine.bindings(),
    connectors: sandbox.connectors(),
    requests: sandbox.requests.length,
  };
  world.unsettled = true;
  const report = await engine.pass(action);
  // What was under way when the process died still arrives.
  if (report.killed) await delay(10);
  const requests = sandbox.requests.slice(before.requests);
  const { result } = report;

  checkPolicy(world, requests);
  checkDeletes(world, report, requests, before);
  checkHeld(world, requests, before.bindings);
  if (action.source !== 'there') {
    const writes = requests.filter(isWrite);
    must(writes.length === 0, () => `the source was ${action.source}, and yet: ${JSON.stringify(writes)}`);
  }
  if (action.source === 'there' && !report.killed) noteAgreements(world, result);
  checkSecrets(world, result);
  return report;
}

export function isWrite({ method }: RecordedRequest): boolean {
  return method !== 'GET';
}

const FORBIDDEN = {
  'create-only': ['PUT', 'DELETE'],
  'update-only': ['POST', 'DELETE'],
  'upsert-only': ['DELETE'],
  sync: [] as readonly string[],
};

function checkPolicy({ setting }: World, requests: readonly RecordedRequest[]): void {
  const forbidden: readonly string[] = FORBIDDEN[setting.policy];
  const found = requests.filter(({ method }) => forbidden.includes(method));
  must(found.length === 0, () => `policy ${setting.policy}, and yet: ${JSON.stringify(found)}`);
}

interface Before {
  readonly bindings: ReturnType<World['engine']['bindings']>;
  readonly connectors: ReturnType<World['sandbox']['connectors']>;
}

function checkDeletes(
  world: World,
  { result, confirmable }: PassReport,
  requests: readonly RecordedRequest[],
  before: Before,
): void {
  const { book, variables } = world;
  const ids = new Set(requests.filter(({ method }) => method === 'DELETE').map(idOf));
  if (ids.size === 0) return;
  const usable = [...book.files.values()].every((definition) => isUsable(definition, book.files, variables));
  must(usable, () => 'a connector was deleted although a definition is invalid');
  must(book.files.size > 0, () => 'a connector was deleted although there is no definition');
  const bound = before.bindings.length;
  must(bound < 5 || ids.size * 100 <= bound * 30, () => `${ids.size} of ${bound} connectors were deleted at once`);
  for (const id of ids) {
    const change = result.plan?.changes.find((planned) => planned.action === 'delete' && planned.id === id);
    must(change !== undefined && confirmable.has(change.key), () => `${id} was deleted without a second look`);
    const live = before.connectors.find((connector) => connector.id === id);
    const marker = live === undefined ? null : markerOf(live);
    if (marker === null || book.everLoose) continue;
    must(!book.files.has(marker), () => `${marker} was deleted although its definition is there`);
    must(!world.protectedOnes.has(marker), () => `${marker} was deleted although it is protected`);
  }
}

function checkHeld(
  { book, variables }: World,
  requests: readonly RecordedRequest[],
  bindings: Before['bindings'],
): void {
  if (book.loose) return;
  const written = new Set(requests.filter(isWrite).map(idOf));
  for (const definition of book.files.values()) {
    if (isUsable(definition, book.files, variables)) continue;
    const id = bindings.find(({ key }) => key === keyOf(definition, book.files))?.id;
    must(id === undefined || !written.has(id), () => `${definition.marker} is invalid, and ${id} was written to`);
  }
}

function idOf({ path }: RecordedRequest): number {
  return Number(/\/(\d+)$/u.exec(path)?.[1]);
}

/** Where the program and the server have agreed, nothing is uncertain any more. */
function noteAgreements(world: World, { outcomes, plan, withdrawn, api }: PassResult): void {
  const { book, tampered, protectedOnes } = world;
  const byKey = new Map([...book.files.values()].map((definition) => [keyOf(definition, book.files), definition]));
  const agreed = outcomes.filter(({ outcome, change }) => isAgreement(outcome, change));
  for (const { change } of agreed) {
    const definition = byKey.get(change.key);
    if (definition === undefined) continue;
    book.agree(definition.marker);
    tampered.delete(definition.marker);
    if (definition.protect) protectedOnes.add(definition.marker);
    else protectedOnes.delete(definition.marker);
  }
  const all = plan !== null && !withdrawn && api.status === 'ok' && agreed.length === plan.changes.length;
  if (all && agreed.length === byKey.size) book.loose = false;
}

function isAgreement(outcome: string, change: Change): boolean {
  return outcome === 'applied' || (outcome === 'unchanged' && change.cause === 'in_sync');
}

function checkSecrets({ engine }: World, result: PassResult): void {
  const leaked = engine.said.splice(0).find((line) => line.includes(CANARY));
  must(leaked === undefined, () => `a secret was told: ${leaked}`);
  const shown = result.outcomes.map(({ failure, change: { name, reason, fields } }) => ({
    failure,
    name,
    reason,
    fields,
  }));
  const text = JSON.stringify([shown, result.api, result.desired.invalid, result.brakes]);
  const at = text.indexOf(CANARY);
  must(at === -1, () => `a secret would be shown: ${text.slice(Math.max(0, at - 200), at + 50)}`);
}
