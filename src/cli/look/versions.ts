import { isKnown } from '../../core/lifecycle.ts';
import type { ToldVersion } from '../../lifecycle/history.ts';
import { reader } from '../record.ts';
import type { Look } from './look.ts';
import type { Registry } from './origins.ts';
import { versionsOf } from './past.ts';

/** The versions of a mesh file on main, oldest first, with what each says and the pull request that brought it. */
export async function toldVersions(
  { past }: Look,
  path: string,
  { mesh, registry }: { readonly mesh: string; readonly registry: Registry },
): Promise<readonly ToldVersion[]> {
  if (!isKnown(past)) return [];
  const read = reader(mesh);
  return Promise.all(
    versionsOf(past, path).map(async ({ blob, ...brought }): Promise<ToldVersion> => {
      const value = blob === undefined ? undefined : (await read(path, blob))?.value;
      return {
        ...brought,
        isRemoved: blob === undefined,
        ...(value !== undefined && { value }),
        pull: await registry.pullOf(brought.commit),
      };
    }),
  );
}
