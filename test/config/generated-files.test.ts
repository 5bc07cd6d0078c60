import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { OPTIONS } from '../../src/config/options.ts';
import { renderDefaultConfig, renderOptionTable } from '../../src/config/render-options.ts';
import { generatedFiles, REPOSITORY_ROOT } from '../support/generated-files.ts';
import { replaceGeneratedPart } from '../support/replace-generated-part.ts';

const files = await generatedFiles();

describe('generated files', () => {
  test.each(files)('$path is what the source says', ({ path, content }) => {
    const location = join(REPOSITORY_ROOT, path);
    const onDisk = existsSync(location) ? readFileSync(location, 'utf8') : '';
    expect(onDisk === content, `${path} is stale: run "npm run generate".`).toBe(true);
  });

  test('speak of every setting, its variable and its flag', () => {
    for (const text of [renderOptionTable(), renderDefaultConfig()]) {
      for (const { env, flag, description } of OPTIONS) {
        for (const part of [env, flag, description]) expect(text).toContain(part ?? '');
      }
    }
  });
});

describe('the generated part of a page', () => {
  const page = 'before\n<!-- generated:x -->\nold\n<!-- /generated:x -->\nafter\n';

  test('is replaced, and nothing else is', () => {
    const renewed = replaceGeneratedPart(page, 'x', 'new $& $1');
    expect(renewed).toBe('before\n<!-- generated:x -->\n\nnew $& $1\n\n<!-- /generated:x -->\nafter\n');
    expect(replaceGeneratedPart(renewed, 'x', 'new $& $1')).toBe(renewed);
  });

  test('may be absent', () => {
    expect(replaceGeneratedPart(page, 'y', 'new')).toBe(page);
  });

  test('needs both of its markers, in order', () => {
    for (const broken of [
      '<!-- generated:x -->',
      '<!-- /generated:x -->',
      '<!-- /generated:x --><!-- generated:x -->',
    ]) {
      expect(() => replaceGeneratedPart(broken, 'x', 'new')).toThrow('do not match');
    }
  });
});
