import { posix } from 'node:path';
import { compareText, type Problem } from '../core/problem.ts';
import { isLeftOut } from '../declare/layout.ts';
import { largestFile, type MeshFile, type MeshFiles } from '../declare/mesh-files.ts';
import { decode } from '../declare/utf8.ts';
import { blobsIn, GitFailure, git, type Position } from '../git/git.ts';

/**
 * All files of a mesh as a commit holds them, named from the top of the repository, whatever the working tree looks
 * like; throws `GitFailure`.
 */
export async function meshAt(
  directory: string,
  commit: string,
  { prefix }: Pick<Position, 'prefix'>,
): Promise<MeshFiles> {
  const root = prefix === '' ? '.' : prefix.slice(0, -1);
  const inside = prefix === '' ? '.' : prefix;
  const listed = await git(
    directory,
    '--literal-pathspecs',
    'ls-tree',
    '-r',
    '-z',
    '--full-tree',
    commit,
    '--',
    inside,
  );
  const entries = [...listed.matchAll(/(\d+) (\w+) ([0-9a-f]+)\t([^\0]+)\0/g)].flatMap(
    ([, mode = '', , id = '', path = '']) => {
      const own = path.slice(prefix.length);
      return own.split('/').some(isLeftOut) ? [] : [{ mode, id, path: own, file: posix.join(root, own) }];
    },
  );
  const problems: Problem[] = [];
  if (entries.length === 0)
    problems.push({
      code: 'NO_MESH',
      message: `the commit ${commit.slice(0, 12)} has no directory "${prefix || '.'}" with mesh files`,
    });
  const regular = entries.filter(({ mode, file }) => {
    const isRegular = mode.startsWith('100');
    if (!isRegular)
      problems.push(
        fault(
          file,
          mode === '160000' ? 'SUBMODULE' : 'SYMLINK',
          `this is ${mode === '160000' ? 'a git submodule' : 'a symbolic link'}`,
        ),
      );
    return isRegular;
  });
  const files: MeshFile[] = [];
  let at = 0;
  for await (const bytes of blobsIn(
    directory,
    regular.map(({ id }) => id),
  )) {
    const entry = regular[at];
    at += 1;
    if (entry === undefined) break;
    if (bytes === undefined) throw new GitFailure(`the repository lacks ${entry.path}`);
    const text = bytes.length > largestFile ? undefined : decode(bytes);
    if (typeof text === 'string') files.push({ file: entry.file, path: entry.path, blob: entry.id, text });
    else if (text === undefined) problems.push(fault(entry.file, 'FILE_TOO_LARGE', 'the file is larger than 1 MiB'));
    else problems.push({ code: 'NOT_UTF8', message: 'the file is not UTF-8', place: { file: entry.file, ...text } });
  }
  files.sort((a, b) => compareText(a.path, b.path));
  return { directory: root, files, problems };
}

function fault(file: string, code: string, message: string): Problem {
  return { code, message, place: { file, line: 1, column: 1 } };
}
