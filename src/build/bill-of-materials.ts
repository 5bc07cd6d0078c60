/** The bill of materials (SBOM) of the bundle: what npm knows about the packages that are in it, in CycloneDX. */

import { execFileSync } from 'node:child_process';
import type { BundledPackage } from './bundled-packages.ts';
import { idOf } from './bundled-packages.ts';

interface Component {
  readonly 'bom-ref': string;
  readonly name: string;
  readonly version: string;
  readonly [field: string]: unknown;
}

interface Bill {
  readonly metadata: { readonly component: Component; readonly [field: string]: unknown };
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
  readonly [field: string]: unknown;
}

/**
 * npm lists all that is locked, tools included; kept is what the bundler used, which is more exact than what package.json
 * calls a runtime dependency: the dashboard's library is bundled without being one.
 *
 * @param root the directory of package.json and the lock file, whose integrity hashes go along
 * @throws Error when npm fails, or does not know a package that is in the bundle
 */
export function billOfMaterials(root: string, packages: readonly BundledPackage[]): string {
  const args = ['sbom', '--package-lock-only', '--sbom-format', 'cyclonedx', '--sbom-type', 'application'];
  const output = execFileSync('npm', args, { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  return `${JSON.stringify(keepOnly(JSON.parse(output) as Bill, packages), null, 2)}\n`;
}

function keepOnly(bill: Bill, packages: readonly BundledPackage[]): Bill {
  const wanted = new Set(packages.map(idOf));
  const components = distinct(bill.components.filter((each) => wanted.has(idOf(each))));
  const unknown = [...wanted].filter((id) => !components.some((each) => idOf(each) === id));
  if (unknown.length > 0) throw new Error(`npm does not know ${unknown.join(', ')}, which the bundle holds`);

  const own = bill.metadata.component;
  const refs = new Set([own['bom-ref'], ...components.map((each) => each['bom-ref'])]);
  return {
    ...bill,
    // npm calls it after the directory.
    metadata: { ...bill.metadata, component: { ...own, name: 'databar-sync' } },
    components,
    dependencies: bill.dependencies
      .filter(({ ref }) => refs.has(ref))
      .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((each) => refs.has(each)) })),
  };
}

/** All of them are required, whatever npm thinks of the one that only the build names. */
function distinct(components: readonly Component[]): readonly Component[] {
  return [...new Map(components.map((each) => [idOf(each), { ...each, scope: 'required' }])).values()];
}
