/** The commands, their flags and their help. Each command's code is loaded only when it runs. */

import { Command, Option } from 'commander';
import { addSettingsFlags, givenFlags } from './settings-flags.ts';
import type { Terminal } from './terminal.ts';
import { VERSION } from './version.ts';

export interface Program {
  /** Run one command and give its exit code. Rejects with what `describeFailure` describes. */
  run(args: readonly string[]): Promise<number>;
}

const EXAMPLES = `
Examples:
  databar-sync run --sandbox                 try it: the sample connectors against an embedded imitation of the API
  databar-sync validate connectors           check definitions; needs no key and no network
  databar-sync plan                          what a sync would do
  databar-sync sync --dry-run                one pass that writes nothing
  DATABAR_API_KEY_FILE=key databar-sync run  the daemon: commit YAML, the workspace follows

Every setting has a flag, an environment variable and a place in --config; see docs/settings.md.`;

export function createProgram(terminal: Terminal): Program {
  let exitCode = 0;
  const program = new Command('databar-sync')
    .description('GitOps for Databar custom API connectors: commit YAML, the workspace follows.')
    .version(VERSION)
    .exitOverride()
    .showSuggestionAfterError()
    .configureOutput({
      writeOut: (text) => terminal.stdout.write(text),
      writeErr: () => undefined, // The top-level catch prints it, once.
    })
    .addHelpText('after', EXAMPLES);

  addSettingsFlags(program.command('run'), [
    'source',
    'secrets',
    'api',
    'sync',
    'limits',
    'retry',
    'state',
    'http',
    'log',
    'shutdown',
  ])
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
    .description('one pass, then exit: 0 when all is well, 1 when anything is invalid, blocked or failed')
    .addOption(outputOption('text', 'json'))
    .option('--dry-run', 'send nothing but GET; tell what would be done')
    .action(async (options: Record<string, unknown>) => {
      const { syncCommand } = await import('./commands/sync.ts');
      exitCode = await syncCommand(terminal, {
        ...common(options),
        output: options['output'] === 'json' ? 'json' : 'text',
        dryRun: options['dryRun'] === true,
      });
    });

  addSettingsFlags(program.command('plan'), ['source', 'secrets', 'api', 'sync', 'limits', 'retry', 'state', 'log'])
    .description('what `sync` would do; writes nothing')
    .addOption(outputOption('text', 'json', 'markdown'))
    .option('--detailed-exitcode', 'exit with 2 when there are changes')
    .action(async (options: Record<string, unknown>) => {
      const { planCommand } = await import('./commands/plan.ts');
      const { output } = options;
      exitCode = await planCommand(terminal, {
        ...common(options),
        output: output === 'json' || output === 'markdown' ? output : 'text',
        detailedExitCode: options['detailedExitcode'] === true,
      });
    });

  addSettingsFlags(program.command('validate'), ['source', 'secrets', 'log'])
    .description('check definitions without key or network: 0 when all are valid, 1 when not')
    .argument('[path...]', 'files and directories; by default the source directory')
    .addOption(outputOption('text', 'json', 'github', 'sarif', 'junit'))
    .action(async (paths: readonly string[], options: Record<string, unknown>) => {
      const { validateCommand } = await import('./commands/validate.ts');
      exitCode = await validateCommand(terminal, { ...common(options), paths, output: String(options['output']) });
    });

  program
    .command('schema')
    .description('print the JSON Schema of a definition, for editors and other tools')
    .action(async () => {
      const { schemaCommand } = await import('./commands/schema.ts');
      exitCode = await schemaCommand(terminal);
    });

  program
    .command('sandbox')
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

  for (const command of program.commands) {
    command.exitOverride().copyInheritedSettings(program).showHelpAfterError('(--help lists the flags)');
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

/** What every command with settings is given. */
export interface CommonOptions {
  /** By the path of their setting. */
  readonly flags: ReturnType<typeof givenFlags>;
  readonly configFile: string | null;
}

function common(options: Readonly<Record<string, unknown>>): CommonOptions {
  const { config } = options;
  return { flags: givenFlags(options), configFile: typeof config === 'string' ? config : null };
}
