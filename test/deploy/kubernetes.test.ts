/** What deploy/ gives to a cluster, rendered and judged: by Kubernetes' own schemas, and against what the program knows. */

import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { REPOSITORY_ROOT } from '../support/generated-files.ts';
import { renderChart } from '../support/kubernetes/helm.ts';
import { judge } from '../support/kubernetes/judge.ts';
import { buildKustomization } from '../support/kubernetes/kustomize.ts';
import type { JsonMap, Resource } from '../support/kubernetes/resource.ts';
import { containersOf, inOneOrder, parseResources, podOf } from '../support/kubernetes/resource.ts';

const KUSTOMIZE = join(REPOSITORY_ROOT, 'deploy', 'kubernetes');
const CHART = join(REPOSITORY_ROOT, 'deploy', 'helm', 'databar-sync');
const RELEASE = { name: 'databar-sync', namespace: 'databar' };

const overlays = readdirSync(join(KUSTOMIZE, 'overlays'));
const build = (name: string): readonly Resource[] => buildKustomization(join(KUSTOMIZE, 'overlays', name));
const chart = async (values: JsonMap): Promise<readonly Resource[]> =>
  (await renderChart(CHART, values, RELEASE)).resources;

const GIT = { git: { repository: 'https://git.example.com/team/connectors.git' } };
const CHARTS: readonly (readonly [string, JsonMap])[] = [
  ['fed by git-sync', GIT],
  ['fed by a ConfigMap', { configMap: 'definitions' }],
  ['with its state in memory', { ...GIT, state: { persistent: false } }],
  [
    'with everything that it offers',
    {
      ...GIT,
      settings: { DATABAR_SYNC_POLICY: 'sync', DATABAR_SYNC_MAX_DELETE_PERCENT: 10 },
      state: { storageClassName: 'fast' },
      serviceMonitor: { enabled: true },
      podAnnotations: { 'example.com/team': 'data' },
      nodeSelector: { 'kubernetes.io/os': 'linux' },
      tolerations: [{ key: 'dedicated', operator: 'Exists' }],
      affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [] } } },
    },
  ],
  ['with as little as it can', { configMap: 'definitions', fsGroup: null, networkPolicy: { enabled: false } }],
];

interface Named {
  readonly name: string;
}

function only(resources: readonly Resource[], kind: string): Resource {
  const [found, ...more] = resources.filter((resource) => resource.kind === kind);
  if (found === undefined || more.length > 0) throw new Error(`there is not one ${kind}`);
  return found;
}

describe('the overlay', () => {
  test.each(overlays)('%s is what Kubernetes accepts', (name) => {
    expect(judge(build(name))).toEqual([]);
  });

  const kubectl = spawnSync('kubectl', ['kustomize', '--help']).status === 0;
  test.skipIf(!kubectl).each(overlays)('%s is rendered by kustomize as it is by the renderer of the tests', (name) => {
    const { stdout } = spawnSync('kubectl', ['kustomize', join(KUSTOMIZE, 'overlays', name)], { encoding: 'utf8' });
    const order = (resources: readonly Resource[]): unknown =>
      resources.map(inOneOrder).sort((left, right) => JSON.stringify(left).localeCompare(JSON.stringify(right)));
    expect(order(build(name))).toEqual(order(parseResources(stdout)));
  });
});

describe.each(overlays)('in the overlay %s', (name) => {
  const workload = build(name).find(({ kind }) => kind === 'StatefulSet' || kind === 'Deployment');
  if (workload === undefined) throw new Error('it has no workload');
  const ours = [...containersOf(workload).values()].filter((container) => container.name !== 'application');

  test('every volume is mounted, and every mount has a volume', () => {
    const { volumeClaimTemplates = [] } = workload['spec'] as { readonly volumeClaimTemplates?: readonly Resource[] };
    const volumes = ((podOf(workload)['volumes'] ?? []) as unknown as readonly Named[]).map(
      ({ name: volume }) => volume,
    );
    const claims = volumeClaimTemplates.map(({ metadata }) => metadata.name);
    const mounted = ours.flatMap(({ volumeMounts }) =>
      (volumeMounts as unknown as readonly Named[]).map(({ name: mount }) => mount),
    );
    expect(new Set(mounted)).toEqual(new Set([...volumes, ...claims]));
  });

  test('every container of ours is held as the strictest of the Pod Security Standards asks, and its root read-only', () => {
    expect(ours.length).toBeGreaterThan(0);
    for (const container of ours) {
      expect(container['securityContext']).toEqual({
        runAsNonRoot: true,
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
        seccompProfile: { type: 'RuntimeDefault' },
      });
      expect(container).toHaveProperty('resources.requests.memory');
      expect(container).toHaveProperty('resources.limits.memory');
    }
  });

  test('there is one writer at a time', () => {
    expect(workload).toMatchObject({ spec: { replicas: 1 } });
    expect([workload.kind, (workload['spec'] as JsonMap)['strategy'] ?? null]).toEqual(
      workload.kind === 'StatefulSet' ? ['StatefulSet', null] : ['Deployment', { type: 'Recreate' }],
    );
  });
});

