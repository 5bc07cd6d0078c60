/** `databar-sync plan`: what `sync` would do, from the same code; nothing but GET is sent, and no state is kept. */

import { basename, relative, resolve } from 'node:path';
import type { Brake, Plan } from '../../model/change.ts';
import type { PassResult } from '../../model/pass.ts';
import type { PlanSeal } from '../../model/plan-seal.ts';
import { sealPlan } from '../../plan/seal-plan.ts';
import { createConditionTracker } from '../../report/conditions.ts';
import { markdownProse } from '../../report/markdown-text.ts';
import { plainText } from '../../report/plain-text.ts';
import { hasPendingChanges, planDocument } from '../../report/render-plan/plan-document.ts';
import { renderPlanMarkdown } from '../../report/render-plan/plan-markdown.ts';
import { renderPlanText } from '../../report/render-plan/plan-text.ts';
import { passError } from '../../report/render-sync.ts';
import { isDefinitionName } from '../../source/file-names.ts';
import type { CommonOptions } from '../common-options.ts';
import { composePipeline } from '../compose.ts';
import type { Limit } from '../limit-to-paths.ts';
import { createCover, describeLimit, limitToPaths } from '../limit-to-paths.ts';
import { createPlanKey, planSettings, writePlanFile } from '../plan-file.ts';
import { displayFileFrom, prepare, requireApiKey } from '../prepare.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';

export interface PlanOptions extends CommonOptions {
  readonly output: 'text' | 'json' | 'markdown';
  readonly detailedExitCode: boolean;
  /** Files, directories and globs that the plan is limited to; empty for all. */
  readonly paths: readonly string[];
  /** Where to write the plan, for `sync --plan`; null for nowhere. */
  readonly out: string | null;
  readonly quiet: boolean;
}

/** @returns 0; 2 with `--detailed-exitcode` and changes; 1 when anything is invalid or could not be read */
export async function planCommand(terminal: Terminal, options: PlanOptions): Promise<number> {
  const { settings, log } = prepare(terminal, options, 'stderr');
  const limit = await limitToPaths(terminal.cwd, settings.source.dir, options.paths);
  if (options.out !== null) refuseSourceFile(terminal.cwd, settings.source.dir, options.out);
  const apiKey = requireApiKey(settings, true);
  const key = options.out === null ? null : createPlanKey(apiKey());
  const seals: PlanSeal[] = [];
  const tracker = createConditionTracker(log.emit);
  const pipeline = composePipeline({
    settings,
    environment: terminal.environment,
    apiKey,
    stateMode: 'read',
    dryRun: true,
    covers: limit === null ? null : createCover(limit),
    review: (facts) => {
      if (key !== null) seals.push(sealPlan(facts, key.fingerprint));
      return [];
    },
    emit: log.emit,
    observer: {
      sourceRead: (source) => tracker.sourceRead(source),
      planned: () => undefined,
      outcome: () => undefined,
    },
    warn: (message) => log.say('warn', message),
    onRequest: () => undefined,
    tracing: null,
    onSecret: terminal.scrubber.learn,
  });
  try {
    const result = await pipeline.pass({
      signal: new AbortController().signal,
      plannedDeletes: null,
      honourBackOff: false,
    });
    tracker.invalid(result.desired);
    const displayFile = displayFileFrom(terminal.cwd, settings.source.dir);
    const isPlan = result.plan !== null && passError(result) === null;
    const [seal] = seals;
    if (isPlan && options.out !== null && key !== null && seal !== undefined) {
      // Before anything is printed: when it fails, that is all there is to say.
      writePlanFile(resolve(terminal.cwd, options.out), key, {
        createdAt: new Date(result.startedAt).toISOString(),
        revision: result.revision,
        settings: planSettings(settings),
        limit,
        plan: planDocument(result.plan, displayFile),
        seal,
      });
    }
    await terminal.stdout.print(render(result, { ...options, limit, colour: terminal.stdout.colour, displayFile }));
    if (!isPlan) return 1;
    if (options.out !== null && !options.quiet) {
      terminal.stderr.write(`wrote ${options.out}; to apply exactly this: databar-sync sync --plan ${options.out}\n`);
    }
    if (result.desired.invalid.length > 0) return 1;
    return options.detailedExitCode && hasPendingChanges(result.plan) ? 2 : 0;
  } finally {
    await pipeline.close();
  }
}

/** In the source directory the plan would be taken for a definition. */
function refuseSourceFile(cwd: string, sourceDir: string, out: string): void {
  const place = relative(resolve(cwd, sourceDir), resolve(cwd, out));
  if (!place.startsWith('..') && isDefinitionName(basename(out))) {
    throw new UsageError(
      `--out ${out} lies in the source directory and would be taken for a definition; write it elsewhere`,
    );
  }
}

interface RenderOptions extends Pick<PlanOptions, 'output' | 'quiet'> {
  readonly limit: Limit | null;
  readonly colour: boolean;
  readonly displayFile: (file: string) => string;
}

function render(result: PassResult, options: RenderOptions): string {
  const plan = result.plan ?? NO_PLAN;
  const error = passError(result);
  const note = options.limit === null ? null : describeLimit(options.limit);
  switch (options.output) {
    case 'json':
      return renderJson(plan, error, options);
    case 'markdown':
      return error === null
        ? renderPlanMarkdown(plan, result.brakes, note === null ? [] : [note])
        : `### databar-sync plan failed\n\n${markdownProse(error)}\n`;
    case 'text':
      return error === null ? renderText(plan, result.brakes, note, options) : `no plan: ${plainText(error)}\n`;
  }
}

const NO_PLAN: Plan = { changes: [], moves: [], forget: [], unmanaged: 0 };

function renderJson(plan: Plan, error: string | null, { limit, displayFile }: RenderOptions): string {
  const document = {
    ...planDocument(plan, displayFile),
    ...(limit === null ? {} : { limit }),
    ...(error === null ? {} : { error }),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function renderText(plan: Plan, brakes: readonly Brake[], note: string | null, options: RenderOptions): string {
  const text = renderPlanText(plan, brakes, options);
  return note === null || options.quiet ? text : `${plainText(note)}\n${text}`;
}
