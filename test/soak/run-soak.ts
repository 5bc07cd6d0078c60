/** The released program under churn for a while, in one life: does anything in it grow? */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { comeToRest } from '../chaos/come-to-rest.ts';
import { watchForDamages } from '../chaos/damages.ts';
import { changeFiles, disturb } from '../chaos/deeds.ts';
import { createRandom } from '../chaos/random.ts';
import { openScene } from '../chaos/scene.ts';

export interface SoakOptions {
  readonly bundle: string;
  readonly seed: number;
  readonly seconds: number;
  readonly connectors: number;
}

export interface SoakReport {
  readonly growths: readonly Growth[];
  readonly samples: number;
  readonly passes: number;
  readonly complaints: readonly string[];
}

/** Medians of the middle and of the last third of all samples; the first third is for warming up. */
export interface Growth {
  readonly what: string;
  readonly middle: number;
  readonly last: number;
  readonly limit: number;
}

interface Sample {
  readonly residentMiB: number;
  readonly openFiles: number;
  readonly timers: number;
}

const SAMPLE_EVERY_MS = 250;

export async function runSoak({ bundle, seed, seconds, connectors }: SoakOptions): Promise<SoakReport> {
  const random = createRandom(seed);
  const preload = fileURLToPath(new URL('report-resources.ts', import.meta.url));
  const scene = await openScene({ bundle, random, nodeFlags: ['--import', preload] });
  const damages = watchForDamages(scene, () => performance.now());
  const samples: Sample[] = [];
  let passes = 0;
  try {
    while (scene.book.files.size < connectors) changeFiles(scene, damages);
    scene.program.start();
    await scene.program.next(({ event }) => event === 'pass.completed', 20_000);
    const until = performance.now() + seconds * 1_000;
    let sampleAt = 0;
    while (performance.now() < until) {
      await disturb(scene, damages);
      if ((await scene.program.next(({ event }) => event === 'pass.completed', random.below(100))) !== null)
        passes += 1;
      if (performance.now() < sampleAt) continue;
      samples.push(await takeSample(scene.program.pid, scene.resourcesFile));
      damages.look();
      sampleAt = performance.now() + SAMPLE_EVERY_MS;
    }
    await comeToRest(scene, damages);
    return {
      growths: measureGrowth(samples),
      samples: samples.length,
      passes,
      complaints: [...damages.found].flatMap(([kind, found]) => found.map((what) => `${kind}: ${what}`)),
    };
  } finally {
    await scene.close();
  }
}

async function takeSample(pid: number, resourcesFile: string): Promise<Sample> {
  process.kill(pid, 'SIGURG');
  await delay(20);
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const resources = existsSync(resourcesFile)
    ? (JSON.parse(readFileSync(resourcesFile, 'utf8')) as Readonly<Record<string, number>>)
    : {};
  return {
    residentMiB: Number(/^VmRSS:\s+(\d+)/mu.exec(status)?.[1]) / 1024,
    openFiles: readdirSync(join('/proc', String(pid), 'fd')).length,
    timers: resources['Timeout'] ?? 0,
  };
}

/** Generous: a leak grows with every pass, and thousands of passes show it; a heap breathes by tens of MiB. */
function measureGrowth(samples: readonly Sample[]): readonly Growth[] {
  const third = Math.floor(samples.length / 3);
  const compare = (what: string, of: (sample: Sample) => number, limit: (middle: number) => number): Growth => {
    const middle = median(samples.slice(third, 2 * third).map(of));
    return { what, middle, last: median(samples.slice(2 * third).map(of)), limit: limit(middle) };
  };
  return [
    compare(
      'resident memory, MiB',
      ({ residentMiB }) => residentMiB,
      (middle) => 1.3 * middle + 30,
    ),
    compare(
      'open files',
      ({ openFiles }) => openFiles,
      (middle) => middle + 12,
    ),
    compare(
      'timers',
      ({ timers }) => timers,
      (middle) => middle + 20,
    ),
  ];
}

function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? Number.NaN;
}