describe('the component', () => {
  test('state-in-memory replaces the volume', () => {
    const workload = only(withComponents('git-sync', 'state-in-memory'), 'StatefulSet');
    expect(workload['spec']).not.toHaveProperty('volumeClaimTemplates');
    expect(podOf(workload)['volumes']).toContainEqual({ name: 'state', emptyDir: { sizeLimit: '100Mi' } });
    expect(judge([workload])).toEqual([]);
  });

  test('service-monitor is what the Prometheus operator accepts, and finds the Service', () => {
    const resources = withComponents('git-sync', 'service-monitor');
    expect(judge(resources)).toEqual([]);
    expect(only(resources, 'ServiceMonitor')).toMatchObject({
      spec: { selector: { matchLabels: only(resources, 'Service').metadata.labels } },
    });
  });

  test('sidecar puts the containers of the StatefulSet beside an application, but for what would hold that up', () => {
    const alone = containersOf(only(build('git-sync'), 'StatefulSet'));
    const beside = containersOf(only(build('sidecar'), 'Deployment'));
    const { startupProbe: _, readinessProbe: __, ...daemon } = alone.get('databar-sync') as JsonMap;
    expect(beside.get('databar-sync')).toEqual({ ...daemon, restartPolicy: 'Always' });
    expect(inOneOrder(beside.get('git-sync') ?? {})).toEqual(
      inOneOrder({ ...alone.get('git-sync'), restartPolicy: 'Always' }),
    );
    expect(only(build('sidecar'), 'Deployment')).toMatchObject({
      spec: { replicas: 1, strategy: { type: 'Recreate' } },
    });
  });
});

describe('the chart', () => {
  test.each(CHARTS)('%s is what Kubernetes accepts', async (_, values) => {
    expect(judge(await chart(values))).toEqual([]);
  });

  test('knows each of its values by name and kind, so that helm refuses a misspelt one', () => {
    const fits = new Ajv({ allowUnionTypes: true }).compile(
      JSON.parse(readFileSync(join(CHART, 'values.schema.json'), 'utf8')) as object,
    );
    const defaults = parse(readFileSync(join(CHART, 'values.yaml'), 'utf8')) as JsonMap;
    for (const values of [defaults, ...CHARTS.map(([, given]) => given)]) {
      fits(values);
      expect(fits.errors ?? []).toEqual([]);
    }
    const known = (schema: JsonMap): unknown =>
      schema['additionalProperties'] === false
        ? Object.fromEntries(
            Object.entries(schema['properties'] as Record<string, JsonMap>).map(([name, part]) => [name, known(part)]),
          )
        : 'any';
    const { global: _, ...names } = known(fits.schema as JsonMap) as Record<string, unknown>;
    const namesOf = (value: unknown, shape: unknown): unknown =>
      shape === 'any'
        ? 'any'
        : Object.fromEntries(
            Object.entries(value as JsonMap).map(([name, part]) => [name, namesOf(part, (shape as JsonMap)[name])]),
          );
    expect(namesOf(defaults, names)).toEqual(names);
    expect(fits({ ...defaults, networkpolicy: {} })).toBe(false);
    expect(fits({ settings: { SYNC_POLICY: 'sync' } })).toBe(false);
  });

  test('is made of the same parts as the overlay with git-sync', async () => {
    // The chart can be installed several times, and says so in a label.
    const withoutInstance = (resource: Resource): Resource =>
      JSON.parse(JSON.stringify(resource), (name, value: unknown) =>
        name === 'app.kubernetes.io/instance' ? undefined : value,
      ) as Resource;
    const ours = (resources: readonly Resource[]): unknown =>
      resources
        .map((resource) => inOneOrder(withoutInstance(resource)))
        .sort((left, right) => JSON.stringify(left).localeCompare(JSON.stringify(right)));
    expect(ours(await chart(GIT))).toEqual(ours(build('git-sync')));
  });

  test('is made of the same parts as the overlay with a ConfigMap', async () => {
    const workload = only(await chart({ configMap: 'databar-sync-definitions' }), 'StatefulSet');
    expect(inOneOrder(podOf(workload))).toEqual(inOneOrder(podOf(only(build('config-map'), 'StatefulSet'))));
  });

  test('hands settings, tolerations and the rest on as they were given', async () => {
    const [, values = {}] = CHARTS[3] ?? [];
    const workload = only(await chart(values), 'StatefulSet');
    expect(containersOf(workload).get('databar-sync')?.env).toEqual(
      expect.arrayContaining([
        { name: 'DATABAR_SYNC_POLICY', value: 'sync' },
        { name: 'DATABAR_SYNC_MAX_DELETE_PERCENT', value: '10' },
      ]),
    );
    const { nodeSelector, tolerations, affinity } = values;
    expect(podOf(workload)).toMatchObject({ nodeSelector, tolerations, affinity });
    expect(workload).toMatchObject({
      spec: {
        template: { metadata: { annotations: values['podAnnotations'] } },
        volumeClaimTemplates: [{ spec: { storageClassName: 'fast' } }],
      },
    });
  });

  test('says what is missing when nothing delivers definitions', async () => {
    await expect(chart({})).rejects.toThrow('give git.repository, or configMap');
  });

  test('tells in its notes what it waits for', async () => {
    const { notes } = await renderChart(CHART, GIT, RELEASE);
    expect(notes).toContain('kubectl -n databar create secret generic databar-sync --from-file=api-key=./api-key');
  });
});

function withComponents(overlay: string, ...components: readonly string[]): readonly Resource[] {
  return components.reduce(
    (built, name) => buildKustomization(join(KUSTOMIZE, 'components', name), built),
    build(overlay),
  );
}
