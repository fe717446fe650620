import type { IamPrincipal } from '../account.ts';
import type { Caller } from '../credentials.ts';

type Fields = Readonly<Record<string, unknown>>;

/** The trust policy of a role, as it was written or as its list of trusted principals says. */
export function trustPolicyOf({ trustPolicy, trusts }: IamPrincipal): Fields {
  if (trustPolicy !== undefined) return trustPolicy;
  const Statement = trusts.length === 0 ? [] : [{ Effect: 'Allow', Principal: { AWS: trusts }, Action: assumeRole }];
  return { Version: '2012-10-17', Statement };
}

const assumeRole = 'sts:AssumeRole';

/**
 * Whether a role lets a caller take it on under a session name: a statement allows it, and none denies it. A condition that is
 * not modelled is taken for unmet.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html.
 */
export function trusts(role: IamPrincipal, caller: Caller, sessionName: string): boolean {
  const { Statement = [] } = trustPolicyOf(role);
  const statements = (Array.isArray(Statement) ? Statement : [Statement]) as readonly Fields[];
  const values = { 'aws:principalarn': caller.arn, 'sts:rolesessionname': sessionName };
  const fits = (one: Fields): boolean =>
    listOf(one['Action']).some((action) => action === '*' || action === 'sts:*' || action === assumeRole) &&
    isNamed(one['Principal'], caller) &&
    holds(one['Condition'], values);
  const effects = new Set(statements.filter(fits).map((one) => one['Effect']));
  return effects.has('Allow') && !effects.has('Deny');
}

/** A principal is named by the ARN of a user, role or session, or its whole account by id or root ARN. */
function isNamed(principal: unknown, { arn, sessionArn, account }: Caller): boolean {
  const named = typeof principal === 'object' && principal !== null ? (principal as Fields)['AWS'] : principal;
  const own = ['*', arn, sessionArn, account, `arn:aws:iam::${account}:root`];
  return listOf(named).some((one) => own.includes(one));
}

const operators: Readonly<Record<string, (pattern: string, value: string) => boolean>> = {
  StringEquals: (pattern, value) => pattern === value,
  ArnEquals: isLike,
  ArnLike: isLike,
  StringLike: isLike,
};

function holds(condition: unknown, values: Readonly<Record<string, string>>): boolean {
  return Object.entries((condition ?? {}) as Readonly<Record<string, Fields>>).every(([operator, keys]) =>
    Object.entries(keys).every(([key, patterns]) => {
      const [test, value] = [operators[operator], values[key.toLowerCase()]];
      return test !== undefined && value !== undefined && listOf(patterns).some((pattern) => test(pattern, value));
    }),
  );
}

/** Whether a text is as a pattern says, in which `*` stands for any text. */
function isLike(pattern: string, value: string): boolean {
  const [first = '', ...parts] = pattern.split('*');
  if (parts.length === 0) return pattern === value;
  if (!value.startsWith(first)) return false;
  let at = first.length;
  for (const part of parts.slice(0, -1)) {
    const found = value.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  const last = parts.at(-1) ?? '';
  return value.length - last.length >= at && value.endsWith(last);
}

function listOf(value: unknown): readonly string[] {
  return (Array.isArray(value) ? value : [value]).filter((one): one is string => typeof one === 'string');
}
