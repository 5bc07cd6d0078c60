/** Everything in deploy/ that starts the daemon, brought to one shape: its environment, its words, what is mounted. */

import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { REPOSITORY_ROOT } from './generated-files.ts';
import { renderChart } from './kubernetes/helm.ts';
import { buildKustomization } from './kubernetes/kustomize.ts';
import type { Container, JsonMap, Resource } from './kubernetes/resource.ts';
import { containersOf } from './kubernetes/resource.ts';

export interface Deployment {
  readonly name: string;
  readonly environment: Readonly<Record<string, string>>;
  /** What stands behind the program's name. */
  readonly words: readonly string[];
  /** Places in the container, and whether they can be written; null where there is no container. */
  readonly mounts: ReadonlyMap<string, 'read' | 'write'> | null;
  /** Seconds between SIGTERM and SIGKILL. */
  readonly graceSeconds: number;
  /** What is asked of the daemon over HTTP: paths by method. */
  readonly requests: readonly { readonly method: 'GET' | 'POST'; readonly path: string; readonly port: string }[];
  readonly gitSync: Readonly<Record<string, string>> | null;
}

export const DEPLOY = join(REPOSITORY_ROOT, 'deploy');
const KUSTOMIZE = join(DEPLOY, 'kubernetes');

/** Charts that differ in what the daemon is given. */
const CHARTS: Readonly<Record<string, JsonMap>> = {
  'the chart with git-sync': {
    git: { repository: 'https://git.example.com/team/connectors.git' },
    serviceMonitor: { enabled: true },
  },
  'the chart with a ConfigMap': { configMap: 'definitions' },
};

export async function readDeployments(): Promise<readonly Deployment[]> {
  const overlays = readdirSync(join(KUSTOMIZE, 'overlays')).map((name) => {
    const built = buildKustomization(join(KUSTOMIZE, 'overlays', name));
    const monitored = buildKustomization(join(KUSTOMIZE, 'components', 'service-monitor'), built);
    return ofResources(`overlays/${name}`, monitored);
  });
  const charts = Object.entries(CHARTS).map(async ([name, values]) => {
    const chart = join(DEPLOY, 'helm', 'databar-sync');
    return ofResources(
      name,
      (await renderChart(chart, values, { name: 'databar-sync', namespace: 'databar' })).resources,
    );
  });
  return [...overlays, ...(await Promise.all(charts)), ofCompose(), ofUnit()];
}

function ofResources(name: string, resources: readonly Resource[]): Deployment {
  const workload = resources.find(({ kind }) => kind === 'StatefulSet' || kind === 'Deployment');
  if (workload === undefined) throw new Error(`${name} has no workload`);
  const containers = containersOf(workload);
  const daemon = containers.get('databar-sync');
  const gitSync = containers.get('git-sync');
  if (daemon === undefined) throw new Error(`${name} does not start databar-sync`);
  const { template } = workload['spec'] as { readonly template: { readonly spec: JsonMap } };
  const mounts = (daemon['volumeMounts'] ?? []) as readonly {
    readonly mountPath: string;
    readonly readOnly?: boolean;
  }[];
  const ports = (daemon['ports'] ?? []) as readonly { readonly name: string; readonly containerPort: number }[];
  const portOf = (port: unknown): string => String(ports.find((each) => each.name === port)?.containerPort);
  const probes = ['startupProbe', 'livenessProbe', 'readinessProbe'].flatMap((kind) => {
    const probe = daemon[kind] as { readonly httpGet: { readonly path: string; readonly port: string } } | undefined;
    return probe === undefined ? [] : [probe.httpGet];
  });
  const monitor = resources.find(({ kind }) => kind === 'ServiceMonitor')?.['spec'] as
    { readonly endpoints: readonly { readonly path: string; readonly port: string }[] } | undefined;
  return {
    name,
    environment: environmentOf(daemon),
    words: daemon.args,
    mounts: new Map(mounts.map(({ mountPath, readOnly }) => [mountPath, readOnly === true ? 'read' : 'write'])),
    graceSeconds: Number(template.spec['terminationGracePeriodSeconds'] ?? 30),
    requests: [...probes, ...(monitor?.endpoints ?? [])].map(({ path, port }) => ({
      method: 'GET',
      path,
      port: portOf(port),
    })),
    gitSync: gitSync === undefined ? null : environmentOf(gitSync),
  };
}

