/** Files that are parsed and judged while others are still being read, in as many threads as there are, or as an earlier process parsed them. */

import type { ValidConnector } from '../model/connector.ts';
import type { ContentCache } from '../model/content-cache.ts';
import type { Digests, FieldHashes } from '../model/digest.ts';
import type { SourceFile } from '../model/source.ts';
import type { JudgedFile, JudgeFile } from './judge-file.ts';
import type { BeginParsing } from './parse-in-parallel.ts';
import type { ParsedFile } from './parse-yaml.ts';
import type { LookUpPlaceholder } from './placeholder-source.ts';

export interface HeadStart {
  /** Add a file whose content is new. */
  readonly add: (file: SourceFile) => void;
  /**
   * There are no more. To be called also when the files are not wanted any more, since threads wait for it. Rejects with what the
   * judge throws.
   */
  readonly finish: () => Promise<void>;
}

export interface HeadStartOptions {
  readonly judge: JudgeFile;
  readonly lookUp: LookUpPlaceholder;
  readonly maxDefinitions: number;
  readonly beginParsing: BeginParsing | null;
  readonly ahead: WorkAhead | null;
}

/** What is done at once with each connector, or was done before; it belongs together, since both have the same key. */
export interface WorkAhead {
  readonly digests: Pick<Digests, 'ofDefinition' | 'know'>;
  /** Null when nothing is kept from one process to the next. */
  readonly cache: ContentCache | null;
}

/** @returns a head start, and what it has judged, by the bytes that were added */
export function createHeadStart(options: HeadStartOptions): {
  readonly headStart: HeadStart;
  readonly judged: ReadonlyMap<Uint8Array, JudgedFile>;
} {
  const { judge, lookUp, maxDefinitions, beginParsing, ahead } = options;
  const added: SourceFile[] = [];
  const judged = new Map<Uint8Array, JudgedFile>();
  const take = (file: SourceFile, parsed: ParsedFile): JudgedFile => {
    const one = judge(file, parsed, lookUp);
    judged.set(file.bytes, one);
    return one;
  };
  const parsing = beginParsing?.(maxDefinitions, (index, parsed) => {
    const file = added[index];
    if (file === undefined) return;
    const one = take(file, parsed);
    const hashes = connectorsOf(one).map((connector) => ahead?.digests.ofDefinition(connector));
    ahead?.cache?.note(file.path, file.bytes, () =>
      JSON.stringify({ parsed, hashes: restsOnSecrets(one) ? null : hashes }),
    );
  });

  return {
    judged,
    headStart: {
      add(file) {
        const record = ahead?.cache?.recall(file.path, file.bytes) ?? null;
        if (record === null) {
          added.push(file);
          parsing?.add(file.bytes);
          return;
        }
        const { parsed, hashes } = JSON.parse(record) as CachedFile;
        const connectors = connectorsOf(take(file, parsed));
        for (const [index, connector] of connectors.entries()) {
          const known = hashes?.[index];
          if (known === undefined) ahead?.digests.ofDefinition(connector);
          else ahead?.digests.know(connector, known);
        }
      },
      finish: async () => parsing?.finish(),
    },
  };
}

/** What is kept of a file: never a secret, nor a hash of one, for there the values are others each time. */
interface CachedFile {
  readonly parsed: ParsedFile;
  /** Of its connectors, one after the other; null when they rest on secrets. */
  readonly hashes: readonly FieldHashes[] | null;
}

function connectorsOf({ definitions }: JudgedFile): readonly ValidConnector[] {
  return definitions.flatMap(({ connector }) => connector ?? []);
}

function restsOnSecrets({ asked }: JudgedFile): boolean {
  return asked.length > 0;
}
