/** The workspace behind the sandbox: connectors in id order, and the recent changes so that the past can be shown. */

import type { PlanCaps, SandboxConnector, SandboxConnectorInput } from './sandbox-connector.ts';
import { fillConfig } from './sandbox-connector.ts';

/** A connector to begin with. With ids, they must rise from one to the next. */
export type InitialConnector = SandboxConnectorInput & { readonly id?: number; readonly created_at?: string | null };

export interface ConnectorStore {
  /** In id order; a copy that later changes do not touch. */
  list(): readonly SandboxConnector[];
  /** The list as it was `changes` changes ago, at most 1,000; the oldest known one when there were fewer. */
  listBefore(changes: number): readonly SandboxConnector[];
  get(id: number): SandboxConnector | undefined;
  create(input: SandboxConnectorInput): SandboxConnector;
  /** Put another configuration in place of the stored one; undefined when there is no such connector. */
  replace(id: number, input: SandboxConnectorInput): SandboxConnector | undefined;
  /** False when there is no such connector. Its id is never given again. */
  remove(id: number): boolean;
  readonly size: number;
}

const REMEMBERED_CHANGES = 1_000;

interface UndoStep {
  readonly id: number;
  readonly before: SandboxConnector | undefined;
}

/** @param now milliseconds since the epoch, for `created_at`. @throws RangeError when initial ids do not rise. */
export function createConnectorStore(
  initial: readonly InitialConnector[],
  caps: PlanCaps,
  now: () => number,
): ConnectorStore {
  const connectors = new Map<number, SandboxConnector>();
  const undo: UndoStep[] = [];
  let nextId = 1;

  function write(id: number, connector: SandboxConnector | undefined): void {
    undo.push({ id, before: connectors.get(id) });
    if (undo.length > REMEMBERED_CHANGES) undo.shift();
    if (connector === undefined) connectors.delete(id);
    else connectors.set(id, connector);
  }

  for (const entry of initial) {
    const id = entry.id ?? nextId;
    if (!Number.isSafeInteger(id) || id < nextId)
      throw new RangeError(`Initial connector ids must rise; ${id} does not.`);
    const created_at = entry.created_at === undefined ? new Date(now()).toISOString() : entry.created_at;
    connectors.set(id, { id, ...fillConfig(entry, caps), created_at });
    nextId = id + 1;
  }

  return {
    list: () => [...connectors.values()],
    listBefore(changes) {
      const past = new Map(connectors);
      for (const { id, before } of undo.slice(Math.max(0, undo.length - changes)).toReversed()) {
        if (before === undefined) past.delete(id);
        else past.set(id, before);
      }
      return [...past.values()].toSorted((left, right) => left.id - right.id);
    },
    get: (id) => connectors.get(id),
    create(input) {
      const id = nextId;
      nextId += 1;
      const connector = { id, ...fillConfig(input, caps), created_at: new Date(now()).toISOString() };
      write(id, connector);
      return connector;
    },
    replace(id, input) {
      const current = connectors.get(id);
      if (current === undefined) return undefined;
      const connector = { id, ...fillConfig(input, caps), created_at: current.created_at };
      write(id, connector);
      return connector;
    },
    remove(id) {
      if (!connectors.has(id)) return false;
      write(id, undefined);
      return true;
    },
    get size() {
      return connectors.size;
    },
  };
}
