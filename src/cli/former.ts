import type { Declaration, Declared } from '../declare/declaration.ts';
import type { Account } from '../declare/files.ts';
import { layoutOf } from '../declare/layout.ts';
import type { History } from '../declare/recall.ts';
import type { FormerSubscription } from '../desire/former.ts';
import { isEntered } from '../desire/imports.ts';
import { scopeOf } from '../desire/scope.ts';
import { fileHistoryOf } from '../git/file-history.ts';
import { GitFailure } from '../git/git.ts';
import { reader } from './record.ts';

/**
 * The subscriptions that brought something into accounts that no run enters and were removed, as their last version says; and
 * those that the newest commit changed, as they were before it. Git is asked only where there may be one.
 */
export async function formerSubscriptions(
  mesh: string,
  declaration: Declaration,
  { commits }: Pick<History, 'commits'>,
): Promise<readonly FormerSubscription[]> {
  const reached = [...scopeOf(declaration, commits).ever.imports.keys()];
  if (reached.every((account) => isEntered(declaration, account))) return [];
  try {
    return await readFormer(mesh, declaration);
  } catch (thrown) {
    if (thrown instanceof GitFailure) return [];
    throw thrown;
  }
}

async function readFormer(mesh: string, { accounts, subscriptions, ...files }: Declaration) {
  const history = await fileHistoryOf(mesh);
  const read = reader(mesh);
  const newest = history.commits.length - 1;
  const found: FormerSubscription[] = [];
  const formerAccount = async (name: string): Promise<Declared<Account> | undefined> => {
    const path = `accounts/${name}.yaml`;
    const blob = history.versions.get(path)?.findLast((one) => one.blob !== undefined)?.blob;
    const value = blob === undefined ? undefined : (await read(path, blob))?.value;
    if (blob === undefined || value?.kind !== 'Account') return undefined;
    const file = `${history.prefix}${path}`;
    return { file, path, blob, value, at: () => ({ file, line: 1, column: 1 }) };
  };
  for (const [path, versions] of history.versions) {
    const layout = layoutOf(path);
    if (!('kind' in layout) || layout.kind !== 'Subscription') continue;
    const { key, product, consumer } = layout;
    const last = versions.at(-1);
    const isNewest = last?.at === newest;
    const gone = accounts.has(consumer) ? undefined : await formerAccount(consumer);
    const account = (accounts.get(consumer) ?? gone)?.value.id;
    // What stands as it did asks for itself.
    if (account === undefined || isEntered({ accounts, subscriptions, ...files }, account)) continue;
    if (last?.blob !== undefined && !isNewest) continue;
    const before = versions.findLast((one) => one !== last && one.blob !== undefined)?.blob;
    const value = before === undefined ? undefined : (await read(path, before))?.value;
    if (before === undefined || value?.kind !== 'Subscription' || value.import === undefined) continue;
    const file = `${history.prefix}${path}`;
    const place = { file, line: 1, column: 1 };
    const subscription = { file, path, blob: before, value, at: () => place, product, consumer };
    found.push({ key, subscription, isNewest, ...(gone && { account: gone }) });
  }
  return found;
}
