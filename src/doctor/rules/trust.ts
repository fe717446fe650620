import type { Check } from '../../core/diagnosis.ts';
import { issuer } from '../../core/github-trust.ts';
import { finding, ok, unchecked, unread } from '../check.ts';
import { type Statement, statementsOf } from '../policy.ts';
import type { LakeReading, RoleReading } from '../reading.ts';

const code = 'ROLE_TRUST';

/** What is said of whom each role of Meshgate trusts. */
export function checkTrusts({ roles, accounts }: LakeReading): readonly Check[] {
  return [...roles, ...accounts.flatMap(({ entry }) => entry?.roles ?? [])].flatMap(checkTrust);
}

function checkTrust({ site, account, name, isNeeded, state, expected }: RoleReading): readonly Check[] {
  const who = `role ${name} of ${site} (${account})`;
  const commands = [`meshgate bootstrap ${site}${site === 'central' ? ' --repository OWNER@ID/NAME@ID' : ''} --deploy`];
  if (!state.isRead) return [unread(code, `whom ${who} trusts`, state.failure)];
  if (state.value === undefined)
    return [
      finding(code, `there is no ${who}`, {
        severity: isNeeded ? 'error' : 'note',
        means: isNeeded
          ? 'apply comes in with it, and cannot'
          : 'workflows run with other credentials than bootstrap makes',
        commands,
      }),
    ];
  const actual = statementsOf(state.value.trust);
  const understood = { commands: [`aws iam get-role --role-name ${name} --query Role.AssumeRolePolicyDocument`] };
  if (actual === undefined)
    return [
      unchecked(code, `whom ${who} trusts`, { why: 'its trust policy is none that is understood here', ...understood }),
    ];
  if (expected === undefined) return [withoutRepository(who, actual, commands)];
  const wanted = expected.filter(isStatement);
  const missing = wanted.filter((one) => !actual.some((other) => isSame(one, other)));
  const more = actual.filter((one) => one['Effect'] === 'Allow' && !wanted.some((other) => isSame(one, other)));
  if (missing.length + more.length === 0) return [ok(code, `${who} trusts whom bootstrap would let it trust`)];
  const taken = new Set<Statement>();
  const short = missing.map((one) => {
    const near = more.find((other) => !taken.has(other) && isNear(one, other));
    if (near !== undefined) taken.add(near);
    const sid = String(one['Sid']);
    const said =
      near === undefined
        ? `${who} lacks bootstrap's statement ${sid}`
        : `${who}, statement ${sid}, ${differences(one, near).join('; ')}`;
    return finding(code, said, {
      severity: 'error',
      means: 'runs that should take it on cannot, or others can as well',
      commands,
    });
  });
  return [
    ...short,
    ...more
      .filter((one) => !taken.has(one))
      .map((one) =>
        finding(code, `${who} trusts besides: ${text(one)}`, {
          severity: 'error',
          means: 'whoever that is works with its rights, past the reviews of the mesh',
          remedy: 'take the statement out, or name the role another in runsAs where it is meant for more than the mesh',
          ...understood,
        }),
      ),
  ];
}

/** Without the repository's ids only this can be told: whether it is named by both forms. */
function withoutRepository(who: string, actual: readonly Statement[], commands: readonly string[]): Check {
  const isOfGitHub = actual.some((one) => JSON.stringify(one).includes(issuer));
  if (!isOfGitHub)
    return finding(code, `${who} trusts no workflow of GitHub`, {
      severity: 'warning',
      means: 'workflows cannot take it on',
      commands,
    });
  return finding(code, `${who} names no repository of GitHub by its ids`, {
    severity: 'error',
    means:
      'a repository made, renamed or moved after 2026-07-15 says who it is with its ids, and is not let in; a name alone may change hands',
    commands,
  });
}

function isStatement(one: unknown): one is Statement {
  return typeof one === 'object' && one !== null;
}

/** A statement with its lists sorted, its keys in small letters, and no name. */
function canonical({ Sid: _, ...rest }: Statement): unknown {
  const sorted = (value: unknown): unknown => {
    if (Array.isArray(value))
      return value
        .map(sorted)
        .map((one) => JSON.stringify(one))
        .sort();
    if (!isStatement(value)) return [JSON.stringify(value)];
    const entries = Object.entries(value).map(([key, inner]) => [key.toLowerCase(), sorted(inner)] as const);
    return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
  };
  return sorted(rest);
}

function isSame(a: Statement, b: Statement): boolean {
  return JSON.stringify(canonical(a)) === JSON.stringify(canonical(b));
}

/** Whether both are about the same principals and actions. */
function isNear(a: Statement, b: Statement): boolean {
  return ['Effect', 'Principal', 'Action'].every(
    (part) => JSON.stringify(canonical({ [part]: a[part] })) === JSON.stringify(canonical({ [part]: b[part] })),
  );
}

/** Where the conditions of two statements differ. */
function differences(wanted: Statement, found: Statement): readonly string[] {
  const [should, is] = [conditions(wanted), conditions(found)];
  return [...new Set([...should.keys(), ...is.keys()])].flatMap((key) => {
    const [a, b] = [should.get(key), is.get(key)];
    if (a === b) return [];
    if (b === undefined) return [`does not hold ${key} to ${a}`];
    return [a === undefined ? `holds ${key} to ${b} besides` : `holds ${key} to ${b}, in place of ${a}`];
  });
}

/** Conditions by key, with their operator where that is none that compares whole texts. */
function conditions({ Condition = {} }: Statement): ReadonlyMap<string, string> {
  const all = isStatement(Condition) ? Object.entries(Condition) : [];
  return new Map(
    all.flatMap(([operator, keys]) =>
      Object.entries(isStatement(keys) ? keys : {}).map(([key, value]): readonly [string, string] => {
        const values = (Array.isArray(value) ? value : [value]).map(String).sort().join(' or ');
        const short = key.toLowerCase().replace(`${issuer}:`, '');
        return [short, operator === 'StringEquals' ? values : `${values} (${operator})`];
      }),
    ),
  );
}

function text({ Principal, Condition }: Statement): string {
  return JSON.stringify(Condition === undefined ? { Principal } : { Principal, Condition });
}
