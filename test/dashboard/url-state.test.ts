import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { STATE_NAMES } from '../../src/dashboard/states.ts';
import { detailUrl, readView, rowsUrl, writeView } from '../../src/dashboard/url-state.ts';
import { CONNECTOR_STATES } from '../../src/model/status-api.ts';

const PLAIN = { query: '', states: [], page: 1, open: null };

describe('the view in the address bar', () => {
  test('is empty for the plain page', () => {
    expect(writeView(PLAIN)).toBe('');
    expect(readView('')).toEqual(PLAIN);
  });

  test('reads well', () => {
    expect(writeView({ query: 'acme', states: ['failing', 'blocked'], page: 2, open: 'people/email#eu' })).toBe(
      '?q=acme&state=failing,blocked&page=2&key=people/email%23eu',
    );
  });

  test.each([
    '?page=0',
    '?page=-1',
    '?page=1.5',
    '?page=many',
    '?page=1000000000',
    '?page=9007199254740993',
    '?state=',
    '?state=unheard-of',
    '?x=1',
  ])('takes %s for the plain page', (search) => {
    expect(readView(search)).toEqual(PLAIN);
  });

  test('survives the way there and back, whatever is in it', () => {
    const awkward = fc.constantFrom(...Array.from('aÉ漢😀\0 &=?#+/%,;"<'));
    const view = fc.record({
      query: fc.string({ unit: awkward }),
      states: fc.subarray([...STATE_NAMES]),
      page: fc.integer({ min: 1, max: 1_000_000 }),
      open: fc.option(fc.string({ minLength: 1, unit: awkward })),
    });
    fc.assert(
      fc.property(view, (each) => {
        expect(readView(writeView(each))).toEqual(each);
      }),
    );
  });
});

test('rows are asked for by page, state and words', () => {
  expect(rowsUrl({ ...PLAIN, query: ' a&b ', states: ['invalid'], page: 3 })).toBe(
    'api/connectors?q=a%26b&state=invalid&page=3&size=100',
  );
  expect(rowsUrl(PLAIN)).toBe('api/connectors?page=1&size=100');
});

test('the details of a connector are asked for by its key', () => {
  expect(detailUrl('company/registry#eu & co')).toBe('api/connector?key=company/registry%23eu+%26+co');
});

test('the states of the page are those of the daemon, in its order', () => {
  expect(STATE_NAMES).toEqual(CONNECTOR_STATES);
});
