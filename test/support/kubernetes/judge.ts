/**
 * Says what Kubernetes would have against a resource. The judge is `kubernetes-models`, made from the OpenAPI documents of
 * Kubernetes and the Prometheus operator: its validators see wrong and missing values, and its types unknown fields.
 */

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ServiceMonitor } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/ServiceMonitor';
import { Deployment } from 'kubernetes-models/apps/v1/Deployment';
import { StatefulSet } from 'kubernetes-models/apps/v1/StatefulSet';
import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicy';
import { ConfigMap } from 'kubernetes-models/v1/ConfigMap';
import { Service } from 'kubernetes-models/v1/Service';
import { REPOSITORY_ROOT } from '../generated-files.ts';
import type { Resource } from './resource.ts';

interface Judge {
  readonly from: string;
  /** @throws when a value is wrong or missing */
  readonly validate: (resource: never) => void;
}

const JUDGES: Readonly<Record<string, Judge>> = {
  'apps/v1 Deployment': {
    from: 'kubernetes-models/apps/v1/Deployment',
    validate: (it) => new Deployment(it).validate(),
  },
  'apps/v1 StatefulSet': {
    from: 'kubernetes-models/apps/v1/StatefulSet',
    validate: (it) => new StatefulSet(it).validate(),
  },
  'networking.k8s.io/v1 NetworkPolicy': {
    from: 'kubernetes-models/networking.k8s.io/v1/NetworkPolicy',
    validate: (it) => new NetworkPolicy(it).validate(),
  },
  'v1 ConfigMap': { from: 'kubernetes-models/v1/ConfigMap', validate: (it) => new ConfigMap(it).validate() },
  'v1 Service': { from: 'kubernetes-models/v1/Service', validate: (it) => new Service(it).validate() },
  'monitoring.coreos.com/v1 ServiceMonitor': {
    from: '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/ServiceMonitor',
    validate: (it) => new ServiceMonitor(it).validate(),
  },
};

/** @returns one sentence for each defect */
export function judge(resources: readonly Resource[]): readonly string[] {
  return [...resources.flatMap(judgeValues), ...judgeFields(resources)];
}

function judgeValues(resource: Resource): readonly string[] {
  try {
    judgeOf(resource).validate(resource as never);
    return [];
  } catch (error) {
    return [`${resource.kind}: ${error instanceof Error ? error.message : String(error)}`];
  }
}

/** The compiler refuses a literal that has more fields than its type, at any depth. */
function judgeFields(resources: readonly Resource[]): readonly string[] {
  // Below the repository, where the compiler finds the types.
  const directory = mkdtempSync(join(REPOSITORY_ROOT, 'node_modules', '.judge-'));
  try {
    const file = join(directory, 'resources.ts');
    const lines = resources.map(
      (resource, index) =>
        `import type { I${resource.kind} as T${index} } from '${judgeOf(resource).from}';\n` +
        `export const r${index}: T${index} = ${JSON.stringify(resource)};\n`,
    );
    writeFileSync(file, lines.join(''));
    const flags = '--noEmit --skipLibCheck --strict --module nodenext --target es2024 --ignoreConfig'.split(' ');
    execFileSync(join(REPOSITORY_ROOT, 'node_modules', '.bin', 'tsc'), [...flags, file], { encoding: 'utf8' });
    return [];
  } catch (error) {
    const said = error instanceof Error && 'stdout' in error ? String(error.stdout) : String(error);
    return said.split('\n').flatMap((line) => /error TS\d+: (.*)/u.exec(line)?.[1] ?? []);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function judgeOf({ apiVersion, kind }: Resource): Judge {
  const found = JUDGES[`${apiVersion} ${kind}`];
  if (found === undefined) throw new Error(`there is no judge for ${apiVersion} ${kind}`);
  return found;
}
