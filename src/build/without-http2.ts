/** Leaves out undici's HTTP/2, which is off (`src/api/create-dispatcher.ts`), and with it Node's, which takes 20 ms to load. */

import type { Plugin } from 'esbuild';

export const withoutHttp2: Plugin = {
  name: 'without-http2',
  setup(build) {
    build.onLoad({ filter: /\/undici\/lib\/dispatcher\/client-h2\.js$/ }, () => ({
      contents: "module.exports = () => { throw new Error('HTTP/2 is off'); };",
    }));
  },
};
