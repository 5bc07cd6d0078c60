/** Files that belong to a directory of definitions and lie beside it or, hidden, in it. */

import { lstatSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';

/** Where editors find the schema: a visible JSON file inside the directory would be taken for a definition. */
const SCHEMA_PLACES = ['.connector.schema.json', '../connector.schema.json', '../config/connector.schema.json'];
const ENV_EXAMPLE_PLACES = ['.env.example', '../.env.example'];

export interface NeighbourFile {
  readonly directory: string;
  readonly name: string;
  /** Null when it is not there. */
  readonly text: string | null;
}

export function findSchema(directory: string): NeighbourFile {
  return find(directory, SCHEMA_PLACES);
}

export function findEnvExample(directory: string): NeighbourFile {
  return find(directory, ENV_EXAMPLE_PLACES);
}

/** The path from one file to another, as editors read it. */
export function relativePath(fromFile: string, toFile: string): string {
  const path = relative(dirname(fromFile), toFile).replaceAll('\\', '/');
  return path.startsWith('.') && !path.startsWith('.connector') ? path : `./${path}`;
}

/** The first that is a regular file, else the first of the places. */
function find(directory: string, places: readonly string[]): NeighbourFile {
  const paths = places.map((place) => join(directory, place));
  const path = paths.find((candidate) => lstatSync(candidate, { throwIfNoEntry: false })?.isFile() === true);
  const chosen = path ?? join(directory, places[0] ?? '');
  return {
    directory: dirname(chosen),
    name: basename(chosen),
    text: path === undefined ? null : readFileSync(path, 'utf8'),
  };
}
