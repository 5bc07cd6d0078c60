/** The commands and flags of the program, as completions need them. */

import type { Command, Option } from 'commander';
import { OPTIONS } from '../../config/options.ts';
import { explainableTopics } from '../explain/explain-topic.ts';

export interface CommandDescription {
  readonly name: string;
  readonly about: string;
  readonly flags: readonly FlagDescription[];
  readonly argument: ValueDescription;
}

export interface FlagDescription {
  /** Such as `--dir`. */
  readonly flag: string;
  readonly about: string;
  readonly value: ValueDescription;
}

export type ValueDescription =
  | { readonly kind: 'none' }
  /** Anything: nothing can be offered. */
  | { readonly kind: 'text'; readonly name: string }
  | { readonly kind: 'path' }
  | { readonly kind: 'choice'; readonly choices: readonly string[] };

/** Only what is shown in the help. */
export function describeProgram(program: Command): readonly CommandDescription[] {
  const help = program.createHelp();
  return help
    .visibleCommands(program)
    .filter((command) => command.name() !== 'help')
    .map((command) => ({
      name: command.name(),
      about: firstSentence(command.description()),
      flags: help.visibleOptions(command).flatMap((option) => describeFlag(option)),
      argument: describeArgument(command),
    }));
}

function describeFlag(option: Option): readonly FlagDescription[] {
  const { long, description } = option;
  if (typeof long !== 'string') return [];
  return [{ flag: long, about: firstSentence(description), value: describeValue(option, long) }];
}

const PATHS: ReadonlySet<string> = new Set(['path', 'file']);

function describeValue({ flags, argChoices, required }: Option, long: string): ValueDescription {
  if (!required) return { kind: 'none' };
  const name = /<([^.>]+)/u.exec(flags)?.[1] ?? 'value';
  const setting = OPTIONS.find(({ flag }) => flag === long);
  const choices = argChoices ?? (setting?.type === 'enum' ? setting.choices : undefined);
  if (choices !== undefined) return { kind: 'choice', choices };
  return PATHS.has(name) ? { kind: 'path' } : { kind: 'text', name };
}

function describeArgument(command: Command): ValueDescription {
  const [argument] = command.registeredArguments;
  if (argument === undefined) return { kind: 'none' };
  if (argument.argChoices !== undefined) return { kind: 'choice', choices: argument.argChoices };
  if (argument.name() === 'topic') return { kind: 'choice', choices: explainableTopics() };
  return { kind: 'path' };
}

const MAX_LENGTH = 80;

/** Menus have one line for each entry. */
function firstSentence(text: string): string {
  const [sentence = ''] = text.split(/(?<=[^.])\. |; |: | \(/u);
  const plain = sentence.replaceAll('`', '').replace(/\.$/u, '');
  return plain.length > MAX_LENGTH ? `${plain.slice(0, MAX_LENGTH - 1)}…` : plain;
}
