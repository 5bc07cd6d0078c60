/**
 * A strict reader of Prometheus' text format 0.0.4: what it does not understand is an error.
 * Source of the rules: prometheus.io/docs/instrumenting/exposition_formats.
 */

export interface Family {
  readonly name: string;
  readonly type: string;
  readonly help: string;
  readonly samples: readonly Sample[];
}

export interface Sample {
  /** With `_bucket`, `_sum` or `_count` for a histogram. */
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const SAMPLE = /^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(?<labels>.*)\})? (?<value>\S+)$/u;
const LABEL = /^(?<name>[a-zA-Z_]\w*)="(?<value>(?:[^"\\\n]|\\["\\n])*)"(?:,|$)/u;

/** @throws Error at the first line that breaks a rule */
export function parseExposition(text: string): readonly Family[] {
  if (!text.endsWith('\n')) throw new Error('the last line has no end');
  const families: { name: string; type: string; help: string; samples: Sample[] }[] = [];
  const seen = new Set<string>();
  for (const line of text.split('\n')) {
    const last = families.at(-1);
    const help = /^# HELP (?<name>\S+) (?<help>.+)$/u.exec(line)?.groups;
    const type = /^# TYPE (?<name>\S+) (?<type>counter|gauge|histogram)$/u.exec(line)?.groups;
    if (line === '') continue;
    if (help !== undefined) {
      if (families.some(({ name }) => name === help['name'])) throw new Error(`a second time: ${line}`);
      families.push({ name: help['name'] ?? '', type: '', help: help['help'] ?? '', samples: [] });
    } else if (type !== undefined) {
      if (last === undefined || last.name !== type['name'] || last.type !== '') throw new Error(`misplaced: ${line}`);
      last.type = type['type'] ?? '';
    } else {
      const sample = parseSample(line);
      const endings = last?.type === 'histogram' ? ['_bucket', '_sum', '_count'] : [''];
      if (last === undefined || !endings.some((ending) => sample.name === `${last.name}${ending}`)) {
        throw new Error(`of no family: ${line}`);
      }
      const series = `${sample.name}${JSON.stringify(sample.labels, Object.keys(sample.labels).sort())}`;
      if (seen.has(series)) throw new Error(`a second time: ${line}`);
      seen.add(series);
      last.samples.push(sample);
    }
  }
  return families;
}

function parseSample(line: string): Sample {
  const groups = SAMPLE.exec(line)?.groups;
  if (groups === undefined) throw new Error(`no sample: ${line}`);
  const value = groups['value'] === '+Inf' ? Number.POSITIVE_INFINITY : Number(groups['value']);
  if (Number.isNaN(value)) throw new Error(`no value: ${line}`);
  return { name: groups['name'] ?? '', labels: parseLabels(groups['labels'] ?? '', line), value };
}

function parseLabels(text: string, line: string): Record<string, string> {
  const labels: Record<string, string> = {};
  let rest = text;
  while (rest !== '') {
    const match = LABEL.exec(rest);
    const { name, value } = match?.groups ?? {};
    if (match === null || name === undefined || value === undefined || Object.hasOwn(labels, name)) {
      throw new Error(`no labels: ${line}`);
    }
    labels[name] = value.replaceAll(/\\(["\\n])/gu, (_, character: string) => (character === 'n' ? '\n' : character));
    rest = rest.slice(match[0].length);
  }
  return labels;
}
