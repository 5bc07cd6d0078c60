/**
 * PromQL as far as our alerts and panels use it: what an expression names, read by Prometheus' own grammar, and what an
 * alert's expression gives for samples of one moment. Functions over a range are read, and not evaluated.
 */

import type { SyntaxNode } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';
import type { Sample } from './parse-exposition.ts';

export interface Matcher {
  readonly label: string;
  readonly op: string;
  readonly value: string;
}

export interface Selector {
  readonly name: string;
  readonly matchers: readonly Matcher[];
}

export interface Named {
  readonly selectors: readonly Selector[];
  /** Labels of `by` and `on`. */
  readonly grouped: readonly string[];
}

/** @throws SyntaxError when it is not PromQL */
export function namedIn(expression: string): Named {
  const selectors: Selector[] = [];
  const grouped: string[] = [];
  parse(expression)
    .cursor()
    .iterate(({ node }) => {
      if (node.name === 'VectorSelector') selectors.push(selectorOf(node, expression));
      if (node.name === 'GroupingLabels') grouped.push(...children(node).map((label) => textOf(label, expression)));
    });
  return { selectors, grouped };
}

/** The series that an alert's expression leaves: it fires when there is any. */
export function evaluate(expression: string, samples: readonly Sample[], now: number): readonly Sample[] {
  const value = valueOf(parse(expression).firstChild, { expression, samples, now });
  if (typeof value === 'number') throw new TypeError(`${expression} is a number and selects nothing`);
  return value;
}

interface Moment {
  readonly expression: string;
  readonly samples: readonly Sample[];
  readonly now: number;
}

type Value = number | readonly Sample[];

function valueOf(node: SyntaxNode | null, moment: Moment): Value {
  const { expression, samples, now } = moment;
  if (node === null) throw new TypeError('nothing is not evaluated');
  switch (node.name) {
    case 'NumberDurationLiteral':
      return Number(textOf(node, expression));
    case 'ParenExpr':
      return valueOf(node.firstChild, moment);
    case 'VectorSelector': {
      const { name, matchers } = selectorOf(node, expression);
      return samples.filter((sample) => sample.name === name && matchers.every((matcher) => matches(sample, matcher)));
    }
    case 'FunctionCall': {
      const name = textOf(node.firstChild, expression);
      if (name === 'time') return now;
      if (name !== 'absent') throw new TypeError(`${name} is not evaluated`);
      const found = valueOf(node.getChild('FunctionCallBody')?.firstChild ?? null, moment);
      return typeof found !== 'number' && found.length > 0 ? [] : [{ name: '', labels: {}, value: 1 }];
    }
    case 'BinaryExpr':
      return combine(node, moment);
    default:
      throw new TypeError(`${node.name} is not evaluated`);
  }
}

const COMPARISONS: Readonly<Record<string, (left: number, right: number) => boolean>> = {
  '==': (left, right) => left === right,
  '!=': (left, right) => left !== right,
  '>': (left, right) => left > right,
  '<': (left, right) => left < right,
};

function combine(node: SyntaxNode, moment: Moment): Value {
  const { expression } = moment;
  const [left, right] = [valueOf(node.firstChild, moment), valueOf(node.lastChild, moment)];
  const operator = textOf(node.firstChild?.nextSibling ?? null, expression);
  const on = node.getChild('MatchingModifierClause')?.getChild('GroupingLabels');
  const labels = on === undefined || on === null ? null : children(on).map((label) => textOf(label, expression));
  if (typeof left !== 'number' && typeof right !== 'number') {
    const known = new Set(right.map((sample) => keyOf(sample, labels)));
    if (operator === 'unless') return left.filter((sample) => !known.has(keyOf(sample, labels)));
    const mine = new Set(left.map((sample) => keyOf(sample, labels)));
    if (operator === 'or') return [...left, ...right.filter((sample) => !mine.has(keyOf(sample, labels)))];
  } else if (typeof right === 'number' && typeof left !== 'number') {
    const holds = COMPARISONS[operator];
    if (holds !== undefined) return left.filter(({ value }) => holds(value, right));
  } else if (typeof left === 'number' && typeof right !== 'number' && operator === '-') {
    return right.map((sample) => ({ ...sample, value: left - sample.value }));
  }
  throw new TypeError(`${operator} between these is not evaluated`);
}

function keyOf({ labels }: Sample, on: readonly string[] | null): string {
  return JSON.stringify((on ?? Object.keys(labels).toSorted()).map((label) => [label, labels[label]]));
}

function matches({ labels }: Sample, { label, op, value }: Matcher): boolean {
  const actual = labels[label] ?? '';
  switch (op) {
    case '=':
      return actual === value;
    case '!=':
      return actual !== value;
    case '=~':
      return new RegExp(`^(?:${value})$`, 'u').test(actual);
    case '!~':
      return !new RegExp(`^(?:${value})$`, 'u').test(actual);
    default:
      throw new TypeError(`${op} does not match labels`);
  }
}

function parse(expression: string): SyntaxNode {
  const { topNode } = parser.parse(expression);
  topNode.cursor().iterate(({ type, from }) => {
    if (type.isError) throw new SyntaxError(`${expression} is no PromQL at ${from}`);
  });
  return topNode;
}

function selectorOf(node: SyntaxNode, expression: string): Selector {
  const matchers = children(node.getChild('LabelMatchers')).map((matcher): Matcher => {
    const [label, op, value] = children(matcher).map((part) => textOf(part, expression));
    return { label: label ?? '', op: op ?? '', value: JSON.parse(value ?? '""') as string };
  });
  return { name: textOf(node.getChild('Identifier'), expression), matchers };
}

function children(node: SyntaxNode | null): readonly SyntaxNode[] {
  const found: SyntaxNode[] = [];
  for (let child = node?.firstChild ?? null; child !== null; child = child.nextSibling) found.push(child);
  return found;
}

function textOf(node: SyntaxNode | null, expression: string): string {
  return node === null ? '' : expression.slice(node.from, node.to);
}
