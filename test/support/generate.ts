/** `npm run generate`: write every generated file. */

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { generatedFiles, REPOSITORY_ROOT } from './generated-files.ts';

for (const { path, content } of await generatedFiles()) {
  const location = join(REPOSITORY_ROOT, path);
  mkdirSync(dirname(location), { recursive: true });
  writeFileSync(location, content);
  console.log(`wrote ${path}`);
}
