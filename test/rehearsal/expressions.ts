import { data, Evaluator, Lexer, Parser, wellKnownFunctions } from '@actions/expressions';

/** What `github`, `vars`, `inputs`, `steps` and the like hold in a run. */
export type Contexts = Readonly<Record<string, unknown>>;

type Value = string | number | boolean | null | readonly unknown[] | Readonly<Record<string, unknown>>;

/** Puts the values of expressions, `${{ … }}`, into a text, by GitHub's own evaluator. */
export function filled(text: string, contexts: Contexts): string {
  return text.replaceAll(/\$\{\{(.*?)\}\}/gs, (_, expression: string) => textOf(evaluate(expression, contexts)));
}

/** Whether a condition of a job or step holds; without a status function it asks for the success of what went before. */
export function holds(condition: string | undefined, contexts: Contexts, isSuccess: boolean): boolean {
  if (condition === undefined) return isSuccess;
  const asksStatus = /\b(?:success|failure|always|cancelled)\s*\(/.test(condition);
  const value = evaluate(condition.replace(/^\$\{\{|\}\}$/g, ''), contexts, isSuccess);
  return isTrue(value) && (asksStatus || isSuccess);
}

function evaluate(expression: string, contexts: Contexts, isSuccess = true): data.ExpressionData {
  const names = Object.keys(contexts);
  const status = (name: string, value: boolean) => ({
    ...{ name, description: '', minArgs: 0, maxArgs: 0 },
    call: () => new data.BooleanData(value),
  });
  const statuses = [
    status('success', isSuccess),
    status('failure', !isSuccess),
    status('always', true),
    status('cancelled', false),
  ];
  const { tokens } = new Lexer(expression.trim()).lex();
  const known = [...Object.values(wellKnownFunctions), ...statuses];
  const tree = new Parser(tokens, names, known).parse();
  const functions = new Map(statuses.map((one) => [one.name, one]));
  return new Evaluator(tree, toData(contexts) as data.Dictionary, functions).evaluate();
}

function toData(value: unknown): data.ExpressionData {
  const plain = value as Value;
  if (plain === null || plain === undefined) return new data.Null();
  if (typeof plain === 'string') return new data.StringData(plain);
  if (typeof plain === 'number') return new data.NumberData(plain);
  if (typeof plain === 'boolean') return new data.BooleanData(plain);
  if (Array.isArray(plain)) return new data.Array(...plain.map(toData));
  const pairs = Object.entries(plain).map(([key, one]) => ({ key, value: toData(one) }));
  return new data.Dictionary(...pairs);
}

function textOf(value: data.ExpressionData): string {
  return value.coerceString();
}

function isTrue(value: data.ExpressionData): boolean {
  const text = value.coerceString();
  return !(text === '' || text === 'false' || text === '0' || text === 'null');
}
