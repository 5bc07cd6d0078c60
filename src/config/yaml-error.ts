import type { ErrorCode } from 'yaml';

/**
 * What a YAML error means, in our words: the parser's own messages may quote what stands at the place, and that may
 * be a secret.
 */
export function explainYamlError(code: ErrorCode): string {
  return `the YAML cannot be read: ${EXPLANATIONS[code]}`;
}

const EXPLANATIONS: Readonly<Record<ErrorCode, string>> = {
  ALIAS_PROPS: 'an alias has a tag or an anchor',
  BAD_ALIAS: 'an alias or anchor is wrong',
  BAD_COLLECTION_TYPE: 'a tag does not fit its list or map',
  BAD_DIRECTIVE: 'a directive (a line that begins with %) is wrong',
  BAD_DQ_ESCAPE: 'an unknown escape in a double-quoted value',
  BAD_INDENT: 'the indentation is wrong',
  BAD_PROP_ORDER: 'a tag or an anchor stands in the wrong place',
  BAD_SCALAR_START: 'a value begins with a character that needs quotes',
  BLOCK_AS_IMPLICIT_KEY: 'a map or list stands where a single value belongs',
  BLOCK_IN_FLOW: 'an indented map or list stands inside brackets',
  DUPLICATE_KEY: 'a key is there twice',
  IMPOSSIBLE: 'its structure is broken',
  KEY_OVER_1024_CHARS: 'a key is longer than 1024 characters',
  MISSING_CHAR: 'a character is missing, such as a quote, a comma or a bracket',
  MULTILINE_IMPLICIT_KEY: 'a key spans several lines',
  MULTIPLE_ANCHORS: 'a value has several anchors',
  MULTIPLE_DOCS: 'there is more than one document',
  MULTIPLE_TAGS: 'a value has several tags',
  NON_STRING_KEY: 'a key is not a plain word',
  RESOURCE_EXHAUSTION: 'it is nested too deeply',
  TAB_AS_INDENT: 'a line is indented with a tab',
  TAG_RESOLVE_FAILED: 'a tag is unknown, or does not fit its value',
  UNEXPECTED_TOKEN: 'something stands where it does not belong',
};
