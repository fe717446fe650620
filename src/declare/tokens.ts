import { CST, Lexer, Parser } from 'yaml';
import type { Fault } from './tree.ts';

/** A text's YAML tokens, ready to compose, and what in them no mesh file may hold. */
export interface Tokens {
  readonly tokens: readonly CST.Token[];
  /** Whether the tokens may be composed: not when they nest too deep. */
  readonly composable: boolean;
  readonly faults: readonly Fault[];
}

const deepest = 64;
const mostFaults = 1000;

// The library composes nested collections by recursion and would exhaust the stack, and with it the process.
// Its parser keeps a stack of its own, which tells the depth in time.
/** Splits a text into tokens, and refuses what would hide from a reviewer what a line says. */
export function tokensOf(text: string): Tokens {
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  const faults: Fault[] = [];
  let documents = 0;
  let inScalar = false;
  for (const lexeme of new Lexer().lex(text)) {
    const type: CST.TokenType | null = inScalar ? 'scalar' : CST.tokenType(lexeme);
    inScalar = !inScalar && type === 'scalar' && lexeme === CST.SCALAR;
    const offset = parser.offset;
    const fault = refused(type, lexeme, offset);
    if (fault !== undefined) faults.push(fault);
    for (const token of parser.next(lexeme)) tokens.push(token);
    if (type === 'doc-start' && ++documents > 1) {
      faults.push(multiDocument(offset));
      return { tokens, composable: false, faults };
    }
    if (parser.stack.length > deepest || faults.length > mostFaults) {
      if (faults.length <= mostFaults) faults.push(tooDeep(offset));
      return { tokens, composable: false, faults };
    }
  }
  for (const token of parser.end()) tokens.push(token);
  const second = tokens.filter((token) => token.type === 'document')[1];
  if (second !== undefined) faults.push(multiDocument(second.offset));
  return { tokens, composable: second === undefined, faults };
}

function refused(type: CST.TokenType | null, lexeme: string, offset: number): Fault | undefined {
  const text = shortened(lexeme);
  if (type === 'anchor') {
    return { code: 'ANCHOR', message: `the anchor ${text} is not used in mesh files`, hint: writeOut, offset };
  }
  if (type === 'alias') {
    const hint = `put a glob in quotes: "${text}"; else ${writeOut}`;
    return { code: 'ANCHOR', message: `the alias ${text} is not used in mesh files`, hint, offset };
  }
  if (type === 'tag') {
    const hint = 'leave it out; put text in quotes';
    return { code: 'TAG', message: `the tag ${text} is not used in mesh files`, hint, offset };
  }
  if (type === 'directive-line') {
    return {
      code: 'DIRECTIVE',
      message: `the directive ${text} is not used in mesh files`,
      hint: 'leave it out',
      offset,
    };
  }
  return undefined;
}

const writeOut = 'write out what it stands for, so that a reviewer sees what each line says';

function shortened(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}

function multiDocument(offset: number): Fault {
  return {
    code: 'MULTI_DOCUMENT',
    message: 'the file holds more than one YAML document',
    hint: 'one file says one thing: split it',
    offset,
  };
}

function tooDeep(offset: number): Fault {
  return {
    code: 'TOO_DEEP',
    message: `the file nests more than ${deepest} levels deep`,
    hint: 'no mesh file needs more than ten',
    offset,
  };
}
