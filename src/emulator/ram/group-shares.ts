import type { StoredRow } from '../grants/grant-store.ts';
import type { Author } from '../grants/store-grant.ts';
import type { Lake } from '../lake.ts';
import type { Principal } from '../principal.ts';
import { Associations } from './associations.ts';
import { sharedArnOn } from './share.ts';
import { makeShare, needsShare, purposeOf, receiverOf } from './sharing.ts';

/** The shares of a row, by the positions of its principal and of itself. */
type SharesOfRow = (holder: number, row: number) => readonly string[];

/** What of the rows of a group goes to one share. */
interface Bundle {
  readonly first: StoredRow;
  rows: number;
}

/** The shares of the rows that principals hold alike, by their positions; shares are made, and their resources counted, only when somebody asks. */
export function sharesOf(
  author: Author,
  lake: Lake,
  { principals, rows }: { readonly principals: readonly Principal[]; readonly rows: readonly StoredRow[] },
): SharesOfRow {
  let made: SharesOfRow = () => [];
  lake.shares.later(() => {
    made = makeShares(author, lake, { principals, rows });
  });
  return (holder, row) => {
    lake.shares.open();
    return made(holder, row);
  };
}

function makeShares(
  author: Author,
  lake: Lake,
  { principals, rows }: { readonly principals: readonly Principal[]; readonly rows: readonly StoredRow[] },
): SharesOfRow {
  const [sample] = principals;
  if (!sample) return () => [];
  const needs = (row: StoredRow): boolean => needsShare(lake, { principal: sample, resource: row.resource });
  const names = rows.map((row) =>
    needs(row) ? purposeOf(author, lake, { principal: sample, resource: row.resource }) : '',
  );
  const bundles = new Map<string, Bundle>();
  for (const [index, first] of rows.entries()) {
    const name = names[index] ?? '';
    const bundle = bundles.get(name);
    if (bundle) bundle.rows += 1;
    else bundles.set(name, { first, rows: 1 });
  }
  bundles.delete('');
  const counts = new Map(
    [...bundles.keys()].map((name) => [
      name,
      once(() =>
        countedIn(
          lake,
          rows.filter((_, index) => names[index] === name),
        ),
      ),
    ]),
  );
  const shares = principals.map((principal) => {
    const arns = new Map(
      [...bundles].map(([name, { first, rows: count }]) => {
        const purpose = purposeOf(author, lake, { principal, resource: first.resource });
        const counted = counts.get(name) ?? (() => new Map());
        const resources = new Associations(author.at, { rows: count, counted });
        const share = makeShare(author, lake, { purpose, receiver: receiverOf(principal), resources });
        return [name, [share.arn]] as const;
      }),
    );
    return arns;
  });
  return (holder, row) => shares[holder]?.get(names[row] ?? '') ?? [];
}

function countedIn(lake: Lake, rows: readonly StoredRow[]): ReadonlyMap<string, number> {
  const counted = new Map<string, number>();
  for (const { resource } of rows) {
    const arn = sharedArnOn(lake, resource);
    counted.set(arn, (counted.get(arn) ?? 0) + 1);
  }
  return counted;
}

function once<V>(make: () => V): () => V {
  let made: V | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
