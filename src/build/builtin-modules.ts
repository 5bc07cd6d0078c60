/** How the bundle reaches Node's own modules: when they are first needed, and without reading what they export. */

import { isBuiltin } from 'node:module';
import type { Plugin } from 'esbuild';

/**
 * To import one of Node's modules is to read each of its exports, and those of `node:http` load Node's own copy of undici: a
 * third of the whole start. And an `import` is carried out at the start, for whatever command.
 */
export const builtinModules: Plugin = {
  name: 'builtin-modules',
  setup(build) {
    build.onResolve({ filter: /^/ }, ({ path, kind }) =>
      kind === 'import-statement' && isBuiltin(path) ? { path, namespace: 'builtin' } : null,
    );
    build.onLoad({ filter: /^/, namespace: 'builtin' }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule(${JSON.stringify(path)});`,
    }));
  },
};
