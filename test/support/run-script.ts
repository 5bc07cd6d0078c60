import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const SOURCE = new URL('../../src/', import.meta.url).href;

/**
 * Run a module in a process of its own and return its standard output. `SRC` in it stands for the address of `src/`.
 * Rejects when it fails, or does not end by itself within 20 s.
 *
 * @param options.unprivileged run as a user whom permissions hold back, also when the tests run as root
 */
export async function runScript(script: string, options: { readonly unprivileged?: boolean } = {}): Promise<string> {
  const nobody = options.unprivileged === true && process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
  const code = script.replaceAll('SRC', () => SOURCE);
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', code], {
    timeout: 20_000,
    cwd: '/',
    ...nobody,
  });
  return stdout;
}
