import type { Option } from './option.ts';

/** What a setting accepts, for messages and documentation: `a duration from 100ms to 168h, in ms, s, m or h`. */
export function describeAccepted(option: Option): string {
  switch (option.type) {
    case 'duration':
      return `a duration from ${option.min} to ${option.max}, in ms, s, m or h`;
    case 'rate':
      return 'a rate such as 10/s or 300/m, or off';
    case 'integer':
      return `a whole number from ${String(option.min)} to ${String(option.max)}`;
    case 'percent':
      return 'a percentage: a whole number from 0 to 100';
    case 'boolean':
      return 'true or false';
    case 'enum':
      return `${option.choices.slice(0, -1).join(', ')} or ${option.choices.at(-1) ?? ''}`;
    case 'list':
      return `one or more of ${option.choices.join(', ')}, with commas between them`;
    case 'string':
      return option.secret ? 'one line of printable ASCII' : 'text';
    case 'path':
      return 'a path';
    case 'listen':
      return 'host:port such as 127.0.0.1:8700 or [::1]:8700, or off';
    case 'url':
      return 'an address such as https://api.databar.ai, without credentials, query or fragment';
    default:
      return option satisfies never;
  }
}

/** A setting's default, for documentation: `json; pretty on a terminal`. */
export function describeDefault(option: Option): string {
  if (option.default === null) return 'none';
  const terminal = option.type === 'enum' ? option.terminalDefault : undefined;
  return terminal === undefined ? String(option.default) : `${String(option.default)}; ${terminal} on a terminal`;
}
