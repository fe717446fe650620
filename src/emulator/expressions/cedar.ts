import { type Notation, Tokens, Unreadable } from './tokens.ts';

const notation: Notation = {
  quotes: { '"': 'text' },
  signs: [
    '==',
    '!=',
    '<=',
    '>=',
    '&&',
    '||',
    '::',
    '<',
    '>',
    '!',
    '+',
    '-',
    '*',
    '.',
    ',',
    ':',
    '(',
    ')',
    '[',
    ']',
    '{',
    '}',
  ],
  escaping: 'backslash',
};

/** Why a text is no Cedar expression; undefined for one. The grammar: https://docs.cedarpolicy.com/policies/syntax-grammar.html. */
export function cedarFault(text: string): string | undefined {
  try {
    const tokens = new Tokens(text, notation);
    expression(tokens);
    tokens.take('end');
    return undefined;
  } catch (thrown) {
    if (thrown instanceof Unreadable) return thrown.message;
    throw thrown;
  }
}

function expression(tokens: Tokens): void {
  if (tokens.skip('if')) {
    expression(tokens);
    tokens.expect('then');
    expression(tokens);
    tokens.expect('else');
    expression(tokens);
    return;
  }
  do relation(tokens);
  while (tokens.skip('&&', '||'));
}

function relation(tokens: Tokens): void {
  sum(tokens);
  if (tokens.skip('has')) tokens.take('name', 'text');
  else if (tokens.skip('like')) tokens.take('text');
  else if (tokens.skip('is')) {
    path(tokens);
    if (tokens.skip('in')) sum(tokens);
  } else if (tokens.skip('==', '!=', '<', '<=', '>', '>=', 'in')) sum(tokens);
}

function sum(tokens: Tokens): void {
  do unary(tokens);
  while (tokens.skip('+', '-', '*'));
}

function unary(tokens: Tokens): void {
  while (tokens.skip('!', '-'));
  primary(tokens);
  for (;;) {
    if (tokens.skip('.')) {
      tokens.take('name');
      if (tokens.skip('(')) list(tokens, ')');
    } else if (tokens.skip('[')) {
      tokens.take('text');
      tokens.expect(']');
    } else return;
  }
}

function primary(tokens: Tokens): void {
  if (tokens.skip('(')) {
    expression(tokens);
    tokens.expect(')');
  } else if (tokens.skip('[')) list(tokens, ']');
  else if (tokens.skip('{')) record(tokens);
  else if (tokens.next.kind === 'name') {
    path(tokens);
    if (tokens.skip('(')) list(tokens, ')');
  } else tokens.take('text', 'number');
}

/** A name, or names joined by `::`, the last of which may be an entity's id. */
function path(tokens: Tokens): void {
  tokens.take('name');
  while (tokens.skip('::')) tokens.take('name', 'text');
}

function list(tokens: Tokens, end: string): void {
  if (tokens.skip(end)) return;
  do expression(tokens);
  while (tokens.skip(','));
  tokens.expect(end);
}

function record(tokens: Tokens): void {
  if (tokens.skip('}')) return;
  do {
    tokens.take('name', 'text');
    tokens.expect(':');
    expression(tokens);
  } while (tokens.skip(','));
  tokens.expect('}');
}
