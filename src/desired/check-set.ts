/** What definitions must not have in common: a key, an id, or a name by which they would have to be told apart. */

import type { Fault } from './fault.ts';
import { fault, quoteName } from './fault.ts';

/** What is known of a definition, valid or not. */
export interface Candidate {
  readonly key: string;
  readonly file: string;
  /** The document's `sync.ref`, in a file of several documents. */
  readonly ref: string | null;
  /** True when its file, or its ref, could not be read, so that the key is only the file's. */
  readonly wholeFile: boolean;
  readonly id: number | null;
  readonly name: string | null;
  /** The name came from a placeholder, so it must not be shown. */
  readonly hasSecretName: boolean;
}

/**
 * Find the definitions that contradict each other. Every one of a contradiction gets a fault that names the others.
 *
 * Definitions of one name are told apart by their ids and by what they are bound to, so that at most one of them may
 * have neither; those that have one are not blamed. `isBound` tells whether a key is bound to a live connector.
 */
export function checkSet<T extends Candidate>(
  candidates: readonly T[],
  isBound: (key: string) => boolean,
): ReadonlyMap<T, readonly Fault[]> {
  const faults = new Map<T, Fault[]>();
  const blame = (group: readonly T[], explain: (other: string, one: T) => Fault): void => {
    for (const one of group) {
      const known = faults.get(one) ?? [];
      faults.set(one, [...known, explain(describeOthers(group, one), one)]);
    }
  };

  for (const group of sharing(candidates, ({ key }) => key)) {
    const withRef = group.filter(({ ref }) => ref !== null);
    for (const sameFile of sharing(withRef, ({ file }) => file)) blame(sameFile, duplicateRef);
    if (group.some(({ file }) => file !== group[0]?.file)) blame(group, duplicateKey);
  }
  for (const group of sharing(candidates, ({ id }) => id)) blame(group, duplicateId);
  const unidentified = candidates.filter(({ id, key }) => id === null && !isBound(key));
  for (const group of sharing(unidentified, ({ name }) => name)) blame(group, duplicateName);
  return faults;
}

/** Groups of two or more that have something in common; null is nothing. */
function sharing<T>(candidates: readonly T[], of: (candidate: T) => string | number | null): readonly (readonly T[])[] {
  const groups = Map.groupBy(candidates, of);
  groups.delete(null);
  return [...groups.values()].filter(({ length }) => length > 1);
}

const MAX_NAMED = 3;

function describeOthers(group: readonly Candidate[], one: Candidate): string {
  // Only the first few are looked at: a group may hold every definition there is.
  const others = group.slice(0, MAX_NAMED + 1).filter((other) => other !== one);
  const named = others.slice(0, MAX_NAMED).map(({ file, ref }) => (ref === null ? file : `${file} (ref ${ref})`));
  const more = group.length - 1 - named.length;
  return [...named, ...(more > 0 ? [`${more} more`] : [])].join(', ');
}

function duplicateRef(_others: string, { ref }: Candidate): Fault {
  const message = `Another document of this file has the ref "${ref ?? ''}" too.`;
  return fault('duplicate_ref', '/sync/ref', message, { hint: 'Give each document a ref of its own.' });
}

function duplicateKey(others: string, { key }: Candidate): Fault {
  const message = `The key ${quoteName(key)} is also that of ${others}.`;
  return fault('duplicate_definition_key', '', message, { hint: 'Rename or delete all but one of these files.' });
}

function duplicateId(others: string, { id }: Candidate): Fault {
  const hint = 'One connector has one definition: correct the id in one of them, or remove it.';
  return fault('duplicate_id', '/id', `The id ${String(id)} is also that of ${others}.`, { hint });
}

function duplicateName(others: string, { name, hasSecretName }: Candidate): Fault {
  const subject = hasSecretName || name === null ? 'This name' : `The name ${quoteName(name)}`;
  const hint = 'Rename all but one, or pin each to its connector with "id".';
  return fault('duplicate_name', '/name', `${subject} is also that of ${others}.`, { hint });
}
