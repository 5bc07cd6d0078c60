/** What `databar-sync explain` says about a topic: a field of a definition, or a code from a message. */

import type { DefinitionField } from '../../desired/definition-fields.ts';
import { definitionFields, normaliseFieldPath } from '../../desired/definition-fields.ts';
import { nearestName } from '../../model/nearest-name.ts';
import { BLOCK_GUIDE } from '../../report/guide/block-guide.ts';
import { CAUSE_GUIDE } from '../../report/guide/cause-guide.ts';
import type { CodeGuide } from '../../report/guide/code-guide.ts';
import type { EventGuide } from '../../report/guide/event-guide.ts';
import { EVENT_GUIDE } from '../../report/guide/event-guide.ts';
import { PROBLEM_GUIDE } from '../../report/guide/problem-guide.ts';
import { renderField, renderFieldTree } from './render-field.ts';
import { wrapText } from './wrap-text.ts';

const WIDTH = 100;

export type Explanation =
  | { readonly status: 'found'; readonly text: string }
  /** `nearest`: what may have been meant, best first. */
  | { readonly status: 'unknown'; readonly nearest: readonly string[] };

/** @param topic null for an overview of all fields */
export function explainTopic(topic: string | null): Explanation {
  const fields = definitionFields();
  if (topic === null) return { status: 'found', text: renderFieldTree(fields) };
  const path = normaliseFieldPath(topic);
  const field = fields.find((known) => known.path === path);
  if (field !== undefined) return { status: 'found', text: renderField(field, fields) };
  const code = explainCode(topic.trim().toLowerCase());
  return code === null ? { status: 'unknown', nearest: nearestTopics(path, fields) } : { status: 'found', text: code };
}

/** Everything that can be explained, for completions. */
export function explainableTopics(): readonly string[] {
  return [...definitionFields().map(({ path }) => path), ...CODES];
}

const PROBLEMS: Readonly<Record<string, CodeGuide>> = PROBLEM_GUIDE;
const BLOCKS: Readonly<Record<string, CodeGuide>> = BLOCK_GUIDE;
const CAUSES: Readonly<Record<string, string>> = CAUSE_GUIDE;
const EVENTS: Readonly<Record<string, EventGuide>> = EVENT_GUIDE;
const CODES = [...new Set([PROBLEMS, BLOCKS, CAUSES, EVENTS].flatMap((guide) => Object.keys(guide)))];

/** Null when there is no such code. Some are the reason of a block and the cause of a change: then both are told. */
function explainCode(code: string): string | null {
  const parts = [
    ...guideParts(code, 'a problem of a definition', PROBLEMS),
    ...guideParts(code, 'a change is blocked', BLOCKS),
    ...(Object.hasOwn(CAUSES, code) ? [[`${code}  (the cause of a change)`, CAUSES[code] ?? '']] : []),
    ...eventParts(code),
  ];
  if (parts.length === 0) return null;
  return `${parts.map(([head = '', ...paragraphs]) => renderPart(head, paragraphs)).join('\n\n')}\n`;
}

function guideParts(
  code: string,
  kind: string,
  guides: Readonly<Record<string, CodeGuide>>,
): readonly (readonly string[])[] {
  const guide = Object.hasOwn(guides, code) ? guides[code] : undefined;
  if (guide === undefined) return [];
  return [[`${code}  (${kind})`, guide.title, guide.meaning, `What to do: ${guide.remedy}`]];
}

function eventParts(name: string): readonly (readonly string[])[] {
  const guide = Object.hasOwn(EVENTS, name) ? EVENTS[name] : undefined;
  if (guide === undefined) return [];
  const remedy = guide.remedy === null ? 'Nothing is to be done about it.' : `What to do: ${guide.remedy}`;
  return [[`${name}  (an event of the log)`, `When: ${guide.when}.`, remedy]];
}

function renderPart(head: string, paragraphs: readonly string[]): string {
  const blocks = paragraphs.map((text) =>
    wrapText(text, WIDTH - 2)
      .map((line) => `  ${line}`)
      .join('\n'),
  );
  return [head, ...blocks].join('\n\n');
}

const MAX_NEAREST = 3;

/** Fields whose last part was given come first: who writes `ref` means `sync.ref`. */
function nearestTopics(topic: string, fields: readonly DefinitionField[]): readonly string[] {
  const last = topic.split('.').at(-1) ?? '';
  const inner = fields.filter(({ path }) => path.split('.').at(-1) === last).map(({ path }) => path);
  const nearest = nearestName(topic, [...fields.map(({ path }) => path), ...CODES]);
  return [...new Set([...inner, ...(nearest === null ? [] : [nearest])])].slice(0, MAX_NEAREST);
}
