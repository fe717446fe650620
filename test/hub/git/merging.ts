import type { Bare } from './bare.ts';
import { type Signature, tryGit } from './git.ts';
import { commitsBetween } from './history.ts';

/** The tree of a merge of two commits, or undefined where they conflict. */
export function mergedTree(bare: Bare, ours: string, theirs: string): string | undefined {
  const args = ['merge-tree', '--write-tree', '--no-messages', ours, theirs];
  return bare.once(args.join(' '), () => {
    const { code, out } = tryGit(bare.directory, args);
    return code === 0 ? out.toString().split('\n')[0] : undefined;
  });
}

/** Who merges, with which words. */
export interface MergeWords {
  readonly by: Signature;
  readonly author: Signature;
  readonly message: string;
}

/** A commit with two parents; undefined on conflict. */
export function mergeCommit(bare: Bare, base: string, head: string, words: MergeWords): string | undefined {
  const tree = mergedTree(bare, base, head);
  if (tree === undefined) return undefined;
  return bare.writeCommit({
    tree,
    parents: [base, head],
    message: words.message,
    author: words.author,
    committer: words.by,
  });
}

/** One commit on top of the base with all that the head brings; undefined on conflict. */
export function squash(bare: Bare, base: string, head: string, words: MergeWords): string | undefined {
  const tree = mergedTree(bare, base, head);
  if (tree === undefined) return undefined;
  return bare.writeCommit({ tree, parents: [base], message: words.message, author: words.author, committer: words.by });
}

/** The head's own commits, without merges, one by one on top of the base, oldest first; undefined on conflict. */
export function rebase(bare: Bare, base: string, head: string, by: Signature): readonly string[] | undefined {
  const made: string[] = [];
  let tip = base;
  for (const id of commitsBetween(bare, base, head)) {
    const commit = bare.commit(id);
    if (commit.parents.length > 1) continue;
    const tree = picked(bare, tip, id);
    if (tree === undefined) return undefined;
    tip = bare.writeCommit({ tree, parents: [tip], message: commit.message, author: commit.author, committer: by });
    made.push(tip);
  }
  return made;
}

/** The tree of one commit's own change on top of another. */
function picked(bare: Bare, onto: string, id: string): string | undefined {
  const { parents, tree } = bare.commit(id);
  const before = parents[0] === undefined ? bare.writeTree(undefined, []) : bare.commit(parents[0]).tree;
  // git 2.39 has no --merge-base for merge-tree: three commits made up for it say the same.
  const by: Signature = { name: 'hub', email: 'hub@invalid', date: '2000-01-01T00:00:00Z' };
  const scratch = { message: 'scratch', author: by };
  const base = bare.writeCommit({ ...scratch, tree: before, parents: [] });
  const ours = bare.writeCommit({ ...scratch, tree: bare.commit(onto).tree, parents: [base] });
  const theirs = bare.writeCommit({ ...scratch, tree, parents: [base] });
  return mergedTree(bare, ours, theirs);
}

/** The commit that a merge would be, as GitHub makes one to see whether it can; undefined on conflict. */
export function testMerge(bare: Bare, base: string, head: string): string | undefined {
  const by: Signature = { name: 'GitHub', email: 'noreply@github.com', date: bare.commit(head).committer.date };
  return mergeCommit(bare, base, head, { by, author: by, message: `Merge ${head} into ${base}` });
}
