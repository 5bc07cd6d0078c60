/** Which build of a library goes into the bundle, where it has several. */

import { fileURLToPath } from 'node:url';

/**
 * `yaml`'s build for Node looks up an environment variable for each token that it parses, to see whether to log it: a fifth of
 * its time, for Node asks the system each time. Its build for browsers is made of the same source without that.
 */
export const libraryBuilds: Readonly<Record<string, string>> = {
  yaml: fileURLToPath(new URL('../../node_modules/yaml/browser/dist/index.js', import.meta.url)),
};
