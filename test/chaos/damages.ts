/** Keeps watch over the workspace, and remembers what has come to harm. */

import { markerOf } from '../support/model/definition.ts';
import type { Scene } from './scene.ts';

export const DAMAGES = ['lost', 'duplicated', 'wrongly deleted', 'touched though not ours', 'misbehaved'] as const;
export type DamageKind = (typeof DAMAGES)[number];

export interface Damages {
  readonly found: ReadonlyMap<DamageKind, readonly string[]>;
  add(kind: DamageKind, what: string): void;
  /** The files are about to change. */
  noteFiles(): void;
  /** Somebody has edited or removed the connector of this definition. */
  noteEdit(marker: string): void;
  /** How often that happened lately. */
  editsOf(marker: string): number;
  /** Look at everything that has happened since the last look. */
  look(): void;
}

/** A delete that is sent now was planned from files that are no older than this; milliseconds. */
const OLDEST_PLAN_MS = 30_000;
const FIGHT_WINDOW_MS = 10 * 60_000;

export function watchForDamages({ sandbox, book, unmanaged, program }: Scene, now: () => number): Damages {
  const found = new Map<DamageKind, Set<string>>();
  const lastAbsent = new Map<string, number>();
  const edits = new Map<string, number[]>();
  const markers = new Map<number, string>();
  let seen = 0;
  let complaints = 0;

  const add = (kind: DamageKind, what: string): void => {
    found.set(kind, (found.get(kind) ?? new Set()).add(what));
  };

  const noteFiles = (): void => {
    for (const marker of book.removed.keys()) lastAbsent.set(marker, now());
  };

  const lookAtDeletes = (): void => {
    const deletes = sandbox.requests.slice(seen).filter(({ method }) => method === 'DELETE');
    seen = sandbox.requests.length;
    for (const { path } of deletes) {
      const id = Number(/\d+$/u.exec(path)?.[0]);
      const marker = markers.get(id);
      if (unmanaged.has(id)) add('wrongly deleted', `${id} is not ours`);
      if (marker === undefined || !book.files.has(marker)) continue;
      const absentAt = lastAbsent.get(marker) ?? Number.NEGATIVE_INFINITY;
      if (now() - absentAt > OLDEST_PLAN_MS) add('wrongly deleted', `${id}, the connector of ${marker}`);
    }
  };

  return {
    get found() {
      return new Map([...found].map(([kind, what]) => [kind, [...what]]));
    },
    add,
    noteFiles,
    noteEdit(marker) {
      edits.set(marker, [...(edits.get(marker) ?? []), now()]);
    },
    editsOf: (marker) => (edits.get(marker) ?? []).filter((at) => now() - at < FIGHT_WINDOW_MS).length,
    look() {
      noteFiles();
      lookAtDeletes();
      const live = sandbox.connectors();
      for (const [marker, twins] of Map.groupBy(live, markerOf)) {
        if (marker === null) continue;
        for (const { id } of twins) markers.set(id, marker);
        if (twins.length > 1)
          add('duplicated', `${marker}: ${twins.map(({ id, name }) => `${id} ${name}`).join(', ')}`);
      }
      const byId = new Map(live.map((each) => [each.id, each]));
      for (const [id, text] of unmanaged) {
        if (JSON.stringify(byId.get(id)) !== text) add('touched though not ours', `${id}`);
      }
      for (const complaint of program.complaints.slice(complaints)) add('misbehaved', complaint);
      complaints = program.complaints.length;
    },
  };
}
