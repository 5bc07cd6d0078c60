import type { Change, Move } from '../model/change.ts';
import type { ConnectorRef } from '../model/event.ts';

/** The connector that an event is about. */
export interface About {
  readonly connector: ConnectorRef;
  readonly file: string | null;
}

/** @param id the connector's id after the change, when it is not the planned one */
export function aboutChange({ key, name, file, id: planned }: Change, id: number | null = planned): About {
  return { connector: { key, id, name }, file };
}

/** What is told of a connector whose definition has moved to another path. */
export function atNewPath<C extends { readonly about: About }>(condition: C, { to, file }: Move): C {
  return { ...condition, about: { connector: { ...condition.about.connector, key: to }, file } };
}
