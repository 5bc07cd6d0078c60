/** Before any test: make the bundle that end-to-end tests start, with the command that releases use. */

import { execFileSync } from 'node:child_process';

export function setup(): void {
  execFileSync('npm', ['run', '--silent', 'build:release'], { stdio: 'inherit' });
}
