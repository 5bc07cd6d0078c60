import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nearestName } from '../../src/model/nearest-name.ts';

const FIELDS = ['name', 'type', 'method', 'url', 'headers', 'parameters', 'body', 'body_template', 'rate_limit'];

describe('the nearest name', () => {
  test.each([
    ['a letter missing', 'metod', 'method'],
    ['a letter too many', 'headerss', 'headers'],
    ['a wrong letter', 'paraneters', 'parameters'],
    ['two letters swapped', 'tpye', 'type'],
    ['another case', 'Headers', 'headers'],
    ['a dash for an underscore', 'rate-limit', 'rate_limit'],
    ['camel case', 'bodyTemplate', 'body_template'],
    ['the name itself', 'url', 'url'],
  ])('sees through %s', (_slip, name, expected) => {
    expect(nearestName(name, FIELDS)).toBe(expected);
  });

  test.each([['authentication'], ['x'], [''], ['zzzz']])('suggests nothing for %j', (name) => {
    expect(nearestName(name, FIELDS)).toBeNull();
  });

  test('suggests nothing when there is nothing to suggest', () => {
    expect(nearestName('name', [])).toBeNull();
  });

  test('prefers the candidate with fewer slips over the one that comes first', () => {
    expect(nearestName('interval', ['interna', 'intervals'])).toBe('intervals');
  });

  test('takes the first of equally near candidates', () => {
    expect(nearestName('cat', ['bat', 'rat'])).toBe('bat');
  });

  test('answers at once for a name as long as a file', () => {
    expect(nearestName('n'.repeat(1_000_000), FIELDS)).toBeNull();
  });

  test('counts letters, not their halves, outside the basic plane', () => {
    expect(nearestName('🙂ab', ['🙃ab'])).toBe('🙃ab');
  });

  test('finds any candidate again after one slip', () => {
    const word = fc.stringMatching(/^[a-z]{4,12}$/);
    fc.assert(
      fc.property(word, fc.nat(), fc.constantFrom('drop', 'swap', 'double'), (name, seed, slip) => {
        const at = seed % (name.length - 1);
        const [before, first, second, after] = [name.slice(0, at), name[at], name[at + 1], name.slice(at + 2)];
        const parts = { drop: [second], swap: [second, first], double: [first, first, second] }[slip];
        expect(nearestName([before, ...parts, after].join(''), [name])).toBe(name);
      }),
    );
  });

  test('never invents a name', () => {
    fc.assert(
      fc.property(fc.string(), fc.array(fc.string()), (name, candidates) => {
        const nearest = nearestName(name, candidates);
        expect(nearest === null || candidates.includes(nearest)).toBe(true);
      }),
    );
  });
});
