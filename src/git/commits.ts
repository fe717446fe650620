import { git, positionOf } from './git.ts';

/** A commit of the first-parent history, as git tells it. */
export interface CommitLine {
  /** When it came to the branch, ISO in UTC: the committer's time. */
  readonly at: string;
  /** Whom it names as its author; anybody can write any name there. */
  readonly author: string;
}

/** The first-parent commits that touched a directory, by id; throws `GitFailure`. */
export async function commitsOn(directory: string): Promise<ReadonlyMap<string, CommitLine>> {
  const { prefix, head } = await positionOf(directory);
  const format = ['--first-parent', '--diff-merges=first-parent', '--no-patch', '-z', '--format=%H%x09%ct%x09%an'];
  const log = await git(directory, 'log', ...format, head, '--', `:(top,literal)${prefix}`);
  return new Map(
    log.split('\0').flatMap((line): readonly [string, CommitLine][] => {
      const [id = '', seconds = '', ...author] = line.trim().split('\t');
      if (id === '') return [];
      return [[id, { at: new Date(Number(seconds) * 1000).toISOString(), author: author.join('\t') }]];
    }),
  );
}
