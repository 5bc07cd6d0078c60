/** The commands, their flags and their help. Each command's code is loaded only when it runs. */

import { Argument, Command, Option } from 'commander';
import type { CommonOptions } from './common-options.ts';
import { SHELLS } from './completion/shells.ts';
import { EXAMPLES } from './examples.ts';
import { PROBLEM_FORMATS } from '../report/render-problems/problem-formats.ts';
import { addSettingsFlags, givenFlags } from './settings-flags.ts';
import type { Terminal } from './terminal.ts';
import { VERSION_LINE } from './version.ts';

export interface Program {
  /** Run one command and give its exit code. Rejects with what `describeFailure` describes. */
  run(args: readonly string[]): Promise<number>;
}

export function createProgram(terminal: Terminal): Program {
  let exitCode = 0;
  const program = new Command('databar-sync')
    .description('GitOps for Databar custom API connectors: commit YAML, the workspace follows.')
    .version(VERSION_LINE, '--version', 'print the version, and the commit it was built from')
    .exitOverride()
    .showSuggestionAfterError()
    .configureOutput({
      writeOut: (text) => terminal.stdout.write(text),
      writeErr: () => undefined, // The top-level catch prints it, once.
    })
    .addHelpText('after', EXAMPLES.program);

  addSettingsFlags(program.command('run'), [
    'source',
    'secrets',
    'api',
    'sync',
    'limits',
    'retry',
    'state',
    'http',
    'metrics',
    'notify',
    'log',
    'shutdown',
  ])
    .addHelpText('after', EXAMPLES.run)
    .description('the daemon: watch the files, keep the workspace equal to them, until it is stopped')
    .option('--sandbox', 'serve and use an embedded imitation of the Databar API instead of the real one')
    .option('--sandbox-port <port>', 'where the sandbox listens; 0 for a free port', '8701')
    .option('--dry-run', 'send nothing but GET; tell what would be done')
    .action(async (options: Record<string, unknown>) => {
      const { runCommand } = await import('./commands/run.ts');
      exitCode = await runCommand(terminal, {
        ...common(options),
        sandbox: options['sandbox'] === true,
        sandboxPort: String(options['sandboxPort']),
        dryRun: options['dryRun'] === true,
      });
    });

  addSettingsFlags(program.command('sync'), ['source', 'secrets', 'api', 'sync', 'limits', 'retry', 'state', 'log'])
    .addHelpText('after', EXAMPLES.sync)
    .description('one pass, then exit: 0 when all is well, 1 when anything is invalid, blocked, failed or refused')
    .argument('[path...]', 'files, directories and globs in the source directory to limit the pass to')
    .addOption(outputOption('text', 'json'))
    .option('--dry-run', 'send nothing but GET; tell what would be done')
    .option('--plan <file>', 'apply exactly the plan that `plan --out` wrote, or nothing when something has moved')
    .option('--quiet', 'print the summary alone, and no progress; log only errors')
    .action(async (paths: readonly string[], options: Record<string, unknown>) => {
      const { syncCommand } = await import('./commands/sync.ts');
      exitCode = await syncCommand(terminal, {
        ...common(options),
        output: options['output'] === 'json' ? 'json' : 'text',
        dryRun: options['dryRun'] === true,
        paths,
        plan: fileOption(options['plan']),
        quiet: options['quiet'] === true,
      });
    });

  addSettingsFlags(program.command('plan'), ['source', 'secrets', 'api', 'sync', 'limits', 'retry', 'state', 'log'])
    .addHelpText('after', EXAMPLES.plan)
    .description('what `sync` would do; writes nothing to the workspace')
    .argument('[path...]', 'files, directories and globs in the source directory to limit the plan to')
    .addOption(outputOption('text', 'json', 'markdown'))
    .option('--detailed-exitcode', 'exit with 2 when there are changes')
    .option('--out <file>', 'write the plan to this file, for `sync --plan`')
    .option('--quiet', 'print the summary alone; log only errors')
    .action(async (paths: readonly string[], options: Record<string, unknown>) => {
      const { planCommand } = await import('./commands/plan.ts');
      const { output } = options;
      exitCode = await planCommand(terminal, {
        ...common(options),
        output: output === 'json' || output === 'markdown' ? output : 'text',
        detailedExitCode: options['detailedExitcode'] === true,
        paths,
        out: fileOption(options['out']),
        quiet: options['quiet'] === true,
      });
    });

  addSettingsFlags(program.command('validate'), ['source', 'secrets', 'log'])
    .addHelpText('after', EXAMPLES.validate)
    .description('check definitions without key or network: 0 when all are valid, 1 when not')
    .argument('[path...]', 'files, directories, globs, and - for standard input; by default the source directory')
    .addOption(outputOption(...PROBLEM_FORMATS))
    .option('--strict', 'warnings about the content of definitions are errors')
    .option('--quiet', 'tell errors alone, and nothing when there are none')
    .option('--stdin-name <file>', 'what standard input is called in messages', 'stdin.yaml')
    .action(async (paths: readonly string[], options: Record<string, unknown>) => {
      const { validateCommand } = await import('./commands/validate.ts');
      const output = PROBLEM_FORMATS.find((format) => format === options['output']) ?? 'text';
      exitCode = await validateCommand(terminal, {
        ...common(options),
        paths,
        output,
        stdinName: String(options['stdinName']),
        strict: options['strict'] === true,
        quiet: options['quiet'] === true,
      });
    });

  addSettingsFlags(program.command('status'), ['http.listen'])
    .addHelpText('after', EXAMPLES.status)
    .description('ask a running daemon: 0 when it is healthy, 1 when it is not or does not answer')
    .option('--url <address>', 'where the daemon answers, when that is not where the settings say')
    .option('--state <states>', 'list only connectors in these states, such as failing,blocked')
    .option('--watch', 'print it again whenever it changes')
    .addOption(outputOption('text', 'json'))
    .action(async (options: Record<string, unknown>) => {
      const { statusCommand } = await import('./commands/status.ts');
      exitCode = await statusCommand(terminal, {
        ...common(options),
        url: typeof options['url'] === 'string' ? options['url'] : null,
        state: typeof options['state'] === 'string' ? options['state'] : null,
        watch: options['watch'] === true,
        output: options['output'] === 'json' ? 'json' : 'text',
      });
    });

  addSettingsFlags(program.command('notify'), ['source', 'api', 'notify', 'log'])
    .addHelpText('after', EXAMPLES.notify)
    .description('send a test message to the webhook: 0 when it was taken, 1 when not')
    .action(async (options: Record<string, unknown>) => {
      const { notifyCommand } = await import('./commands/notify.ts');
      exitCode = await notifyCommand(terminal, common(options));
    });

  addSettingsFlags(program.command('import'), ['source', 'secrets', 'api', 'limits', 'retry', 'state', 'log'])
    .addHelpText('after', EXAMPLES.import)
    .description('write live connectors to YAML files, with ids and without secrets')
    .option('--only <glob...>', 'only connectors whose name matches; * is any text, ? one character; repeatable')
    .option('--exclude <glob...>', 'not those whose name matches; repeatable')
    .option('--single-file', 'write one file, connectors.yaml, with a document for each')
    .option('--overwrite', 'write files anew whose connector was changed elsewhere; comments in them are lost')
    .option('--keep-header <name...>', 'write the values of this header as they are; repeatable')
    .option('--dry-run', 'write nothing; tell what would be written')
    .option('--quiet', 'tell only what went wrong')
    .addOption(outputOption('text', 'json'))
    .action(async (options: Record<string, unknown>) => {
      const { importCommand } = await import('./commands/import.ts');
      exitCode = await importCommand(terminal, {
        ...common(options),
        only: listOf(options['only']),
        exclude: listOf(options['exclude']),
        keepHeaders: listOf(options['keepHeader']),
        singleFile: options['singleFile'] === true,
        overwrite: options['overwrite'] === true,
        dryRun: options['dryRun'] === true,
        quiet: options['quiet'] === true,
        output: options['output'] === 'json' ? 'json' : 'text',
      });
    });

  program
    .command('schema')
    .addHelpText('after', EXAMPLES.schema)
    .description('print the JSON Schema of a definition, for editors and other tools')
    .action(async () => {
      const { schemaCommand } = await import('./commands/schema.ts');
      exitCode = await schemaCommand(terminal);
    });

  program
    .command('explain')
    .addHelpText('after', EXAMPLES.explain)
    .description('tell what a field of a definition means, or a code from a message')
    .argument('[topic]', 'such as headers.value or mass_delete; by default all fields')
    .action(async (topic: string | undefined) => {
      const { explainCommand } = await import('./commands/explain.ts');
      exitCode = await explainCommand(terminal, topic ?? null);
    });

  program
    .command('init')
    .addHelpText('after', EXAMPLES.init)
    .description('write a starter folder: samples, schema, settings, and checks for commits and pull requests')
    .argument('[directory]', 'an empty directory, or one that is yet to be made', '.')
    .action(async (directory: string) => {
      const { initCommand } = await import('./commands/init.ts');
      exitCode = await initCommand(terminal, directory);
    });

  program
    .command('sandbox')
    .addHelpText('after', EXAMPLES.sandbox)
    .description('the embedded imitation of the Databar API alone, with faults on request')
    .option('--host <address>', 'where to listen', '127.0.0.1')
    .option('--port <port>', 'where to listen; 0 for a free port', '8701')
    .option('--api-key <key>', 'accept only this key; by default any')
    .option('--latency <duration>', 'wait this long before each answer', '0ms')
    .option('--max-rate-limit <n>', 'cap rate_limit, as a plan does')
    .option('--max-concurrency <n>', 'cap max_concurrency, as a plan does')
    .option('--mask-headers', 'hide header values in answers to list and get')
    .option('--fault <fault...>', 'inject a fault, such as update:503 or create:reset-after-commit; repeatable')
    .action(async (options: Record<string, unknown>) => {
      const { sandboxCommand } = await import('./commands/sandbox.ts');
      exitCode = await sandboxCommand(terminal, options);
    });

  program
    .command('completion')
    .addHelpText('after', EXAMPLES.completion)
    .description('print a script that completes commands and flags in a shell')
    .addArgument(new Argument('<shell>', 'the shell').choices(SHELLS))
    .action(async (name: string) => {
      const shell = SHELLS.find((known) => known === name);
      const { completionCommand } = await import('./commands/completion.ts');
      if (shell !== undefined) exitCode = await completionCommand(terminal, shell, program);
    });

  for (const command of program.commands) {
    command.exitOverride().copyInheritedSettings(program);
  }

  return {
    async run(args) {
      await program.parseAsync(args.length > 0 ? [...args] : ['--help'], { from: 'user' });
      return exitCode;
    },
  };
}

function outputOption(...formats: readonly [string, ...string[]]): Option {
  return new Option('--output <format>', 'how to print the result').choices(formats).default(formats[0]);
}

function listOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function fileOption(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function common(options: Readonly<Record<string, unknown>>): CommonOptions {
  const { config } = options;
  const flags = givenFlags(options);
  // An explicit level has the last word.
  const quiet = options['quiet'] === true && !Object.hasOwn(flags, 'log.level') ? { 'log.level': 'error' } : {};
  return { flags: { ...quiet, ...flags }, configFile: typeof config === 'string' ? config : null };
}
