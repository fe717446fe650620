import { readFile } from 'node:fs/promises';
import type { Approval, Approvals, Approver } from '../core/approvals.ts';
import { parse } from '../declare/parse.ts';
import { checkSchema } from '../declare/schema.ts';
import { MeshProblems } from './mesh-problems.ts';
import { SetupProblem } from './options.ts';

/** The content of a file of proofs, as its schema says. */
interface ProofsFile {
  readonly administrators?: readonly Approver[];
  readonly approvals: readonly {
    readonly path: string;
    readonly blob: string;
    readonly author?: Approver;
    readonly approvers: readonly Approver[];
  }[];
}

/** Approvals from a file of proofs: each speaks for exactly one version of one file. */
export async function proofsFile(file: string): Promise<Approvals> {
  const { administrators, approvals } = await readProofs(file);
  return {
    ...(administrators === undefined ? {} : { administrators }),
    approvalsOf: async (versions) =>
      new Map(
        versions.map(({ path, blob }): [string, Approval] => {
          const mine = approvals.filter((one) => one.path === path);
          const exact = mine.find((one) => one.blob === blob);
          if (exact === undefined) return [path, notApproved(mine.length > 0, file)];
          const { approvers, author } = exact;
          return [path, { kind: 'approved', by: approvers, ...(author === undefined ? {} : { author }) }];
        }),
      ),
  };
}

function notApproved(isOther: boolean, file: string): Approval {
  return {
    kind: 'none',
    reason: isOther ? 'another version of it was approved' : `${file} holds no approval of it`,
    remedy: 'have this version approved',
  };
}

async function readProofs(file: string): Promise<ProofsFile> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (thrown) {
    throw new SetupProblem(
      'NO_APPROVALS_FILE',
      `${file} cannot be read: ${thrown instanceof Error ? thrown.message : String(thrown)}`,
    );
  }
  const { value, positions, problems } = parse({ file, path: file, blob: '', text });
  if (problems.length > 0 || positions === undefined) throw new MeshProblems(problems);
  const faults = checkSchema('Approvals', file, { value, positions });
  if (faults.length > 0) throw new MeshProblems(faults);
  return value as ProofsFile;
}
