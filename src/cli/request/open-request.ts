import { posix } from 'node:path';
import type { Octokit } from '@octokit/rest';
import type { Approver } from '../../core/approvals.ts';
import type { Forge } from '../../core/forge.ts';
import type { Declaration } from '../../declare/declaration.ts';
import { declare } from '../../declare/declare.ts';
import type { MeshFile, MeshFiles } from '../../declare/mesh-files.ts';
import { decode } from '../../declare/utf8.ts';
import { blobOf, type FoundRequest, filesOf, type RequestedFile } from '../../github/requests.ts';
import type { Place } from '../../github/trees.ts';
import { askingsOf } from '../../pull.ts';
import { isMeshFile } from '../changed.ts';
import { givenOn } from '../given.ts';

/** The mesh as it stands on the default branch. */
export interface Standing {
  readonly mesh: string;
  readonly files: MeshFiles;
  readonly declaration: Declaration;
  /** The path of the mesh in the repository, ending in `/`; empty for the top. */
  readonly prefix: string;
}

interface Setting {
  readonly client: Octokit;
  readonly place: Place;
  readonly standing: Standing;
  readonly forge: Forge;
}

/** How many files of a request are read; a larger one waits for a person in any case. */
const mostFiles = 50;

/** Whom an open request waits for. */
export interface Awaited {
  readonly people: readonly Approver[];
  /** Those of them who asked for changes. */
  readonly against: readonly Approver[];
  /** The mesh files that it changes, as paths inside the mesh directory. */
  readonly touched: readonly RequestedFile[];
  /** The mesh with its changes; undefined where that was not looked at, or is not valid. */
  readonly after?: Declaration;
}

/** Whose approval an open pull request waits for, read as data; undefined where it touches no mesh file. One that is not valid waits for its author. */
export async function awaitedBy(
  { number, author }: FoundRequest,
  { client, place, standing, forge }: Setting,
): Promise<Awaited | undefined> {
  const { mesh, files, declaration, prefix } = standing;
  const touched = (await filesOf(client, place, number)).flatMap(({ path, blob }) =>
    path.startsWith(prefix) && isMeshFile(path.slice(prefix.length)) ? [{ path: path.slice(prefix.length), blob }] : [],
  );
  if (touched.length === 0) return undefined;
  if (touched.length > mostFiles) return { people: declaration.mesh.value.administrators, against: [], touched };
  const after = declare(await merged(files, touched, (blob) => blobOf(client, place, blob)));
  if (!after.ok) return { people: author === undefined ? [] : [author], against: [], touched };
  const paths = touched.map(({ path }) => path).sort();
  const given = await givenOn(forge, number, { mesh, declaration: after.declaration, files: paths });
  const proposal = { before: declaration, after: after.declaration, files: paths, ...given };
  const askings = await askingsOf({ ...proposal, ...(author && { author }) });
  const people = askings.flatMap(({ missing }) => missing.flatMap((one) => one.people));
  const against = distinct(askings.flatMap((asking) => asking.against));
  return { people: distinct(people), against, touched, after: after.declaration };
}

function distinct(people: readonly Approver[]): readonly Approver[] {
  return [...new Map(people.map((one) => [one.id, one])).values()];
}

/** The mesh files with a request's changes in them. */
async function merged(
  files: MeshFiles,
  touched: readonly RequestedFile[],
  read: (blob: string) => Promise<Uint8Array>,
): Promise<MeshFiles> {
  const paths = new Set(touched.map(({ path }) => path));
  const fresh: MeshFile[] = [];
  for (const { path, blob } of touched) {
    if (blob === undefined) continue;
    const text = decode(await read(blob));
    fresh.push({ file: posix.join(files.directory, path), path, blob, text: typeof text === 'string' ? text : '\0' });
  }
  return { ...files, files: [...files.files.filter(({ path }) => !paths.has(path)), ...fresh] };
}
