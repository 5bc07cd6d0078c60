import type { IntegerOption, Option, ValueOf } from './option.ts';
import { parseBaseUrl } from './parse-base-url.ts';
import { parseDuration } from './parse-duration.ts';
import { parseListen } from './parse-listen.ts';
import { parseRate } from './parse-rate.ts';
import { parseSecret } from './parse-secret.ts';
import type { Parsed } from './parsed.ts';
import { parsed, rejected } from './parsed.ts';

/**
 * Read the value of a setting from text, which may come from a flag, the environment or the config file.
 *
 * White space around it is dropped. Bounds that concern this setting alone are checked; what settings ask of each
 * other is in `check-settings.ts`.
 */
export function parseOption(option: Option, given: string): Parsed<ValueOf<Option>> {
  const text = given.trim();
  if (text === '') return rejected('is empty');
  switch (option.type) {
    case 'duration':
      return within(parseDuration(text), boundOf(option.min), boundOf(option.max));
    case 'rate':
      return parseRate(text);
    case 'integer':
      return parseInteger(text, option);
    case 'percent':
      return parseInteger(text, { min: 0, max: 100 });
    case 'boolean':
      return parseBoolean(text);
    case 'enum':
      return option.choices.includes(text) ? parsed(text) : rejected('is not one of the choices');
    case 'list':
      return parseList(text, option.choices);
    case 'string':
      return option.secret ? parseSecret(text) : parsed(text);
    case 'path':
      return text.includes('\0') ? rejected('holds a NUL character') : parsed(text);
    case 'listen':
      return parseListen(text);
    case 'url':
      return parseBaseUrl(text);
    default:
      return option satisfies never;
  }
}

function parseInteger(text: string, { min, max }: Pick<IntegerOption, 'min' | 'max'>): Parsed<number> {
  return /^[+-]?\d+$/.test(text) ? within(parsed(Number(text)), min, max) : rejected('is not a whole number');
}

function parseBoolean(text: string): Parsed<boolean> {
  if (text === 'true' || text === '1') return parsed(true);
  return text === 'false' || text === '0' ? parsed(false) : rejected('is neither true nor false');
}

/** Each choice once, in the order of the choices. */
function parseList(text: string, choices: readonly string[]): Parsed<readonly string[]> {
  const given = new Set(text.split(',').map((part) => part.trim()));
  const stranger = [...given].find((part) => !choices.includes(part));
  return stranger === undefined
    ? parsed(choices.filter((choice) => given.has(choice)))
    : rejected('holds something that is not one of the choices');
}

function within(number: Parsed<number>, min: number, max: number): Parsed<number> {
  if (!number.ok) return number;
  if (number.value < min) return rejected('is too small');
  return number.value > max ? rejected('is too large') : number;
}

function boundOf(duration: string): number {
  const bound = parseDuration(duration);
  if (!bound.ok) throw new TypeError(`The bound "${duration}" of a setting ${bound.wrong}.`);
  return bound.value;
}
