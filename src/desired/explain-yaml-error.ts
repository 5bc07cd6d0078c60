/** Errors of the yaml library in words for the author of a file. Its own words may quote the text, so none are used. */

import type { ErrorCode, YAMLError } from 'yaml';

import type { TextFault } from './read-tokens.ts';

interface Explanation {
  readonly code: 'yaml_syntax' | 'unknown_tag' | 'duplicate_key' | 'too_deep' | 'wrong_type';
  readonly message: string;
  readonly hint?: string;
}

const QUOTE_IT = 'Put the whole text in quotes.';
const TAG: Explanation = {
  code: 'unknown_tag',
  message: 'This tag is unknown, or does not fit the value.',
  hint: 'Remove it, or put the text in quotes if the exclamation mark is part of it.',
};

const EXPLANATIONS: Readonly<Record<ErrorCode, Explanation>> = {
  ALIAS_PROPS: { code: 'yaml_syntax', message: 'An alias (*name) takes no anchor and no tag.' },
  BAD_ALIAS: { code: 'yaml_syntax', message: 'The name of this anchor or alias is empty or ends in a colon.' },
  BAD_DIRECTIVE: { code: 'yaml_syntax', message: 'This directive (%) is malformed or unknown.', hint: 'Remove it.' },
  BAD_DQ_ESCAPE: { code: 'yaml_syntax', message: 'This backslash begins no escape that YAML knows.' },
  BAD_INDENT: {
    code: 'yaml_syntax',
    message: 'The indentation does not fit, or a bracket opened above is not closed.',
    hint: 'Fields of one map begin in one column.',
  },
  BAD_PROP_ORDER: { code: 'yaml_syntax', message: 'An anchor or a tag stands in the wrong place.' },
  BAD_SCALAR_START: {
    code: 'yaml_syntax',
    message: 'A text without quotes cannot begin with this character.',
    hint: QUOTE_IT,
  },
  BLOCK_AS_IMPLICIT_KEY: {
    code: 'yaml_syntax',
    message: 'This value holds ": ", or the next line is indented too far; so it reads as a map within a text.',
    hint: 'Put the whole text in quotes, or let the next field begin in the column of this one.',
  },
  BLOCK_IN_FLOW: {
    code: 'yaml_syntax',
    message: 'Between brackets the entries are separated by commas; one is missing here.',
  },
  DUPLICATE_KEY: { code: 'duplicate_key', message: 'This field stands twice in one map.' },
  IMPOSSIBLE: { code: 'yaml_syntax', message: 'The YAML cannot be read here.' },
  KEY_OVER_1024_CHARS: { code: 'yaml_syntax', message: 'A field name is longer than 1024 characters.' },
  MISSING_CHAR: {
    code: 'yaml_syntax',
    message: 'YAML expects something else here: a field and its colon, a comma, a closing bracket, or a space.',
    hint: 'Fields of one map begin in one column; the lines of a block text (|) are indented further than its field.',
  },
  MULTILINE_IMPLICIT_KEY: {
    code: 'yaml_syntax',
    message: 'This line is no field: a field is a name, a colon, a space and a value.',
    hint: 'Write it as "name: value".',
  },
  MULTIPLE_ANCHORS: { code: 'yaml_syntax', message: 'A value has more than one anchor.' },
  MULTIPLE_DOCS: { code: 'yaml_syntax', message: 'Another document begins here.' },
  MULTIPLE_TAGS: { code: 'yaml_syntax', message: 'A value has more than one tag.' },
  NON_STRING_KEY: { code: 'wrong_type', message: 'A field name is not a text.' },
  RESOURCE_EXHAUSTION: { code: 'too_deep', message: 'Maps and lists lie too deep in each other.' },
  TAB_AS_INDENT: { code: 'yaml_syntax', message: 'A tab indents this line.', hint: 'Indent with spaces.' },
  TAG_RESOLVE_FAILED: TAG,
  UNEXPECTED_TOKEN: {
    code: 'yaml_syntax',
    message:
      'Something stands here that YAML does not expect: a comma or a bracket too many, or more after a value that ended.',
    hint: "A text that begins with {, [, * or a quote needs quotes around all of it; within '...', an apostrophe is written ''.",
  },
  BAD_COLLECTION_TYPE: TAG,
};

/** A library error, or one of its warnings: everything it only warns of is an error here, under a code of its own. */
export function explainYamlError(error: YAMLError): TextFault {
  const { code, message, hint = null } = EXPLANATIONS[error.code];
  const isWarning = error.name === 'YAMLWarning' && code === 'yaml_syntax';
  return { code: isWarning ? 'yaml_warning' : code, offset: error.pos[0], message, hint };
}
