import { describe, expect, test } from 'vitest';

import { isDefinitionName } from '../../src/source/file-names.ts';

describe('names of definition files', () => {
  test.each(['a.yaml', 'a.yml', 'a.json', 'A.YAML', 'b.YmL', 'with space.yaml', 'x.y.json', '4913.yaml'])(
    '%s counts',
    (name) => {
      expect(isDefinitionName(name)).toBe(true);
    },
  );

  test.each([
    'a.txt',
    'yaml',
    'a.yaml.gz',
    '.a.yaml',
    '..data',
    '..a.yaml',
    'a.yaml~',
    '.a.yaml.swp',
    'a.yaml.swo',
    '#a.yaml',
    '#a.yaml#',
    '.#a.yaml',
    '4913',
    'a.yaml___jb_tmp___',
    'a___jb_old___.yaml',
    'a.yaml.bak',
    'a.yaml.orig',
    'a.yaml.tmp',
    '.goutputstream-XY12Z1',
    '.~lock.a.yaml#',
  ])('%s does not count', (name) => {
    expect(isDefinitionName(name)).toBe(false);
  });
});
