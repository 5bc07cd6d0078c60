/** Live connectors to the files that define them. Pure: what is there already is passed in, and nothing is written. */

import type { LiveConnector, SyncOptions } from '../model/connector.ts';
import type { SecretPlace } from '../model/secret-place.ts';
import type { Claim, PresentDefinition } from './claim.ts';
import type { HidingTools, Secret } from './hide-secrets.ts';
import { hideSecrets } from './hide-secrets.ts';
import type { DefinitionText } from './render-definition.ts';
import { renderFile } from './render-definition.ts';
import type { WrittenTexts } from './written-texts.ts';
import { slugOf, takeFreeName, variableNameOf } from './slug.ts';

/** Where `--single-file` puts everything. */
export const SINGLE_FILE = 'connectors.yaml';

export interface ImportRequest {
  /** Those that are asked for. */
  readonly live: readonly LiveConnector[];
  readonly claims: ReadonlyMap<number, Claim>;
  /** Where definitions have, or had, placeholders, by the id of the connector. */
  readonly secretPlaces: ReadonlyMap<number, readonly SecretPlace[]>;
  /** Texts of the definitions that are there, by the id of the connector. */
  readonly writtenTexts: ReadonlyMap<number, WrittenTexts>;
  /** Definitions that are there, in every file. */
  readonly definitions: readonly PresentDefinition[];
  /** Names in the directory, and paths of definitions in it, without their extensions and in lower case. */
  readonly takenNames: ReadonlySet<string>;
  /** Variables that definitions there name already, by file. */
  readonly variables: ReadonlyMap<string, readonly string[]>;
  readonly envPrefix: string;
  readonly singleFile: boolean;
  /** Write connectors anew that a file of their own defines. */
  readonly overwrite: boolean;
  /** The host that the connectors come from. */
  readonly host: string;
  /** Where editors find the schema, seen from a file at this path. */
  readonly schemaFor: (path: string) => string;
  readonly hiding: Omit<HidingTools, 'placeholder'>;
}

export interface ImportPlan {
  /** Sorted by path, without its extension. */
  readonly files: readonly PlannedFile[];
  /** In the order of the live list. */
  readonly left: readonly LeftConnector[];
  /**
   * Definitions of a file that would be written anew without them. With any, nothing of the plan may be written: their
   * connectors would be taken for ones that nobody wants any more.
   */
  readonly dropped: readonly DroppedDefinition[];
}

export interface DroppedDefinition {
  readonly key: string;
  readonly reason: 'invalid' | 'no connector of its own' | 'not asked for';
}

export interface PlannedFile {
  /** Relative to the directory, with `/`. */
  readonly path: string;
  readonly text: string;
  /** True when the file is there, and is to be written anew. */
  readonly replaces: boolean;
  readonly connectors: readonly ImportedConnector[];
}

export interface ImportedConnector {
  readonly id: number;
  /** As it may be shown. */
  readonly name: string;
  readonly placeholders: readonly ImportPlaceholder[];
}

export interface ImportPlaceholder {
  readonly variable: string;
  /** JSON Pointer of the text that it is a part of. */
  readonly path: string;
  readonly label: string;
  /** The server shows a mask: nobody but its owner knows the value. */
  readonly masked: boolean;
}

export interface LeftConnector {
  readonly id: number;
  readonly name: string;
  readonly file: string;
  /** Completes the sentence "it is left alone: ...". */
  readonly reason: string;
}

/** Shown in place of a name that is a secret itself. */
const SECRET_NAME = '(a name from a placeholder)';
const NO_SYNC: SyncOptions = { ref: null, suspend: false, protect: false, ignore: [] };

