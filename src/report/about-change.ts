import type { Change } from '../model/change.ts';
import type { ConnectorRef } from '../model/event.ts';

/** The connector that an event is about. */
export interface About {
  readonly connector: ConnectorRef;
  readonly file: string | null;
}

/** The same of a definition that has another key by now. */
export function aboutMoved(about: About, key: string): About {
  return { ...about, connector: { ...about.connector, key } };
}

/** @param id the connector's id after the change, when it is not the planned one */
export function aboutChange({ key, name, file, id: planned }: Change, id: number | null = planned): About {
  return { connector: { key, id, name }, file };
}
