/**
 * As much of Helm as the chart uses. The templates run on Go's own template engine (an npm package that holds it as
 * WebAssembly), which knows nothing of the functions that Helm adds. So those are put in other words first:
 *
 *     include "part" x        the action {{ template "part" x }}
 *     toYaml x                the value as JSON, which a template writes and which is YAML again afterwards
 *     ... | nindent n         marks around the text, which is indented when all is rendered
 *     ... | quote             printf "%q" (print ...)
 *     default a b             or b a
 *     required "why" x        x, and marks that fail the rendering when nothing is between them
 *
 * A function that is not in this list is an error of the engine.
 */

import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse as renderGo } from '@evertdespiegeleer/go-template';
import { parse as parseYaml, stringify } from 'yaml';
import type { Json, JsonMap, Resource } from './resource.ts';
import { isMap, parseResources } from './resource.ts';

export interface Release {
  readonly name: string;
  readonly namespace: string;
}

export interface Rendered {
  readonly resources: readonly Resource[];
  readonly notes: string;
}

/** Render a chart with its default values and what is given over them. @throws with the reason of `required` */
export async function renderChart(directory: string, values: JsonMap, release: Release): Promise<Rendered> {
  const read = (path: string): string => readFileSync(join(directory, path), 'utf8');
  const chart = parseYaml(read('Chart.yaml')) as {
    readonly name: string;
    readonly version: string;
    readonly appVersion: string;
  };
  const data = {
    Values: overlay(parseYaml(read('values.yaml')) as JsonMap, values),
    Release: { Name: release.name, Namespace: release.namespace },
    Chart: { Name: chart.name, Version: chart.version, AppVersion: chart.appVersion },
  };
  const files = readdirSync(join(directory, 'templates')).sort();
  const parts = files.filter((file) => file.startsWith('_')).map((file) => read(`templates/${file}`));
  const render = async (file: string): Promise<string> =>
    finish(await renderGo(JSON_PART + inGoWords([...parts, read(`templates/${file}`)].join('\n')), data));

  const resources: Resource[] = [];
  for (const file of files.filter((name) => name.endsWith('.yaml')))
    resources.push(...parseResources(await render(file)));
  return { resources, notes: await render('NOTES.txt') };
}

function overlay(under: JsonMap, over: JsonMap): JsonMap {
  const unknown = Object.keys(over).find((name) => !(name in under));
  if (unknown !== undefined && Object.keys(under).length > 0) throw new Error(`values.yaml does not know ${unknown}`);
  const merged = Object.entries(over).map(([name, value]): [string, Json] => {
    const old = under[name];
    return [name, isMap(old) && isMap(value) ? overlay(old, value) : value];
  });
  return { ...under, ...Object.fromEntries(merged) };
}

const [OPEN, MIDDLE, CLOSE] = ['\u0001', '\u0002', '\u0003'];

/** Writes any value as JSON, but for a comma too many, which YAML's flow style allows. */
const JSON_PART = `{{- define "json" -}}
{{- $kind := printf "%T" . -}}
{{- if eq $kind "map[string]interface {}" -}}
{ {{- range $name, $value := . }}{{ printf "%q" $name }}: {{ template "json" $value }}, {{ end -}} }
{{- else if eq $kind "[]interface {}" -}}
[ {{- range . }}{{ template "json" . }}, {{ end -}} ]
{{- else if eq $kind "string" -}}{{ printf "%q" . }}
{{- else -}}{{ print . }}{{- end -}}
{{- end -}}`;

function inGoWords(template: string): string {
  return template.replaceAll(/(\{\{-?)\s*(.*?)\s*(-?\}\})/gsu, (all, open: string, action: string, close: string) => {
    if (action.startsWith('/*')) return all;
    const marked = markOf(action);
    if (marked === null) return `${open} ${inGoFunctions(action)} ${close}`;
    // What trims the text around the action goes on doing so around the marks.
    return `${open} "" }}${OPEN}${marked.kind}${MIDDLE}{{ ${marked.action} }}${CLOSE}{{ "" ${close}`;
  });
}

/** What is finished only when all is rendered. */
function markOf(action: string): { readonly kind: string; readonly action: string } | null {
  const yaml = /^toYaml (\S+) \| nindent (\d+)$/u.exec(action);
  if (yaml !== null) return { kind: `yaml ${yaml[2]}`, action: `template "json" ${yaml[1]}` };
  const part = /^include ("[^"]+") (\S+) \| (?:nindent (\d+)|quote)$/u.exec(action);
  if (part !== null) {
    return { kind: part[3] === undefined ? 'quote' : `text ${part[3]}`, action: `template ${part[1]} ${part[2]}` };
  }
  const required = /^required ("[^"]+") (\S+) \| quote$/u.exec(action);
  return required === null ? null : { kind: `required ${required[1]}`, action: String(required[2]) };
}

function inGoFunctions(action: string): string {
  const plain = action.replaceAll(/\(default (\S+) (\S+)\)/gu, '(or $2 $1)');
  return plain.replace(/^(.*) \| quote$/su, 'printf "%q" (print ($1))');
}

function finish(text: string): string {
  const marked = new RegExp(`${OPEN}([^${MIDDLE}]*)${MIDDLE}([^${OPEN}${MIDDLE}${CLOSE}]*)${CLOSE}`, 'u');
  let finished = text;
  for (let found = marked.exec(finished); found !== null; found = marked.exec(finished)) {
    const [whole, kind = '', content = ''] = found;
    finished = finished.replace(whole, () => fill(kind, content));
  }
  return finished;
}

function fill(kind: string, content: string): string {
  const [name = '', argument = ''] = kind.split(/ (.*)/su);
  switch (name) {
    case 'quote':
      return JSON.stringify(content);
    case 'required':
      if (content === '') throw new Error(JSON.parse(argument) as string);
      return JSON.stringify(content);
    case 'yaml':
      return indentBy(Number(argument), stringify(parseYaml(content)).trimEnd());
    case 'text':
      return indentBy(Number(argument), content);
    default:
      throw new Error(`nobody writes the mark ${kind}`);
  }
}

function indentBy(spaces: number, text: string): string {
  return `\n${text}`.replaceAll('\n', `\n${' '.repeat(spaces)}`);
}
