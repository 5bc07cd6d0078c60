/** Once nothing fails any more, everything must become right, and stay so without another write. */

import type { BlockCode, Change } from '../../../src/model/change.ts';
import type { Outcome } from '../../../src/model/outcome.ts';
import type { PassResult } from '../../../src/model/pass.ts';
import type { SandboxConnector } from '../../../src/sandbox/sandbox-connector.ts';
import type { ModelDefinition } from './definition.ts';
import { CANARY, expectedConfig, isUsable, keyOf, markerOf } from './definition.ts';
import { checkAfterAction, checkedPass, checkNoTwins, isWrite, must } from './invariants.ts';
import type { World } from './world.ts';
import { GOOD_KEY, readState } from './world.ts';

/** Far more than any story needs; each goes beyond the longest rest of a failing connector. */
const MOST_ROUNDS = 30;
const ROUND_MS = 20 * 60_000;
const QUIET_PASS = { kill: null, withdrawAt: null, source: 'there' } as const;

/** Mend nothing but the faults, look; then mend the files too, and look again. */
export async function converge(world: World): Promise<void> {
  world.sandbox.clearFaults();
  world.sandbox.setApiKey(GOOD_KEY);
  await settle(world);

  world.variables['CONNECTOR_TOKEN'] ??= `${CANARY}-token-last`;
  world.book.change((files) => {
    for (const definition of files.values()) files.set(definition.marker, { ...definition, broken: 'none' });
  });
  world.writeFiles();
  await settle(world);
  checkNoTwins(world);
  await checkIgnored(world);

  await world.engine.restart();
  const { requests } = world.sandbox;
  const before = requests.length;
  const plan = await world.engine.plan();
  const pending = plan.outcomes.filter(({ outcome, change }) => outcome === 'skipped' && change.action !== 'none');
  must(pending.length === 0, () => `after a clean sync there is still a plan: ${describe(pending)}`);
  const writes = requests.slice(before).filter(isWrite);
  must(writes.length === 0, () => `a plan has written: ${JSON.stringify(writes)}`);
  must(!readState(world.engine).includes(CANARY), () => 'the state holds a secret');
}

async function settle(world: World): Promise<void> {
  let honourBackOff = true;
  for (let round = 1; ; round += 1) {
    await world.quiet();
    world.engine.advance(ROUND_MS);
    const before = world.sandbox.requests.length;
    const { result } = await checkedPass(world, { ...QUIET_PASS, honourBackOff });
    // What the server has refused for good is not sent again by itself: somebody asks for it.
    honourBackOff = !result.outcomes.some(({ failure }) => failure?.kind === 'permanent');
    checkAfterAction(world);
    const wrote = world.sandbox.requests.slice(before).some(isWrite);
    const pending = result.outcomes.filter((outcome) => !isFinal(outcome));
    const isBraked = result.brakes.some(({ code }) => LIFTED_BY_FORCE.has(code));
    if (isBraked) await force(world);
    else if (!wrote && result.api.status === 'ok' && result.plan !== null && pending.length === 0) {
      verify(world, result);
      return;
    }
    must(
      round < MOST_ROUNDS,
      () => `it does not come to rest: ${describe(result.outcomes)} ${JSON.stringify(result.api)}`,
    );
  }
}

const SOMEBODYS_RATE = 17;

/** What a definition ignores is left to people, and carried along when something else is put right. */
async function checkIgnored(world: World): Promise<void> {
  const { book, engine, sandbox, setting } = world;
  if (setting.drift === 'report' || setting.policy === 'create-only' || setting.maskHeaders) return;
  const live = new Set(sandbox.connectors().map(({ id }) => id));
  const bound = new Map(engine.bindings().map(({ key, id }) => [key, id]));
  const ids = [...book.files.values()].flatMap((definition) => {
    const id = bound.get(keyOf(definition, book.files));
    const isTried = definition.ignoreRate && !definition.suspend && id !== undefined && live.has(id);
    return isTried && (definition.pin ?? id) === id ? [id] : [];
  });
  const rates = (): readonly (number | null)[] =>
    sandbox.connectors().flatMap(({ id, rate_limit }) => (ids.includes(id) ? [rate_limit] : []));

  for (const id of ids) sandbox.edit(id, { rate_limit: SOMEBODYS_RATE });
  const before = sandbox.requests.length;
  await settle(world);
  const writes = sandbox.requests.slice(before).filter(isWrite);
  must(writes.length === 0, () => `what is ignored was written: ${JSON.stringify(writes)}`);
  for (const id of ids) sandbox.edit(id, { method: 'patch' });
  await settle(world);
  must(
    rates().every((rate) => rate === SOMEBODYS_RATE),
    () => `what is ignored was not carried along: ${rates().join()}`,
  );
}

const LIFTED_BY_FORCE: ReadonlySet<BlockCode> = new Set(['live_list_short', 'mass_delete']);

