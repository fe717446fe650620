import type { Approvals } from '../core/approvals.ts';
import { LakeFailure } from '../core/lake.ts';
import type { Plan } from '../core/plan.ts';
import type { Declaration } from '../declare/declaration.ts';
import { plan } from '../reconcile.ts';
import type { Console } from './console.ts';
import { checkedOut } from './load.ts';
import { loadHistory } from './load-history.ts';
import { type LakeOptions, SetupProblem } from './options.ts';

/** What the environment holds where AWS credentials can be found: keys, a profile, a role by web identity, a container's. */
const signs = [
  'AWS_ACCESS_KEY_ID',
  'AWS_PROFILE',
  'AWS_ROLE_ARN',
  'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
  'AWS_CONTAINER_CREDENTIALS_FULL_URI',
];

/** The plan against the lake, as if all files were approved; where there is none, why. A lake that cannot be reached stops nothing. */
export async function livePlan(
  { declaration, now }: { readonly declaration: Declaration; readonly now: Date },
  options: LakeOptions,
  { env }: Console,
): Promise<Plan | string> {
  if (!signs.some((name) => Boolean(env[name]))) return 'no AWS credentials here';
  try {
    const { connect } = await import('./connect.ts');
    const lake = await connect(declaration, options);
    const [checkout, history] = await Promise.all([checkedOut(options.mesh), loadHistory(options.mesh)]);
    const planned = await plan({ declaration, approvals: [allTrusted], ...checkout, history, now }, lake);
    return planned.plan;
  } catch (thrown) {
    if (thrown instanceof SetupProblem || thrown instanceof LakeFailure) return `${thrown.code} ${thrown.message}`;
    throw thrown;
  }
}

const allTrusted: Approvals = {
  approvalsOf: async (versions) =>
    new Map(versions.map(({ path }) => [path, { kind: 'trusted', by: 'taken for approved' }])),
};