function environmentOf({ env }: Container): Readonly<Record<string, string>> {
  return Object.fromEntries(env.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value] as const])));
}

export interface ComposeFile {
  readonly services: Readonly<Record<string, ComposeService>>;
}

interface ComposeService {
  readonly environment: Readonly<Record<string, string>>;
  readonly stop_grace_period: string;
  readonly secrets: readonly string[];
  readonly ports: readonly string[];
  readonly volumes: readonly { readonly target: string; readonly read_only?: boolean }[];
}

export function readComposeFile(): ComposeFile {
  return parse(readFileSync(join(DEPLOY, 'compose.yaml'), 'utf8'), { merge: true }) as ComposeFile;
}

function ofCompose(): Deployment {
  const { services } = readComposeFile();
  const { 'databar-sync': daemon, 'git-sync': gitSync } = services;
  if (daemon === undefined || gitSync === undefined) throw new Error('compose.yaml lacks a service');
  return {
    name: 'compose.yaml',
    // Variables of the person's, which come from .env.
    environment: mapValues(daemon.environment, (value) => value.replace(/\$\{\w+:\?[^}]*\}/u, 'open-sesame')),
    words: ['run'],
    mounts: new Map([
      ...daemon.volumes.map(({ target, read_only: only }) => [target, only === true ? 'read' : 'write'] as const),
      ...daemon.secrets.map((name) => [`/run/secrets/${name}`, 'read'] as const),
    ]),
    graceSeconds: Number.parseInt(daemon.stop_grace_period, 10),
    requests: daemon.ports.map((port) => ({ method: 'GET', path: '/healthz', port: port.split(':').at(-1) ?? '' })),
    gitSync: gitSync.environment,
  };
}

/** The unit's settings by name, in order. */
export function readUnit(): ReadonlyMap<string, readonly string[]> {
  const text = readFileSync(join(DEPLOY, 'systemd', 'databar-sync.service'), 'utf8');
  const settings = new Map<string, string[]>();
  for (const [, name = '', value = ''] of text.matchAll(/^(\w+)=(.*)$/gmu)) {
    settings.set(name, [...(settings.get(name) ?? []), value]);
  }
  return settings;
}

function ofUnit(): Deployment {
  const unit = readUnit();
  const specifiers: Readonly<Record<string, string>> = {
    '%S': '/var/lib',
    '%d': '/run/credentials/databar-sync.service',
  };
  const environment = (unit.get('Environment') ?? []).map((pair) => pair.split('=', 2) as [string, string]);
  const url = new URL(/http:\S+/u.exec(unit.get('ExecStartPost')?.join() ?? '')?.[0] ?? '');
  return {
    name: 'databar-sync.service',
    environment: mapValues(Object.fromEntries(environment), (value) =>
      value.replace(/%\w/u, (specifier) => specifiers[specifier] ?? specifier),
    ),
    words: unit.get('ExecStart')?.join().split('.mjs ')[1]?.split(' ') ?? [],
    mounts: null,
    graceSeconds: Number(unit.get('TimeoutStopSec')?.join()),
    requests: [{ method: 'GET', path: url.pathname, port: url.port }],
    gitSync: null,
  };
}

function mapValues(map: Readonly<Record<string, string>>, change: (value: string) => string): Record<string, string> {
  return Object.fromEntries(Object.entries(map).map(([name, value]) => [name, change(value)]));
}
