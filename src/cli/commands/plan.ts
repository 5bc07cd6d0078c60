/** `databar-sync plan`: what `sync` would do, from the same code; nothing but GET is sent, and no state is kept. */

import { createConditionTracker } from '../../report/conditions.ts';
import { markdownProse } from '../../report/markdown-text.ts';
import { plainText } from '../../report/plain-text.ts';
import { hasPendingChanges, planDocument, renderPlanMarkdown, renderPlanText } from '../../report/render-plan.ts';
import { passError } from '../../report/render-sync.ts';
import type { PassResult } from '../../model/pass.ts';
import { composePipeline } from '../compose.ts';
import type { CommonOptions } from '../common-options.ts';
import { parserOf } from '../parse-files.ts';
import { displayFileFrom, prepare, requireApiKey } from '../prepare.ts';
import type { Terminal } from '../terminal.ts';

export interface PlanOptions extends CommonOptions {
  readonly output: 'text' | 'json' | 'markdown';
  readonly detailedExitCode: boolean;
}

/** @returns 0; 2 with `--detailed-exitcode` and changes; 1 when anything is invalid or could not be read */
export async function planCommand(terminal: Terminal, options: PlanOptions): Promise<number> {
  const { settings, log } = prepare(terminal, options, 'stderr');
  const tracker = createConditionTracker(log.emit);
  const pipeline = composePipeline({
    settings,
    environment: terminal.environment,
    parseFiles: parserOf(terminal),
    apiKey: requireApiKey(settings, true),
    stateMode: 'read',
    dryRun: true,
    emit: log.emit,
    observer: {
      sourceRead: (source) => tracker.sourceRead(source),
      planned: () => undefined,
      outcome: () => undefined,
    },
    warn: (message) => log.say('warn', message),
    onRequest: () => undefined,
    tracing: null,
  });
  try {
    const result = await pipeline.pass({
      signal: new AbortController().signal,
      plannedDeletes: null,
      honourBackOff: false,
    });
    tracker.invalid(result.desired);
    const displayFile = displayFileFrom(terminal.cwd, settings.source.dir);
    await terminal.stdout.print(render(result, options.output, displayFile));
    if (result.plan === null || passError(result) !== null || result.desired.invalid.length > 0) return 1;
    return options.detailedExitCode && hasPendingChanges(result.plan) ? 2 : 0;
  } finally {
    await pipeline.close();
  }
}

function render(result: PassResult, output: PlanOptions['output'], displayFile: (file: string) => string): string {
  const { brakes } = result;
  const plan = result.plan ?? { changes: [], moves: [], forget: [], unmanaged: 0 };
  const error = passError(result);
  switch (output) {
    case 'json':
      return `${JSON.stringify({ ...planDocument(plan, displayFile), ...(error === null ? {} : { error }) }, null, 2)}\n`;
    case 'markdown':
      return error === null
        ? renderPlanMarkdown(plan, brakes)
        : `### databar-sync plan failed\n\n${markdownProse(error)}\n`;
    case 'text':
      return error === null ? renderPlanText(plan, brakes) : `no plan: ${plainText(error)}\n`;
  }
}
