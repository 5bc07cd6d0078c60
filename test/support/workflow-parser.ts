/** GitHub's own parser of workflows. */

import type * as WorkflowParser from '@actions/workflow-parser';
import { build } from 'esbuild';

/** It imports JSON in a way that Node does not take; as one file it can be loaded. */
async function loadParser(): Promise<typeof WorkflowParser> {
  const { outputFiles } = await build({
    entryPoints: ['@actions/workflow-parser'],
    bundle: true,
    format: 'esm',
    platform: 'node',
    // Of its parts, the one that reads YAML is not made for modules.
    banner: { js: `import { createRequire } from 'node:module'; const require = createRequire('${import.meta.url}');` },
    write: false,
  });
  const code = Buffer.from(outputFiles[0]?.contents ?? []).toString('base64');
  return (await import(`data:text/javascript;base64,${code}`)) as typeof WorkflowParser;
}

/** What it finds wrong with the text of a workflow. */
export async function openWorkflowJudge(): Promise<(name: string, content: string) => Promise<readonly string[]>> {
  const { NoOperationTraceWriter, convertWorkflowTemplate, parseWorkflow } = await loadParser();
  return async (name, content) => {
    const { context, value } = parseWorkflow({ name, content }, new NoOperationTraceWriter());
    if (value !== undefined) await convertWorkflowTemplate(context, value);
    return context.errors.getErrors().map(({ message }) => message);
  };
}
