/** The schemas of a definition as plain functions: to compile them at each start takes as long as to start Node. */

import { Ajv2020 } from 'ajv/dist/2020.js';
import standalone from 'ajv/dist/standalone/index.js';
import type { Plugin } from 'esbuild';
import { build } from 'esbuild';
import type { BundledPackage } from './bundled-packages.ts';
import { bundledPackages } from './bundled-packages.ts';
import { connectorCreateSchema } from '../desired/connector-create.schema.ts';
import { definitionSchema } from '../desired/definition-schema.ts';

export interface CompiledSchemas {
  /** Of a module that needs no other; what it exports is declared in `src/desired/compiled-schemas.d.ts`. */
  readonly text: string;
  /** What others wrote of it. */
  readonly packages: readonly BundledPackage[];
}

export async function compileSchemas(): Promise<CompiledSchemas> {
  const structure = without([...ANNOTATIONS, ...RULES_ABOUT_TEXTS], definitionSchema) as object;
  const published = without(ANNOTATIONS, connectorCreateSchema) as object;
  return bundleModules({
    first: compile({ hasStructure: structure }, { allErrors: false }),
    all: compile({ hasWholeStructure: structure, isPublished: published }, { allErrors: true }),
  });
}

/** A module of Ajv's that exports one function for each schema. */
function compile(schemas: Readonly<Record<string, object>>, { allErrors }: { readonly allErrors: boolean }): string {
  const code = { source: true, esm: true };
  const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors, messages: false, code });
  // The published schemas refer to each other by the paths of an OpenAPI document.
  ajv.addKeyword('components');
  for (const [name, schema] of Object.entries(schemas)) ajv.addSchema(schema, name);
  return standalone.default(ajv, Object.fromEntries(Object.keys(schemas).map((name) => [name, name])));
}

/** One module that exports all that several do, together with the helpers of Ajv's that they ask for by `require`. */
async function bundleModules(modules: Readonly<Record<string, string>>): Promise<CompiledSchemas> {
  const plugin: Plugin = {
    name: 'modules',
    setup(build) {
      build.onResolve({ filter: /^module:/ }, ({ path }) => ({
        path: path.replace('module:', ''),
        namespace: 'modules',
      }));
      build.onLoad({ filter: /^/, namespace: 'modules' }, ({ path }) => ({
        contents: modules[path] ?? '',
        resolveDir: import.meta.dirname,
      }));
    },
  };
  const contents = Object.keys(modules).map((name) => `export * from 'module:${name}';`);
  const { outputFiles, metafile } = await build({
    metafile: true,
    absWorkingDir: import.meta.dirname,
    stdin: { contents: contents.join('\n') },
    plugins: [plugin],
    bundle: true,
    write: false,
    format: 'esm',
    minifySyntax: true,
    logLevel: 'warning',
  });
  return {
    text: outputFiles.map(({ text }) => text).join(''),
    packages: bundledPackages(metafile, import.meta.dirname),
  };
}

/** What a schema says to people. */
const ANNOTATIONS = ['title', 'description', 'markdownDescription', 'examples', 'default'];
/** These hold only once placeholders are resolved. */
const RULES_ABOUT_TEXTS = ['enum', 'anyOf', 'pattern', 'maxLength'];

function without(keywords: readonly string[], schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map((member) => without(keywords, member));
  if (typeof schema !== 'object' || schema === null) return schema;
  const rest = Object.entries(schema).filter(([keyword]) => !keywords.includes(keyword));
  return Object.fromEntries(rest.map(([keyword, value]) => [keyword, without(keywords, value)]));
}
