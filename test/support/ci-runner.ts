/**
 * What a CI system does with a recipe, as far as its commands go: each `run` step in a shell, with the environment that
 * the file gives it, in one directory. `curl` hands out the bundle, `gh` writes down what it is asked, and actions of
 * others are left out.
 */

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import type { Ended, Site } from './site.ts';
import { BUNDLE } from './site.ts';

type Environment = Readonly<Record<string, string>>;

export interface Step {
  readonly name?: string;
  readonly id?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly env?: Environment;
}

export interface Job {
  readonly if?: string;
  readonly permissions?: Environment;
  readonly environment?: string;
  readonly steps: readonly Step[];
}

export interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: Environment;
  readonly env: Environment;
  readonly jobs: Readonly<Record<string, Job>>;
}

export interface GitLabJob {
  readonly rules?: readonly { readonly if: string }[];
  readonly before_script?: readonly string[];
  readonly script?: readonly string[];
}

export interface CiRunner {
  /** Run the steps of a job in order, up to the first that fails. `known` holds what expressions may ask for. */
  runJob(workflow: Workflow, job: Job, known: Environment): Promise<JobEnded>;
  /** Run the lines of a job of GitLab in one shell. */
  runScript(job: GitLabJob, lines: readonly string[], environment: Environment): Promise<Ended>;
  /** The arguments of each call of `gh`. */
  ghCalls(): readonly (readonly string[])[];
  /** What `gh` answers to a question. */
  ghAnswers(text: string): void;
  readonly scratch: string;
}

export interface JobEnded {
  /** Of each step that ran, in order. */
  readonly steps: readonly (Ended & { readonly name: string })[];
  readonly outputs: Environment;
  readonly summary: string;
}

/** Digest of the bundle, as `sha256sum` prints it. */
export function bundleDigest(): string {
  return createHash('sha256').update(readFileSync(BUNDLE)).digest('hex');
}

const CURL = `#!/usr/bin/env bash
while [ $# -gt 1 ]; do if [ "$1" = --output ]; then out=$2; fi; shift; done
cp "$TEST_BUNDLE_FILE" "$out"
`;
const GH = `#!/usr/bin/env bash
node --eval 'console.log(JSON.stringify(process.argv.slice(1)))' -- "$@" >> "$TEST_GH_CALLS"
case "$*" in *--method*) ;; *) cat "$TEST_GH_ANSWER" ;; esac
`;

export function openCiRunner(site: Site): CiRunner {
  const scratch = join(site.directory, '.ci-runner');
  const bin = join(scratch, 'bin');
  mkdirSync(bin, { recursive: true });
  for (const [name, text] of Object.entries({ curl: CURL, gh: GH })) {
    writeFileSync(join(bin, name), text);
    chmodSync(join(bin, name), 0o755);
  }
  const place = (name: string): string => join(scratch, name);
  writeFileSync(place('answer'), '');
  const { DATABAR_API_KEY: _, ...settings } = site.environment;
  const base: Environment = {
    ...settings,
    HOME: site.directory,
    PATH: [bin, dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter),
    TEST_BUNDLE_FILE: BUNDLE,
    TEST_GH_CALLS: place('gh-calls'),
    TEST_GH_ANSWER: place('answer'),
  };
  const shell = async (script: string, options: readonly string[], environment: Environment): Promise<Ended> => {
    const child = spawn('bash', [...options, '-c', script], {
      cwd: site.directory,
      env: { ...base, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const texts = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (texts.stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (texts.stderr += text));
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, ...texts };
  };

  return {
    scratch,
    ghCalls: () =>
      existsSync(place('gh-calls')) ? linesOf(place('gh-calls')).map((line) => JSON.parse(line) as string[]) : [],
    ghAnswers: (text) => writeFileSync(place('answer'), text),
    runScript: async ({ before_script: before = [] }, lines, environment) =>
      shell([...before, ...lines].join('\n'), ['-eo', 'pipefail'], environment),
    async runJob(workflow, job, known) {
      writeFileSync(place('output'), '');
      writeFileSync(place('summary'), '');
      const steps: (Ended & { name: string })[] = [];
      const outputs: Record<string, string> = {};
      for (const step of job.steps) {
        const all = withOutputs(known, outputs);
        if (step.run === undefined || !holds(step.if, all)) continue;
        const environment = fillIn({ ...workflow.env, ...step.env }, all);
        const ended = await shell(step.run, ['-e'], {
          ...environment,
          RUNNER_TEMP: scratch,
          GITHUB_OUTPUT: place('output'),
          GITHUB_STEP_SUMMARY: place('summary'),
          GITHUB_REPOSITORY: 'acme/connectors',
          GITHUB_SHA: 'f'.repeat(40),
          GITHUB_REF: 'refs/heads/main',
        });
        steps.push({ name: step.name ?? '', ...ended });
        if (ended.code !== 0) break;
        for (const line of linesOf(place('output'))) {
          const [name = '', value = ''] = line.split('=', 2);
          outputs[name] = value;
        }
      }
      return { steps, outputs, summary: readFileSync(place('summary'), 'utf8') };
    },
  };
}

function linesOf(path: string): readonly string[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
}

/** Expressions are replaced by what is known; one that asks for anything else is a mistake of the recipe, or of the test. */
function fillIn(environment: Environment, known: Environment): Environment {
  return Object.fromEntries(
    Object.entries(environment).map(([name, text]) => [
      name,
      text.replaceAll(/\$\{\{ (.*?) \}\}/gu, (_, expression: string) => {
        const value = known[expression];
        if (value === undefined) throw new Error(`the expression ${expression} is not known`);
        return value;
      }),
    ]),
  );
}

/** Conditions such as `steps.plan.outputs.changes == 'true'`. */
function holds(condition: string | undefined, known: Environment): boolean {
  if (condition === undefined) return true;
  const [, expression = '', wanted] = /^(\S+) == '(.*)'$/u.exec(condition) ?? [];
  return known[expression] === wanted;
}

function withOutputs(known: Environment, outputs: Environment): Environment {
  const named = Object.entries(outputs).map(([name, value]) => [`steps.plan.outputs.${name}`, value]);
  return { ...known, ...(Object.fromEntries(named) as Environment) };
}
