import { join } from 'node:path';
import { build } from 'esbuild';
import { BUNDLE, peerScript, runNode, startNode } from '../program.ts';
import type { Measure } from '../row.ts';
import { inMs, median } from '../row.ts';
import type { Site } from '../site.ts';
import { systemNow } from '../system-clock.ts';
import { openSite, pause } from '../site.ts';

/** From the start of a process to its first request, and to its end where it has nothing to do. */
export const start: Measure = async ({ runs }) => {
  await using site = await openSite(10, { stored: 10 });
  const bundled = join(site.definitions, '..', 'list-and-put.mjs');
  const banner = { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" };
  await build({
    entryPoints: [peerScript('list-and-put')],
    outfile: bundled,
    bundle: true,
    platform: 'node',
    format: 'esm',
    banner,
  });
  const [ours, bare, version, nothing]: [number[], number[], number[], number[]] = [[], [], [], []];
  for (let run = 0; run < 3 * runs + 2; run += 1) {
    site.forget();
    ours.push(await untilFirstRequest(site, site.sync));
    bare.push(await untilFirstRequest(site, [bundled, site.server.url]));
    version.push((await runNode([BUNDLE, '--version'])).wallMs);
    nothing.push((await runNode(['-e', '0'])).wallMs);
  }
  const [toRequest, toVersion] = [median(ours) / median(bare), median(version) / median(nothing)];
  return [
    {
      what: 'start of `sync` to its first request, 10 definitions, against a bundled script that lists and PUTs',
      ours: inMs(median(ours)),
      peer: inMs(median(bare)),
      ratio: toRequest,
      target: '<= 1.3',
      met: toRequest <= 1.3,
    },
    {
      what: '`--version` against `node -e 0`',
      ours: inMs(median(version)),
      peer: inMs(median(nothing)),
      ratio: toVersion,
      target: '< 5',
      met: toVersion < 5,
    },
  ];
};

async function untilFirstRequest({ server, environment }: Site, args: readonly string[]): Promise<number> {
  await server.clear();
  const startedAt = systemNow();
  const child = startNode(args, environment);
  while (child.exitCode === null) await pause(5);
  const [first] = await server.requests();
  return (first?.at ?? Number.NaN) - startedAt;
}
