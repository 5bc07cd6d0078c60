/** Argument: directory. */

import { checkDefinitions } from './check-definitions.ts';

checkDefinitions(process.argv[2] ?? '');
