import { statusOf } from './failure.ts';
import type { GitHub } from './pulls.ts';

/** One file, new or changed, on a branch of its own. */
export interface ProposedFile {
  readonly branch: string;
  /** The branch that it is to go into. */
  readonly base: string;
  /** The commit of that branch from which the text was made; without it the newest. */
  readonly parent?: string;
  readonly path: string;
  readonly text: string;
  readonly message: string;
}

/**
 * Makes a branch that differs from its base in one file alone, whatever it held before, and tells whether it had to.
 * The commit is made by GitHub, which signs it for whom the token belongs to: so nobody else can have made it.
 * Source: https://docs.github.com/authentication/managing-commit-signature-verification/about-commit-signature-verification#signature-verification-for-bots.
 */
export async function proposeFile(github: GitHub, file: ProposedFile): Promise<boolean> {
  const { owner, repo } = github;
  const { rest } = github.client;
  const there = await headOf(github, file.branch);
  if (there !== undefined && (await isProposed(github, file))) return false;
  const parent = file.parent ?? (await rest.git.getRef({ owner, repo, ref: `heads/${file.base}` })).data.object.sha;
  const { data: commit } = await rest.git.getCommit({ owner, repo, commit_sha: parent });
  const entry = { path: file.path, mode: '100644', type: 'blob', content: file.text } as const;
  const { data: tree } = await rest.git.createTree({ owner, repo, base_tree: commit.tree.sha, tree: [entry] });
  const made = { owner, repo, message: file.message, tree: tree.sha, parents: [parent] };
  const { data: fresh } = await rest.git.createCommit(made);
  if (there === undefined) await createBranch(github, file.branch, fresh.sha);
  else await rest.git.updateRef({ owner, repo, ref: `heads/${file.branch}`, sha: fresh.sha, force: true });
  return true;
}

/** Makes a branch; where an answer got lost, it is there already. */
async function createBranch(github: GitHub, branch: string, sha: string): Promise<void> {
  const { client, owner, repo } = github;
  try {
    await client.rest.git.createRef({ owner, repo, ref: `refs/heads/${branch}`, sha });
  } catch (thrown) {
    if (statusOf(thrown) !== 422 || (await headOf(github, branch)) !== sha) throw thrown;
  }
}

/** Whether the branch holds just this file already. */
async function isProposed(
  { client, owner, repo }: GitHub,
  { branch, base, path, text }: ProposedFile,
): Promise<boolean> {
  const { data } = await client.rest.repos.compareCommitsWithBasehead({ owner, repo, basehead: `${base}...${branch}` });
  const [only, ...others] = data.files ?? [];
  if (only === undefined || others.length > 0 || data.ahead_by !== 1 || only.filename !== path) return false;
  const { data: blob } = await client.rest.git.getBlob({ owner, repo, file_sha: only.sha ?? '' });
  return Buffer.from(blob.content, 'base64').toString('utf8') === text;
}

async function headOf({ client, owner, repo }: GitHub, branch: string): Promise<string | undefined> {
  try {
    return (await client.rest.git.getRef({ owner, repo, ref: `heads/${branch}` })).data.object.sha;
  } catch (thrown) {
    if (statusOf(thrown) === 404) return undefined;
    throw thrown;
  }
}
