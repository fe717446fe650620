import { type Notation, Tokens, Unreadable } from './tokens.ts';

const notation: Notation = {
  quotes: { "'": 'text', '"': 'name' },
  signs: ['<=', '>=', '<>', '!=', '=', '<', '>', '(', ')', ',', '.', '-'],
  escaping: 'doubled',
};

/**
 * Why a text is no row predicate; undefined for one. Lake Formation takes columns compared with constants by
 * =, <>, !=, <, >, <=, >=, BETWEEN, IN, LIKE and IS NULL, joined by AND, OR and NOT: no functions, and no column beside
 * another (https://docs.aws.amazon.com/lake-formation/latest/dg/partiql-support.html).
 */
export function predicateFault(text: string, columns: readonly string[]): string | undefined {
  try {
    const tokens = new Tokens(text, notation);
    either(tokens, new Set(columns));
    tokens.take('end');
    return undefined;
  } catch (thrown) {
    if (thrown instanceof Unreadable) return thrown.message;
    throw thrown;
  }
}

function either(tokens: Tokens, columns: ReadonlySet<string>): void {
  do both(tokens, columns);
  while (tokens.skip('or'));
}

function both(tokens: Tokens, columns: ReadonlySet<string>): void {
  do single(tokens, columns);
  while (tokens.skip('and'));
}

function single(tokens: Tokens, columns: ReadonlySet<string>): void {
  while (tokens.skip('not'));
  if (tokens.skip('(')) {
    either(tokens, columns);
    tokens.expect(')');
    return;
  }
  column(tokens, columns);
  if (tokens.skip('is')) {
    tokens.skip('not');
    tokens.expect('null');
    return;
  }
  if (tokens.skip('=', '<>', '!=', '<', '>', '<=', '>=')) {
    constant(tokens);
    return;
  }
  tokens.skip('not');
  if (tokens.skip('like')) tokens.take('text');
  else if (tokens.skip('between')) {
    constant(tokens);
    tokens.expect('and');
    constant(tokens);
  } else {
    tokens.expect('in');
    tokens.expect('(');
    do constant(tokens);
    while (tokens.skip(','));
    tokens.expect(')');
  }
}

/** A column of the table, or a field nested in one. */
function column(tokens: Tokens, columns: ReadonlySet<string>): void {
  const { text } = tokens.take('name');
  if (!columns.has(text.toLowerCase())) throw new Unreadable(`there is no column '${text}'`);
  while (tokens.skip('.')) tokens.take('name');
}

function constant(tokens: Tokens): void {
  if (tokens.skip('true', 'false')) return;
  // A date or time is written as its type and a text.
  if (tokens.skip('date', 'timestamp')) tokens.take('text');
  else if (tokens.skip('-')) tokens.take('number');
  else tokens.take('text', 'number');
}
