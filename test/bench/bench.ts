/**
 * `npm run bench`: figures, each as a ratio against a limit or a peer measured in the same run. Times are medians
 * over alternating runs, so that a busy machine slows both sides alike.
 */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Pool } from 'undici';
import { startSandbox } from '../../src/sandbox/start-sandbox.ts';

interface Row {
  readonly what: string;
  readonly ours: string;
  readonly peer: string;
  readonly ratio: number;
  readonly limit: string;
  readonly met: boolean;
}

const BUNDLE = fileURLToPath(new URL('../../dist/databar-sync.mjs', import.meta.url));
const rows: Row[] = [await benchStart(), await benchInitialSync(20), await benchInitialSync(0)];

console.log('| what | ours | peer | ratio | limit | met |\n|---|---|---|---|---|---|');
for (const { what, ours, peer, ratio, limit, met } of rows) {
  console.log(`| ${what} | ${ours} | ${peer} | ${ratio.toFixed(2)} | ${limit} | ${met ? 'yes' : 'NO'} |`);
}
process.exitCode = rows.every(({ met }) => met) ? 0 : 1;

/** The bundle's start against a bare node. */
async function benchStart(): Promise<Row> {
  const [ours, bare]: [number[], number[]] = [[], []];
  for (let run = 0; run < 21; run += 1) {
    ours.push(await timeNode([BUNDLE, '--version'], {}));
    bare.push(await timeNode(['-e', '0'], {}));
  }
  const ratio = median(ours) / median(bare);
  return {
    what: 'start of the bundle (`--version`) against `node -e 0`',
    ours: `${median(ours).toFixed(0)} ms`,
    peer: `${median(bare).toFixed(0)} ms`,
    ratio,
    limit: '< 5',
    met: ratio < 5,
  };
}

/** A whole `sync` that creates 2,000 connectors, against a bare loop of the same requests; throughput, so higher is better. */
async function benchInitialSync(latencyMs: number): Promise<Row> {
  const [count, concurrency] = [2_000, 16];
  const directory = mkdtempSync(join(tmpdir(), 'databar-sync-bench-'));
  const sandbox = await startSandbox({ latencyMs });
  try {
    mkdirSync(join(directory, 'connectors'));
    for (let index = 0; index < count; index += 1) {
      writeFileSync(join(directory, 'connectors', `c${index}.yaml`), JSON.stringify(body(index)));
    }
    const bare = await timeBareLoop(sandbox.url, count, concurrency);
    for (const id of sandbox.connectors().map((connector) => connector.id)) sandbox.remove(id);
    const ours = await timeNode([BUNDLE, 'sync', '--rate', 'off', '--concurrency', String(concurrency)], {
      cwd: directory,
      environment: { DATABAR_BASE_URL: sandbox.url, DATABAR_API_KEY: 'bench' },
    });
    if (sandbox.connectors().length !== count) throw new Error('the sync did not create every connector');
    const ratio = bare / ours;
    const target = latencyMs > 0 ? 0.9 : 0.6;
    return {
      what: `throughput of a first sync of ${count}, server latency ${latencyMs} ms, against bare undici`,
      ours: `${((count / ours) * 1000).toFixed(0)}/s`,
      peer: `${((count / bare) * 1000).toFixed(0)}/s`,
      ratio,
      limit: `>= ${target}`,
      met: ratio >= target,
    };
  } finally {
    await sandbox.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

function body(index: number): Record<string, unknown> {
  return { name: `Connector ${index}`, method: 'get', url: `https://api.example.com/${index}` };
}

async function timeBareLoop(url: string, count: number, concurrency: number): Promise<number> {
  const pool = new Pool(url, { connections: concurrency });
  const startedAt = performance.now();
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < count) {
      const index = next;
      next += 1;
      const answer = await pool.request({
        method: 'POST',
        path: '/v1/connectors/',
        headers: { 'x-apikey': 'bench', 'content-type': 'application/json' },
        body: JSON.stringify(body(index)),
      });
      await answer.body.dump();
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  await pool.close();
  return performance.now() - startedAt;
}

interface RunOptions {
  readonly cwd?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

async function timeNode(args: readonly string[], { cwd, environment = {} }: RunOptions): Promise<number> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, [...args], {
    ...(cwd === undefined ? {} : { cwd }),
    env: { PATH: process.env['PATH'] ?? '', ...environment },
    stdio: 'ignore',
  });
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}`);
  return performance.now() - startedAt;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
