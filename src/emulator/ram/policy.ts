import type { LakeView } from '../lake.ts';

interface Statement {
  readonly Effect?: unknown;
  readonly Principal?: unknown;
  readonly Action?: unknown;
  readonly Resource?: unknown;
  readonly Condition?: unknown;
}

/**
 * Says whether the resource policy of a catalog keeps RAM from sharing: one that exists must allow glue:ShareResource
 * on catalog, databases and tables. https://docs.aws.amazon.com/lake-formation/latest/dg/hybrid-cross-account.html
 */
export function blocksSharing(
  { account, region }: { account: string; region: string },
  { policies }: LakeView,
): boolean {
  const policy = policies.get('');
  if (!policy) return false;
  const allowed = statementsOf(policy.text).filter(
    (one) => isFor(one, 'Service', ['ram.amazonaws.com']) && covers(one.Action, 'glue:ShareResource'),
  );
  return ['catalog', 'database/any', 'table/any/any'].some(
    (what) => !allowed.some(({ Resource }) => covers(Resource, `arn:aws:glue:${region}:${account}:${what}`)),
  );
}

/**
 * Says whether the resource policy of a catalog opens what LF-Tags select to another account, as is needed below
 * cross-account version 3. https://docs.aws.amazon.com/lake-formation/latest/dg/hybrid-cross-account.html
 */
export function opensTagsTo(account: string, { policies }: LakeView): boolean {
  const policy = policies.get('');
  const isTagged = ({ Condition }: Statement): boolean =>
    JSON.stringify(Condition ?? {})
      .replaceAll(/["'\s]/g, '')
      .includes('glue:EvaluatedByLakeFormationTags:true');
  return statementsOf(policy?.text ?? '{}').some(
    (one) =>
      isTagged(one) &&
      isFor(one, 'AWS', [account, `arn:aws:iam::${account}:root`]) &&
      covers(one.Action, 'glue:GetTable'),
  );
}

function statementsOf(text: string): readonly Statement[] {
  const { Statement: found } = JSON.parse(text) as { readonly Statement?: unknown };
  return listOf(found).filter(
    (one): one is Statement => typeof one === 'object' && one !== null && (one as Statement).Effect === 'Allow',
  );
}

function isFor({ Principal }: Statement, kind: 'AWS' | 'Service', names: readonly string[]): boolean {
  if (Principal === '*') return true;
  const named = listOf((Principal as Readonly<Record<string, unknown>> | undefined)?.[kind]);
  return named.some((name) => name === '*' || names.includes(String(name)));
}

function covers(patterns: unknown, text: string): boolean {
  return listOf(patterns).some((pattern) => isMatch(String(pattern), text));
}

/** Says whether a text is what a pattern with `*` stands for, in any case. */
function isMatch(pattern: string, text: string): boolean {
  const [first = '', ...rest] = pattern.toLowerCase().split('*');
  const last = rest.pop();
  let left = text.toLowerCase();
  if (last === undefined) return left === first;
  if (!left.startsWith(first)) return false;
  left = left.slice(first.length);
  for (const piece of rest) {
    const at = left.indexOf(piece);
    if (at < 0) return false;
    left = left.slice(at + piece.length);
  }
  return left.endsWith(last);
}

function listOf(value: unknown): readonly unknown[] {
  return value === undefined ? [] : Array.isArray(value) ? value : [value];
}