/** What a person does who has looked at the brake: `sync --force`, once. */
async function force(world: World): Promise<void> {
  await world.engine.restart({ force: true });
  world.book.begin();
  await world.engine.pass({ kill: null, withdrawAt: null, honourBackOff: false });
  world.unsettled = true;
  await world.engine.restart();
}

function isFinal({ outcome, change }: Outcome): boolean {
  if (outcome === 'applied' || outcome === 'failed') return false;
  return !(change.action === 'blocked' && change.code === 'unconfirmed_delete');
}

/** The last pass has written nothing. Was that right? */
function verify(world: World, { outcomes }: PassResult): void {
  const { book, sandbox, setting } = world;
  const liveById = new Map(sandbox.connectors().map((live) => [live.id, live]));
  const byKey = new Map([...book.files.values()].map((definition) => [keyOf(definition, book.files), definition]));
  const told = new Set(outcomes.map(({ change }) => change.key));
  for (const [key, definition] of byKey) {
    const isHeld = !isUsable(definition, book.files, world.variables);
    must(isHeld || told.has(key), () => `nothing is said of ${definition.marker}`);
  }

  for (const outcome of outcomes) {
    const definition = byKey.get(outcome.change.key);
    if (definition === undefined) checkOrphan(world, outcome);
    else checkDefinition(world, definition, outcome, liveById);
  }
  const bound = new Set(world.engine.bindings().map(({ id }) => id));
  for (const live of liveById.values()) {
    const marker = markerOf(live);
    const definition = marker === null ? undefined : book.files.get(marker);
    const isMeant = definition !== undefined && isUsable(definition, book.files, world.variables);
    const isLost = isMeant && !bound.has(live.id) && setting.policy !== 'create-only';
    const waits =
      isLost &&
      outcomes.some(({ change, outcome }) => outcome !== 'unchanged' && byKey.get(change.key)?.marker === marker);
    must(!isLost || waits, () => `the connector of ${marker ?? ''} is lost: ${JSON.stringify(live)}`);
  }
}

function checkOrphan({ setting, book, variables }: World, { outcome, change }: Outcome): void {
  if (outcome === 'held') return;
  const usable = [...book.files.values()].every((definition) => isUsable(definition, book.files, variables));
  const waits =
    change.action === 'blocked' && (change.code === 'invalid_definitions' || change.code === 'source_empty');
  const isRight =
    outcome === 'skipped' ||
    (outcome === 'reported' && setting.policy !== 'sync') ||
    (waits && !(usable && book.files.size > 0));
  must(isRight, () => `an orphan is left: ${describe([{ outcome, change }])}`);
}

function checkDefinition(
  world: World,
  definition: ModelDefinition,
  { outcome, change }: Outcome,
  liveById: ReadonlyMap<number, SandboxConnector>,
): void {
  const { book, variables, setting } = world;
  const wrong = (): string => `${definition.marker} is not right: ${describe([{ outcome, change }])}`;
  if (!isUsable(definition, book.files, variables)) {
    must(outcome === 'held', wrong);
    return;
  }
  if (outcome === 'unchanged') {
    checkEqual(world, definition, liveById.get(change.id ?? 0));
    return;
  }
  const anyBroken = [...book.files.values()].some((each) => !isUsable(each, book.files, variables));
  const isAllowed =
    (outcome === 'skipped' &&
      (definition.suspend || setting.policy === 'create-only' || setting.policy === 'update-only')) ||
    (outcome === 'blocked' && change.action === 'blocked' && mayBlock(change.code, definition, liveById, anyBroken)) ||
    (outcome === 'reported' && setting.drift === 'report');
  must(isAllowed, wrong);
}

function mayBlock(
  code: BlockCode,
  { pin }: ModelDefinition,
  liveById: ReadonlyMap<number, SandboxConnector>,
  anyBroken: boolean,
): boolean {
  if (code === 'pinned_id_missing') return pin !== null && !liveById.has(pin);
  return code === 'name_held' && anyBroken;
}

function checkEqual(
  { variables, setting, tampered }: World,
  definition: ModelDefinition,
  live: SandboxConnector | undefined,
): void {
  const wanted = expectedConfig(definition, variables);
  const seen: Record<string, unknown> = { ...live };
  for (const [field, value] of Object.entries(wanted)) {
    if (field === 'rate_limit' && definition.ignoreRate) continue;
    if (field === 'headers' && setting.maskHeaders && tampered.has(definition.marker)) continue;
    const [is, should] = [JSON.stringify(seen[field]), JSON.stringify(value)];
    must(is === should, () => `${definition.marker}: ${field} is ${is}, not ${should}`);
  }
}

function describe(outcomes: readonly { readonly outcome: string; readonly change: Change }[]): string {
  return outcomes
    .map(({ outcome, change }) => {
      const code = change.action === 'blocked' ? ` (${change.code})` : '';
      return `${outcome} ${change.action}${code} ${change.key} ${change.cause} ${change.reason ?? ''}`;
    })
    .join('\n');
}
