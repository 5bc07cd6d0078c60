/** The recipes for CI: judged by GitHub's own parser, and their commands run with the bundle against a sandbox. */

import { cpSync, readdirSync, readFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { join } from 'node:path';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import manifest from '../../package.json' with { type: 'json' };
import type { CiRunner, GitLabJob, Job, Workflow } from '../support/ci-runner.ts';
import { bundleDigest, openCiRunner } from '../support/ci-runner.ts';
import { REPOSITORY_ROOT } from '../support/generated-files.ts';
import type { Site } from '../support/site.ts';
import { openSite } from '../support/site.ts';
import { openWorkflowJudge } from '../support/workflow-parser.ts';

const RECIPES = join(REPOSITORY_ROOT, 'deploy', 'ci');
const read = (path: string): string => readFileSync(join(RECIPES, path), 'utf8');
const workflowFiles = readdirSync(join(RECIPES, 'github')).sort();
const workflow = (name: string): Workflow => parse(read(`github/${name}`)) as Workflow;
const jobOf = ({ jobs }: Workflow, name: string): Job => {
  const job = jobs[name];
  if (job === undefined) throw new Error(`there is no job ${name}`);
  return job;
};

let complaintsOf: Awaited<ReturnType<typeof openWorkflowJudge>>;
beforeAll(async () => {
  complaintsOf = await openWorkflowJudge();
});

/** Samples whose only secret is the one that the recipes name. */
async function openCheckout(): Promise<{ site: Site; ci: CiRunner }> {
  const site = await openSite();
  for (const path of ['lead-score.yaml', 'company', 'exporters/chat-alert.yaml', 'people/profile-lookup.yaml']) {
    cpSync(join(REPOSITORY_ROOT, 'connectors', path), join(site.directory, 'connectors', path), { recursive: true });
  }
  return { site, ci: openCiRunner(site) };
}

const KNOWN = {
  'secrets.DATABAR_API_KEY': 'test-key',
  'secrets.CONNECTOR_ACME_TOKEN': 'acme-token',
  'github.token': 'token-of-the-run',
  'github.event.pull_request.number': '7',
  'github.server_url': 'https://github.com',
  'github.repository': 'acme/connectors',
  'github.run_id': '99',
};

/** A workflow as somebody has filled it in who put this build somewhere. */
function configured(name: string): Workflow {
  const read = workflow(name);
  return { ...read, env: { ...read.env, DATABAR_SYNC_SHA256: bundleDigest() } };
}

describe.each(workflowFiles)('%s', (name) => {
  const text = read(`github/${name}`);
  const { on, permissions, env, jobs } = workflow(name);

  test("is a workflow to GitHub's own parser", async () => {
    expect(await complaintsOf(name, text)).toEqual([]);
    expect(await complaintsOf(name, text.replace('runs-on:', 'run-on:'))).not.toEqual([]);
    expect(await complaintsOf(name, text.replace(/\n {4}steps:\n/u, '\n    steps:\n      - run: [x]\n'))).not.toEqual(
      [],
    );
  });

  test('may do no more than it has to', () => {
    expect(permissions).toEqual({ contents: 'read' });
    const more = Object.values(jobs).flatMap((job) =>
      Object.entries(job.permissions ?? {}).map((entry) => entry.join(': ')),
    );
    const allowed: Readonly<Record<string, readonly string[]>> = {
      'code-scanning.yaml': ['contents: read', 'security-events: write'],
      'plan.yaml': ['contents: read', 'pull-requests: write'],
    };
    expect(more).toEqual(allowed[name] ?? []);
    expect(Object.values(jobs).every((job) => JSON.stringify(job).includes('"persist-credentials":false'))).toBe(true);
  });

  test('pins what it uses: actions by commit, the program by digest and version', () => {
    const used = Object.values(jobs).flatMap(({ steps }) => steps.flatMap(({ uses }) => uses ?? []));
    expect(used.length).toBeGreaterThan(0);
    for (const action of used) expect(action).toMatch(/^actions\/[a-z-]+@[0-9a-f]{40}$/u);
    expect(env['DATABAR_SYNC_URL']).toContain(manifest.version);
    expect(env['DATABAR_SYNC_SHA256']).toBe('0'.repeat(64));
  });

  test('puts no text of a pull request into a script, and gives no secret to a fork', () => {
    const scripts = Object.values(jobs).flatMap(({ steps }) => steps.flatMap(({ run }) => run ?? []));
    expect(scripts.length).toBeGreaterThan(0);
    for (const script of scripts) expect(script).not.toContain('${{');
    expect(Object.keys(on)).not.toContain('pull_request_target');
    const isForForks = Object.hasOwn(on, 'pull_request') && Object.values(jobs).some((job) => job.if === undefined);
    expect(isForForks && text.includes('secrets.')).toBe(false);
  });
});

test('a program with another digest is not run', async () => {
  const { ci } = await openCheckout();
  const validate = workflow('validate.yaml');
  const { steps } = await ci.runJob(validate, jobOf(validate, 'validate'), {});
  expect(steps.map(({ name, code }) => [name, code])).toEqual([['Fetch databar-sync', 1]]);
});

test('validate.yaml passes what is valid, and notes what is not at its line', async () => {
  const { site, ci } = await openCheckout();
  const recipe = configured('validate.yaml');
  const fine = await ci.runJob(recipe, jobOf(recipe, 'validate'), {});
  expect(fine.steps.map(({ code }) => code)).toEqual([0, 0]);

  site.write('broken.yaml', 'name: Broken\nmethod: fetch\nurl: https://api.example.com/x\n');
  const broken = await ci.runJob(recipe, jobOf(recipe, 'validate'), {});
  expect(broken.steps.map(({ code }) => code)).toEqual([0, 1]);
  expect(broken.steps[1]?.stdout).toMatch(/^::error file=connectors\/broken\.yaml,line=2,/mu);
});

test('code-scanning.yaml uploads what is found, and does not fail', async () => {
  const { site, ci } = await openCheckout();
  site.write('broken.yaml', 'name: Broken\nmethod: fetch\nurl: https://api.example.com/x\n');
  const recipe = configured('code-scanning.yaml');
  const { steps } = await ci.runJob(recipe, jobOf(recipe, 'code-scanning'), KNOWN);
  expect(steps.map(({ code }) => code)).toEqual([0, 0]);
  const [call = []] = ci.ghCalls();
  expect(call.slice(0, 4)).toEqual(['api', '--method', 'POST', 'repos/acme/connectors/code-scanning/sarifs']);
  const [, file = ''] = call.find((argument) => argument.startsWith('sarif=@'))?.split('@') ?? [];
  const sarif = gunzipSync(Buffer.from(readFileSync(join(site.directory, file), 'utf8'), 'base64')).toString('utf8');
  expect(JSON.parse(sarif)).toMatchObject({ version: '2.1.0', runs: [{ results: [{ ruleId: 'not_allowed' }, {}] }] });
});

describe('plan.yaml', () => {
  const recipe = configured('plan.yaml');
  const job = jobOf(recipe, 'plan');

  test('comments once, and writes the same comment anew', async () => {
    const { site, ci } = await openCheckout();
    const first = await ci.runJob(recipe, job, KNOWN);
    expect(first.steps.map(({ code }) => code)).toEqual([0, 0, 0]);
    ci.ghAnswers('4711\n4712\n');
    const second = await ci.runJob(recipe, job, KNOWN);
    expect(second.steps.map(({ code }) => code)).toEqual([0, 0, 0]);
    const writes = ci.ghCalls().filter((call) => call.includes('--method'));
    expect(writes.map((call) => call.slice(2))).toEqual([
      ['--method', 'POST', 'repos/acme/connectors/issues/7/comments', '-F', 'body=@comment.md'],
      ['--method', 'PATCH', 'repos/acme/connectors/issues/comments/4711', '-F', 'body=@comment.md'],
    ]);
    const comment = readFileSync(join(site.directory, 'comment.md'), 'utf8');
    expect(comment).toMatch(/^<!-- databar-sync plan -->\n### databar-sync plan: 6 to create/u);
    expect(comment).not.toContain('acme-token');
    expect(second.summary).toBe(comment);
    // What is looked for is what is written.
    expect(ci.ghCalls()[0]?.at(-1)).toContain('startswith("<!-- databar-sync plan -->")');
    expect(site.sandbox.connectors()).toEqual([]);
  });

  test('says in the comment that a plan is not whole, and then fails', async () => {
    const { site, ci } = await openCheckout();
    site.write('broken.yaml', 'name: Broken\nmethod: fetch\nurl: https://api.example.com/x\n');
    const { steps } = await ci.runJob(recipe, job, KNOWN);
    expect(steps.map(({ code }) => code)).toEqual([0, 0, 1]);
    const comment = readFileSync(join(site.directory, 'comment.md'), 'utf8');
    expect(comment).toContain('6 to create');
    expect(comment).toContain('[the log](https://github.com/acme/connectors/actions/runs/99) says why');
  });

  test('a comment fits, however much there is to tell', async () => {
    const { site, ci } = await openCheckout();
    const many = Array.from(
      { length: 300 },
      (_, index) =>
        `name: ${'long '.repeat(30)}${index}\nmethod: get\nurl: https://api.example.com/${'x'.repeat(400)}\nsync: {ref: r${index}}\n`,
    );
    site.write('many.yaml', many.join('---\n'));
    const { steps } = await ci.runJob(recipe, job, KNOWN);
    expect(steps.map(({ code }) => code)).toEqual([0, 0, 0]);
    const { length } = readFileSync(join(site.directory, 'comment.md'), 'utf8');
    expect(length).toBeGreaterThan(20_000);
    expect(length).toBeLessThan(65_536);
  });

  test('is not made for a fork', () => {
    expect(job.if).toBe('github.event.pull_request.head.repo.full_name == github.repository');
  });
});

describe('sync.yaml', () => {
  const recipe = configured('sync.yaml');
  const [plan, apply] = [jobOf(recipe, 'plan'), jobOf(recipe, 'apply')];

  test('applies the plan that was shown, and has nothing to do the next time', async () => {
    const { site, ci } = await openCheckout();
    const planned = await ci.runJob(recipe, plan, KNOWN);
    expect(planned).toMatchObject({ steps: [{ code: 0 }, { code: 0 }], outputs: { changes: 'true' } });
    expect(planned.summary).toContain('6 to create');
    expect(apply).toMatchObject({ environment: 'databar', if: "needs.plan.outputs.changes == 'true'" });
    expect((await ci.runJob(recipe, apply, KNOWN)).steps.map(({ code }) => code)).toEqual([0, 0]);
    expect(site.sandbox.connectors()).toHaveLength(6);
    expect(JSON.stringify(site.sandbox.connectors())).toContain('Bearer acme-token');

    const again = await ci.runJob(recipe, plan, KNOWN);
    expect(again).toMatchObject({ steps: [{ code: 0 }, { code: 0 }], outputs: {} });
  });

  test('refuses when something moved since, and writes nothing', async () => {
    const { site, ci } = await openCheckout();
    await ci.runJob(recipe, plan, KNOWN);
    site.sandbox.add({ name: 'Acme lead score', method: 'get', url: 'https://elsewhere.example' });
    const { steps } = await ci.runJob(recipe, apply, KNOWN);
    expect(steps.map(({ code }) => code)).toEqual([0, 1]);
    expect(steps[1]?.stdout).toContain('The plan is not applied');
    expect(site.sandbox.connectors()).toHaveLength(1);
  });

  test('fails on a definition that is invalid, and hands nothing on', async () => {
    const { site, ci } = await openCheckout();
    site.write('broken.yaml', 'name: Broken\nmethod: fetch\nurl: https://api.example.com/x\n');
    expect(await ci.runJob(recipe, plan, KNOWN)).toMatchObject({ steps: [{ code: 0 }, { code: 1 }], outputs: {} });
  });
});

describe('GitLab', () => {
  const pipeline = parse(read('gitlab/connectors.gitlab-ci.yml')) as Readonly<Record<string, GitLabJob>>;
  const { variables } = pipeline as unknown as { readonly variables: Readonly<Record<string, string>> };
  const base = pipeline['.databar-sync'] ?? {};
  const run = async (
    ci: CiRunner,
    name: string,
    environment: Readonly<Record<string, string>> = {},
  ): ReturnType<CiRunner['runScript']> =>
    ci.runScript(base, pipeline[name]?.script ?? [], {
      ...variables,
      DATABAR_SYNC_SHA256: bundleDigest(),
      ...environment,
    });
  const SECRETS = { DATABAR_API_KEY: 'test-key', CONNECTOR_ACME_TOKEN: 'acme-token' };

  test('has a job for each purpose, and runs it where it should', () => {
    const rules = Object.fromEntries(
      Object.entries(pipeline).flatMap(([name, job]) => (job.rules ? [[name, job.rules.map((rule) => rule.if)]] : [])),
    );
    expect(rules).toEqual({
      'connectors-validate': [
        '$CI_PIPELINE_SOURCE == "merge_request_event"',
        '$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH',
      ],
      'connectors-plan': [
        '$CI_PIPELINE_SOURCE == "merge_request_event" && $CI_MERGE_REQUEST_SOURCE_PROJECT_ID == $CI_PROJECT_ID',
      ],
      'connectors-sync': ['$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH'],
    });
    expect(variables['DATABAR_SYNC_URL']).toContain(manifest.version);
  });

  test('validate writes a report, and fails with what is wrong in the log', async () => {
    const { site, ci } = await openCheckout();
    expect((await run(ci, 'connectors-validate')).code).toBe(0);
    site.write('broken.yaml', 'name: Broken\nmethod: fetch\nurl: https://api.example.com/x\n');
    const { code, stdout } = await run(ci, 'connectors-validate');
    expect(code).toBe(1);
    expect(stdout).toContain('connectors/broken.yaml:2:9: error not_allowed');
    expect(readFileSync(join(site.directory, 'connectors.xml'), 'utf8')).toContain('<failure');
  });

  test('plan writes one note on the merge request, and the same one anew', async () => {
    const { site, ci } = await openCheckout();
    cpSync(join(RECIPES, 'gitlab/merge-request-note.ts'), join(site.directory, 'merge-request-note.ts'));
    const gitlab = await openGitLab();
    const environment = { ...SECRETS, ...gitlab.environment };
    expect(await run(ci, 'connectors-plan', environment)).toMatchObject({ code: 0 });
    expect(gitlab.notes.map(({ body }) => body.slice(0, 50))).toEqual([
      ...Array.from({ length: 150 }, (_, index) => `Note ${index}`),
      expect.stringMatching(/^<!-- databar-sync plan -->\n### databar-sync plan/u),
    ]);

    site.remove('lead-score.yaml');
    expect(await run(ci, 'connectors-plan', environment)).toMatchObject({ code: 0 });
    expect(gitlab.notes).toHaveLength(151);
    expect(gitlab.notes.at(-1)?.body).toContain('5 to create');

    // Without a key there is no plan, and the note says so.
    expect((await run(ci, 'connectors-plan', { ...environment, DATABAR_API_KEY: '' })).code).toBe(1);
    expect(gitlab.notes).toHaveLength(151);
    expect(gitlab.notes.at(-1)?.body).toContain('[the log](https://gitlab.example/jobs/5) says why');

    // Without a token there is a plan all the same, and with a wrong one the job fails.
    const untold = await run(ci, 'connectors-plan', { ...environment, DATABAR_SYNC_NOTE_TOKEN: '' });
    expect(untold).toMatchObject({ code: 0 });
    expect(untold.stdout).toContain('5 to create');
    expect((await run(ci, 'connectors-plan', { ...environment, DATABAR_SYNC_NOTE_TOKEN: 'wrong' })).code).toBe(1);
  });

  test('sync writes what the files say', async () => {
    const { site, ci } = await openCheckout();
    expect(await run(ci, 'connectors-sync', SECRETS)).toMatchObject({ code: 0 });
    expect(site.sandbox.connectors()).toHaveLength(6);
    site.write('broken.yaml', 'name: Broken\nmethod: fetch\nurl: https://api.example.com/x\n');
    expect((await run(ci, 'connectors-sync', SECRETS)).code).toBe(1);
  });
});

/** As much of GitLab as a note needs: pages of a hundred, and a token. */
async function openGitLab(): Promise<{
  readonly notes: { id: number; body: string; system: boolean }[];
  readonly environment: Readonly<Record<string, string>>;
}> {
  const notes = Array.from({ length: 150 }, (_, id) => ({ id, body: `Note ${id}`, system: false }));
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request
      .on('data', (chunk: Buffer) => chunks.push(chunk))
      .on('end', () => {
        const url = new URL(request.url ?? '', 'http://gitlab.example');
        const known = /^\/api\/v4\/projects\/12\/merge_requests\/3\/notes(?:\/(\d+))?$/u.exec(url.pathname);
        const answer = (status: number, body: unknown, headers = {}): void => {
          response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
        };
        if (known === null || request.headers['private-token'] !== 'note-token') return answer(401, {});
        if (request.method === 'GET') {
          const page = Number(url.searchParams.get('page'));
          const more = page * 100 < notes.length;
          return answer(200, notes.slice((page - 1) * 100, page * 100), {
            'x-next-page': more ? String(page + 1) : '',
          });
        }
        const { body } = JSON.parse(Buffer.concat(chunks).toString('utf8')) as { body: string };
        const note = notes.find(({ id }) => request.method === 'PUT' && id === Number(known[1]));
        if (note === undefined) notes.push({ id: notes.length, body, system: false });
        else note.body = body;
        return answer(note === undefined ? 201 : 200, {});
      });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  onTestFinished(() => void server.close());
  return {
    notes,
    environment: {
      CI_API_V4_URL: `http://127.0.0.1:${port}/api/v4`,
      CI_JOB_URL: 'https://gitlab.example/jobs/5',
      CI_PROJECT_ID: '12',
      CI_MERGE_REQUEST_IID: '3',
      DATABAR_SYNC_NOTE_TOKEN: 'note-token',
    },
  };
}

test('the hook before a commit runs what it names', async () => {
  const { site } = await openCheckout();
  const config = parse(read('pre-commit-config.yaml')) as {
    readonly repos: readonly { readonly repo: string; readonly hooks: readonly Readonly<Record<string, unknown>>[] }[];
  };
  const [hook] = config.repos.flatMap(({ hooks }) => hooks);
  expect(config.repos.map(({ repo }) => repo)).toEqual(['local']);
  expect(hook).toMatchObject({ id: 'databar-sync-validate', language: 'system', pass_filenames: false });
  const [program, ...args] = String(hook?.['entry']).split(' ');
  expect(program).toBe('databar-sync');
  expect((await site.run(...args)).code).toBe(0);
  const files = new RegExp(String(hook?.['files']), 'u');
  expect(['connectors/a.yaml', 'connectors/b/c.yml', 'connectors/d.json'].every((file) => files.test(file))).toBe(true);
  expect(['README.md', 'src/connectors/a.yaml', 'connectors/.env'].some((file) => files.test(file))).toBe(false);
});

test('every recipe is told of', () => {
  const page = readFileSync(join(REPOSITORY_ROOT, 'docs', 'ci.md'), 'utf8');
  const paths = readdirSync(RECIPES, { recursive: true, encoding: 'utf8' }).filter((path) => /\.\w+$/u.test(path));
  expect(paths.length).toBe(7);
  expect(paths.filter((path) => !page.includes(`(../deploy/ci/${path.replaceAll('\\', '/')})`))).toEqual([]);
});
