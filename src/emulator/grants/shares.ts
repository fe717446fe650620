import type { Lake } from '../lake.ts';
import { accountOf, isExternal, type Principal } from '../principal.ts';
import { hashed, randomUuid, seededRandom } from '../random.ts';
import type { Resource } from '../resource.ts';

/**
 * The RAM share that carries a grant, made or used again: one for databases, one for tables and one for all tables
 * of each receiver, as from cross-account version 3 on.
 * https://github.com/aws/aws-lakeformation-best-practices; `rows` is how many rows the grant has.
 */
export function joinShare(lake: Lake, principal: Principal, resource: Resource, rows = 1): readonly string[] {
  if (!isExternal(principal, lake.account) || resource.catalog !== lake.account) return [];
  const key = shareKey(principal, resource);
  const known = lake.shares.get(key);
  const share = known ?? { receiver: receiverOf(principal), arn: shareArn(lake, key), rows: 0 };
  lake.shares.set(key, { ...share, rows: share.rows + rows });
  return [share.arn];
}

/** Takes a row off its share; the share goes with its last row. */
export function leaveShare(lake: Lake, arns: readonly string[]): void {
  for (const [key, share] of lake.shares) {
    if (!arns.includes(share.arn)) continue;
    if (share.rows > 1) lake.shares.set(key, { ...share, rows: share.rows - 1 });
    else lake.shares.delete(key);
  }
}

function receiverOf(principal: Principal): string {
  return principal.kind === 'organization' ? principal.text : (accountOf(principal) ?? principal.text);
}

function shareKey(principal: Principal, resource: Resource): string {
  return `${receiverOf(principal)} ${resource.kind === 'data-cells-filter' ? 'table' : resource.kind}`;
}

function shareArn(lake: Lake, key: string): string {
  const random = seededRandom(Math.floor(hashed(lake.account, lake.region, key) * 2 ** 32));
  return `arn:aws:ram:${lake.region}:${lake.account}:resource-share/${randomUuid(random)}`;
}
