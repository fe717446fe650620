import type { YAMLError } from 'yaml';
import type { Fault } from './tree.ts';

type Sentence = readonly [code: string, message: string, hint: string];

const sentences: Readonly<Record<YAMLError['code'], Sentence>> = {
  ALIAS_PROPS: ['ANCHOR', 'an alias is not used in mesh files', 'write out what it stands for'],
  BAD_ALIAS: [
    'ANCHOR',
    'an alias is not used in mesh files',
    'write out what it stands for; text that begins with * goes in quotes',
  ],
  BAD_DIRECTIVE: [
    'DIRECTIVE',
    'a directive is not used in mesh files',
    'leave it out; text that begins with % goes in quotes',
  ],
  BAD_DQ_ESCAPE: [
    'YAML_SYNTAX',
    'there is no such escape in double quotes',
    'write a backslash as \\\\, or use single quotes',
  ],
  BAD_INDENT: [
    'YAML_SYNTAX',
    'the indentation does not fit the lines above',
    'indent fields of one mapping alike; is a quote or bracket above left open?',
  ],
  BAD_PROP_ORDER: ['YAML_SYNTAX', 'an anchor or tag stands in the wrong place', 'leave it out'],
  BAD_SCALAR_START: ['YAML_SYNTAX', 'text cannot begin with this character', 'put the text in quotes'],
  BLOCK_AS_IMPLICIT_KEY: [
    'YAML_SYNTAX',
    'a mapping begins within a line',
    'put the key and its value on lines of their own, or text with ": " in quotes',
  ],
  BLOCK_IN_FLOW: ['YAML_SYNTAX', 'an indented list or mapping stands within brackets', 'use brackets inside, too'],
  DUPLICATE_KEY: ['DUPLICATE_KEY', 'a key is written twice in one mapping', 'keep one of them'],
  IMPOSSIBLE: ['YAML_SYNTAX', 'this is not YAML', 'compare with the example'],
  KEY_OVER_1024_CHARS: ['YAML_SYNTAX', 'a key is longer than 1,024 characters', 'is a quote or a line break missing?'],
  MISSING_CHAR: [
    'YAML_SYNTAX',
    'a character is missing',
    'close the quote or bracket, separate items with a comma, put a space after the colon',
  ],
  MULTILINE_IMPLICIT_KEY: [
    'YAML_SYNTAX',
    'a key goes over several lines',
    'is a colon missing after the name, or a quote?',
  ],
  MULTIPLE_ANCHORS: ['ANCHOR', 'an anchor is not used in mesh files', 'leave it out'],
  MULTIPLE_DOCS: ['MULTI_DOCUMENT', 'the file holds more than one YAML document', 'one file says one thing: split it'],
  MULTIPLE_TAGS: ['TAG', 'a tag is not used in mesh files', 'leave it out'],
  NON_STRING_KEY: ['NON_TEXT_KEY', 'a key is not text', 'put it in quotes'],
  RESOURCE_EXHAUSTION: ['TOO_DEEP', 'the file nests too deep', 'no mesh file needs more than ten levels'],
  TAB_AS_INDENT: ['TAB_INDENT', 'a tab is used as indentation', 'indent with spaces'],
  TAG_RESOLVE_FAILED: ['TAG', 'a tag is not used in mesh files', 'leave it out'],
  UNEXPECTED_TOKEN: [
    'YAML_SYNTAX',
    'this does not belong here',
    'is a quote, a colon or a line break missing before it?',
  ],
  BAD_COLLECTION_TYPE: [
    'YAML_SYNTAX',
    'this does not belong here',
    'is a quote, a colon or a line break missing before it?',
  ],
};

/** The library's syntax error in our words. */
export function syntaxFault(error: YAMLError): Fault {
  const [code, message, hint] = sentences[error.code];
  return { code, message, hint, offset: error.pos[0] };
}
