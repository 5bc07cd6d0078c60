import { describe, expect, test } from 'vitest';
import type { ConnectorRow, ConnectorState } from '../../src/model/status-api.ts';
import type { ConnectorSearch } from '../../src/report/find-connectors.ts';
import { findConnectors } from '../../src/report/find-connectors.ts';

function row(key: string, state: ConnectorState, changes: Partial<ConnectorRow> = {}): ConnectorRow {
  return {
    key,
    id: null,
    name: null,
    file: `${key}.yaml`,
    line: null,
    state,
    cause: null,
    action: null,
    since: 0,
    message: null,
    ...changes,
  };
}

const ROWS = [
  row('crm/a', 'in_sync', { id: 4711, name: 'Acme Score' }),
  row('crm/b', 'failing'),
  row('crm/c', 'invalid', { file: null }),
  row('hr/d', 'failing'),
  row('hr/e', 'in_sync', { id: 12 }),
];

const find = (search: Partial<ConnectorSearch> = {}) =>
  findConnectors(ROWS, { states: null, text: '', page: 1, size: 100, ...search });
const keys = (search: Partial<ConnectorSearch>): readonly string[] => find(search).rows.map(({ key }) => key);

test('the worst come first, and within a state they are sorted by key', () => {
  expect(keys({})).toEqual(['crm/c', 'crm/b', 'hr/d', 'crm/a', 'hr/e']);
});

test('a filter by state leaves the others out, and counts them all the same', () => {
  const page = find({ states: new Set(['failing']), text: 'hr' });
  expect(page.rows.map(({ key }) => key)).toEqual(['hr/d']);
  expect(page).toMatchObject({ total: 1, states: { failing: 1, in_sync: 1, invalid: 0 } });
});

describe('a text is looked for', () => {
  test.each([
    ['in the key', 'CRM/', ['crm/c', 'crm/b', 'crm/a']],
    ['in the name, whatever the case', 'acme sc', ['crm/a']],
    ['in the file', 'd.yaml', ['hr/d']],
    ['in the id', '471', ['crm/a']],
    ['and not between them', 'a acme', []],
  ])('%s', (_, text, expected) => {
    expect(keys({ text })).toEqual(expected);
  });
});

test('pages follow each other, and the last one ends', () => {
  const pages = [1, 2, 3, 4].map((page) => keys({ page, size: 2 }));
  expect(pages).toEqual([['crm/c', 'crm/b'], ['hr/d', 'crm/a'], ['hr/e'], []]);
  expect(find({ page: 4, size: 2 }).total).toBe(5);
});
