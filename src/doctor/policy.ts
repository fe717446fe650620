import { compilePattern } from '../core/pattern.ts';

/** A statement of a resource policy, as it is written. */
export type Statement = Readonly<Record<string, unknown>>;

/** Whether a policy lets RAM share resources. */
export type ShareVerdict =
  | { readonly kind: 'shares' }
  /** Nothing allows it on all of the resources. */
  | { readonly kind: 'silent' }
  | { readonly kind: 'denied' }
  /** It depends on what only AWS can work out. */
  | { readonly kind: 'unclear'; readonly why: string };

/** The statements of a policy document; undefined where it is none. */
export function statementsOf(text: string): readonly Statement[] | undefined {
  try {
    const document: unknown = JSON.parse(text);
    if (!isStatement(document)) return undefined;
    const { Statement: found = [] } = document;
    const list: readonly unknown[] = Array.isArray(found) ? found : [found];
    return list.every(isStatement) ? list : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Whether statements let RAM share these resources, as far as that can be read without evaluating conditions.
 * Source: https://docs.aws.amazon.com/lake-formation/latest/dg/hybrid-cross-account.html.
 */
export function mayShare(statements: readonly Statement[], resources: readonly string[]): ShareVerdict {
  const denials = statements.filter((one) => one['Effect'] === 'Deny' && mayDenyShare(one));
  if (denials.some((one) => isPlain(one))) return { kind: 'denied' };
  if (denials.length > 0) return { kind: 'unclear', why: 'a Deny with a condition or a negation may concern it' };
  const allowing = statements.filter(
    (one) => one['Effect'] === 'Allow' && isPlain(one) && namesShare(one['Action']) && namesRam(one['Principal']),
  );
  const isCovered = (resource: string): boolean =>
    allowing.some((one) => listOf(one['Resource']).some((pattern) => compilePattern(pattern).matches(resource)));
  return resources.every(isCovered) ? { kind: 'shares' } : { kind: 'silent' };
}

/** A policy document with a statement more, which lets RAM share resources; all else is kept as it is. */
export function letShare(text: string, resources: readonly string[]): string {
  const Principal = { Service: ['ram.amazonaws.com'] };
  const statement = { Effect: 'Allow', Action: ['glue:ShareResource'], Principal, Resource: resources };
  return JSON.stringify({ ...JSON.parse(text), Statement: [...(statementsOf(text) ?? []), statement] });
}

function isStatement(one: unknown): one is Statement {
  return typeof one === 'object' && one !== null && !Array.isArray(one);
}

/** Whether a statement says what it concerns, without conditions and negations. */
function isPlain(one: Statement): boolean {
  return ['Condition', 'NotAction', 'NotPrincipal', 'NotResource'].every((member) => one[member] === undefined);
}

function mayDenyShare(one: Statement): boolean {
  const isAction = one['NotAction'] === undefined ? namesShare(one['Action']) : !namesShare(one['NotAction']);
  const { Principal } = one;
  const isEverybody = isStatement(Principal) && listOf(Principal['AWS']).includes('*');
  return isAction && (one['NotPrincipal'] !== undefined || namesRam(Principal) || isEverybody);
}

function namesShare(actions: unknown): boolean {
  return listOf(actions).some((action) => compilePattern(action).matches('glue:ShareResource'));
}

function namesRam(principal: unknown): boolean {
  if (principal === '*') return true;
  return isStatement(principal) && listOf(principal['Service']).includes('ram.amazonaws.com');
}

function listOf(value: unknown): readonly string[] {
  return (Array.isArray(value) ? value : [value]).filter((one) => typeof one === 'string');
}
