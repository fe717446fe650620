import type { StoredRow } from '../grants/grant-store.ts';
import type { Lake } from '../lake.ts';
import { opensTagsTo } from './policy.ts';
import { patternOf, receiverStatus, type Share, sharedArn } from './share.ts';

/**
 * Says which rows of an owner reach another account at a time: those on a share that it has joined and whose resource
 * RAM could associate. What LF-Tags select is opened by the catalog's resource policy where no share carries it.
 */
export function reaching(owner: Lake, account: string, at: number): (row: StoredRow) => boolean {
  return ({ resource, shareArns }) => {
    if (shareArns.length === 0) return !resource.kind.startsWith('lf-tag') || opensTagsTo(account, owner);
    const arn = sharedArn(owner, resource);
    const carries = (share: Share): boolean =>
      receiverStatus(share, at) === 'ASSOCIATED' &&
      share.resources.faultOf(arn) === undefined &&
      share.resources.faultOf(patternOf(arn)) === undefined;
    return shareArns.flatMap((one) => owner.shares.get(one) ?? []).some(carries);
  };
}
