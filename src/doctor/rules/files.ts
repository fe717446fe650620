import { quoted } from '../../core/aws-command.ts';
import type {
  Check,
  CheckoutState,
  FilesState,
  NoCheckout,
  OwnersState,
  TrustRootState,
} from '../../core/diagnosis.ts';
import { finding, ok, unchecked } from '../check.ts';
import { counted, listed } from '../words.ts';

/** What is said of the mesh files. */
export function checkFiles({ directory, problems, first, ...counts }: FilesState): Check {
  if (problems === 0) {
    const { accounts, products, subscriptions } = counts;
    return ok(
      'MESH_FILES',
      `${directory} is valid: ${counted(accounts, 'account')}, ${counted(products, 'product')}, ${counted(subscriptions, 'subscription')}`,
    );
  }
  const where = first?.place === undefined ? '' : `${first.place.file}:${first.place.line}:${first.place.column} `;
  return finding(
    'MESH_FILES',
    `${directory} has ${counted(problems, 'problem')}, first ${where}${first?.code ?? ''} ${first?.message ?? ''}`,
    {
      severity: 'error',
      means: 'no command that needs the mesh runs, and the lake cannot be looked at here',
      commands: [`meshgate validate --mesh ${quoted(directory)}`],
    },
  );
}

/** What is said of the repository. */
export function checkCheckout(state: CheckoutState | NoCheckout): readonly Check[] {
  if ('failure' in state) {
    const why = `git answered: ${state.failure}`;
    return [
      unchecked('GIT_REPOSITORY', 'whether the mesh files are as committed', {
        why,
        remedy: 'mend the repository or git until this command answers, or clone anew; then run again',
        commands: [`git -C ${quoted(state.directory)} status`],
      }),
      unchecked('GIT_HISTORY', 'the history', { why }),
      unchecked('GIT_BRANCH', 'the branch', { why }),
    ];
  }
  if ('misplaced' in state) {
    const why = 'the mesh files are in no work tree that can be judged';
    return [
      finding('GIT_REPOSITORY', state.misplaced, {
        severity: 'error',
        means: 'nothing tells whether these files are in any commit, so nothing is planned or applied from here',
        remedy: state.remedy,
        commands: ['git clone <repository> <directory>'],
      }),
      unchecked('GIT_HISTORY', 'the history', { why }),
      unchecked('GIT_BRANCH', 'the branch', { why }),
    ];
  }
  if ('outside' in state) {
    const why = 'the mesh files are in no git repository';
    const directory = quoted(state.directory);
    return [
      finding('GIT_REPOSITORY', `the mesh files are in no git repository with a commit: ${state.outside}`, {
        severity: 'error',
        means: 'nothing tells who changed and approved them, so nothing of them is proven and apply grants nothing',
        commands: [`git init && git add ${directory} && git commit --message 'The mesh'`],
      }),
      unchecked('GIT_HISTORY', 'the history', { why }),
      unchecked('GIT_BRANCH', 'the branch', { why }),
    ];
  }
  return [checkCommitted(state), checkHistory(state), checkBranch(state)];
}

function checkCommitted({ uncommitted, directory, head }: CheckoutState): Check {
  if (uncommitted.length === 0) return ok('GIT_REPOSITORY', `the mesh files are as of commit ${head.slice(0, 12)}`);
  return finding(
    'GIT_REPOSITORY',
    `${counted(uncommitted.length, 'mesh file')} not as committed: ${listed(uncommitted)}`,
    {
      severity: 'warning',
      means: 'what they ask for is not proven, and a plan revokes nothing meanwhile',
      remedy: 'commit them, and have them reviewed',
      commands: [`git -C ${quoted(directory)} status --short .`],
    },
  );
}

function checkHistory({ isShallow, directory }: CheckoutState): Check {
  if (!isShallow) return ok('GIT_HISTORY', 'the clone holds the full history');
  return finding('GIT_HISTORY', 'the clone is shallow: it holds only the newest commits', {
    severity: 'error',
    means:
      'what only older mesh files declared is not managed, so that its grants stay, and a trust root among the missing commits is refused',
    remedy: 'in a GitHub workflow give actions/checkout the line `with: { fetch-depth: 0 }`',
    commands: [`git -C ${quoted(directory)} fetch --unshallow`],
  });
}

function checkBranch({ branch, directory, head }: CheckoutState): Check {
  if (branch !== null) return ok('GIT_BRANCH', `branch ${branch} is checked out`);
  return finding('GIT_BRANCH', `no branch is checked out, but the commit ${head.slice(0, 12)} itself`, {
    severity: 'note',
    means: 'the history is that of this commit; in a workflow this is usual, elsewhere it may be an old one',
    commands: [`git -C ${quoted(directory)} switch main`],
  });
}

/** What is said of the trust root. */
export function checkTrustRoot(root: TrustRootState | undefined): Check {
  if (root === undefined)
    return finding('TRUST_ROOT', 'no trust root is given', {
      severity: 'warning',
      means: 'no file is trusted from the start, so that apply withholds what no approval proves',
      remedy: 'once everything on main was looked over, trust it as of that commit',
      commands: ['export MESHGATE_TRUST_ROOT="$(git rev-parse main)"'],
    });
  if (root.wrong === undefined)
    return ok('TRUST_ROOT', `the trust root ${root.revision} is on the first-parent history`);
  return finding('TRUST_ROOT', root.wrong, {
    severity: 'error',
    means: 'plan, apply and drift stop at it',
    remedy: 'give a commit that main went through',
    commands: ['git log --first-parent --oneline main'],
  });
}

/** What is said of the code owners. */
export function checkOwners({ directory, isThere, problems, first }: OwnersState): Check {
  const command = `meshgate codeowners --mesh ${quoted(directory)}`;
  if (problems === 0) return ok('CODEOWNERS', 'the code owners are as the mesh files say, and GitHub reads them');
  if (!isThere)
    return finding('CODEOWNERS', 'there is no .github/CODEOWNERS', {
      severity: 'note',
      means: 'where the repository is on GitHub, nobody is asked to review anything',
      commands: [command],
    });
  const where = first?.place === undefined ? '' : `${first.place.file}:${first.place.line}:${first.place.column} `;
  return finding(
    'CODEOWNERS',
    `${counted(problems, 'problem')} of the code owners, first ${where}${first?.code ?? ''} ${first?.message ?? ''}`,
    {
      severity: 'warning',
      means: 'GitHub asks others to review than must approve by the mesh files, or nobody',
      commands: [`${command} --check`, command],
    },
  );
}