export function planImport(request: ImportRequest): ImportPlan {
  const names = new Set(request.takenNames);
  const placesOf = ({ id }: LiveConnector): ReadonlySet<SecretPlace> => new Set(request.secretPlaces.get(id));
  const shownName = (connector: LiveConnector): string =>
    placesOf(connector).has('name') ? SECRET_NAME : connector.config.name;
  const left: LeftConnector[] = [];
  const wanted: { connector: LiveConnector; claim: Claim | undefined }[] = [];
  for (const connector of request.live) {
    const claim = request.claims.get(connector.id);
    const reason = claim === undefined ? null : whyLeft(claim, request);
    if (claim === undefined || reason === null) wanted.push({ connector, claim });
    else left.push({ id: connector.id, name: shownName(connector), file: claim.file, reason });
  }
  // By id, so that numbers of equal names do not depend on the server's order.
  wanted.sort((a, b) => a.connector.id - b.connector.id);
  const variables = new Set([...request.variables].flatMap(([, used]) => used));

  const write = (connector: LiveConnector, slug: string, sync: SyncOptions): Written => {
    const known = {
      places: placesOf(connector),
      written: request.writtenTexts.get(connector.id) ?? new Map<string, string>(),
    };
    const placeholders: ImportPlaceholder[] = [];
    const placeholder = ({ path, label, masked }: Secret): string => {
      const base = `${request.envPrefix}${variableNameOf(slug, 'X')}_${variableNameOf(label, 'VALUE')}`;
      const variable = takeFreeName(base, '_', variables);
      placeholders.push({ variable, path, label, masked });
      return `\${env:${variable}}`;
    };
    const { id } = connector;
    const config = hideSecrets(connector.config, { ...request.hiding, placeholder }, known);
    const origin = `Imported from ${request.host}, connector ${id}.`;
    return {
      definition: { config, id, sync, origin },
      imported: { id, name: shownName(connector), placeholders },
    };
  };
  const slugFor = (connector: LiveConnector): string => {
    const plain = `connector-${connector.id}`;
    return placesOf(connector).has('name') ? plain : slugOf(connector.config.name, plain);
  };

  if (request.singleFile) {
    const syncOf = (claim: Claim | undefined): SyncOptions => (claim?.kind === 'defined' ? claim.sync : NO_SYNC);
    const refs = new Set(wanted.flatMap(({ claim }) => syncOf(claim).ref ?? []));
    const all = wanted.map(({ connector, claim }) => {
      const sync = syncOf(claim);
      const ref = sync.ref ?? takeFreeName(slugFor(connector), '-', refs);
      return write(connector, ref, { ...sync, ref });
    });
    if (all.length === 0) return { files: [], left, dropped: [] };
    const ids = new Set(all.map(({ imported }) => imported.id));
    const dropped = request.overwrite ? findDropped(request.definitions, ids) : [];
    return { files: [fileOf(SINGLE_FILE, request.overwrite, all, request)], left, dropped };
  }
  const files = wanted.map(({ connector, claim }) => {
    if (claim?.kind === 'defined') {
      const slug = (claim.file.split('/').at(-1) ?? '').replace(/\.ya?ml$/iu, '');
      return fileOf(claim.file, true, [write(connector, slug, claim.sync)], request);
    }
    const slug = takeFreeName(slugFor(connector), '-', names);
    return fileOf(`${slug}.yaml`, false, [write(connector, slug, NO_SYNC)], request);
  });
  return { files: files.sort((a, b) => (withoutExtension(a) < withoutExtension(b) ? -1 : 1)), left, dropped: [] };
}

/** @param ids of the connectors that are written into the single file */
function findDropped(
  definitions: readonly PresentDefinition[],
  ids: ReadonlySet<number>,
): readonly DroppedDefinition[] {
  return definitions
    .filter(({ file, id }) => file === SINGLE_FILE && (id === null || !ids.has(id)))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ key, isValid, id }) => {
      if (!isValid) return { key, reason: 'invalid' };
      return { key, reason: id === null ? 'no connector of its own' : 'not asked for' };
    });
}

interface Written {
  readonly definition: DefinitionText;
  readonly imported: ImportedConnector;
}

function fileOf(path: string, replaces: boolean, all: readonly Written[], request: ImportRequest): PlannedFile {
  const text = renderFile(
    all.map(({ definition }) => definition),
    request.schemaFor(path),
  );
  return { path, text, replaces, connectors: all.map(({ imported }) => imported) };
}

function withoutExtension({ path }: PlannedFile): string {
  return path.replace(/\.ya?ml$/iu, '');
}

/** Null when the connector is to be written anew. */
function whyLeft(claim: Claim, { overwrite, singleFile }: ImportRequest): string | null {
  switch (claim.kind) {
    case 'defined': {
      if (!overwrite) return 'defined there already';
      if (singleFile) return claim.file === SINGLE_FILE ? null : 'defined there already';
      if (claim.documents > 1) return 'defined there, beside others in one file; it is not written anew';
      return /\.ya?ml$/iu.test(claim.file) ? null : 'defined there, in a file that is not YAML; it is not written anew';
    }
    case 'invalid':
      return 'the definition there, which is held to be its own, is invalid; mend that first';
    case 'ambiguous':
      return 'the definition there may mean it, or another of the same name; pin that one with `id` first';
  }
}
