import type { DataProduct } from '../../src/declare/files.ts';
import type { JournalEntry } from '../../src/emulator/journal.ts';
import type { Snapshot } from '../../src/emulator/snapshot.ts';
import { type CellPlace, cellKey, cellPlace } from './law-cells.ts';
import { central } from './law-place.ts';

/** Who is opted in to what, by `optInKey`. */
export type OptIns = ReadonlySet<string>;

/** Where somebody is opted in: a database, all its tables, or one of them. */
type OptInPlace = Pick<CellPlace, 'principal' | 'kind' | 'database' | 'table'>;

/** The name of an opt-in, which is that of the DESCRIBE which the same principal might hold in the same place. */
export function optInKey({ principal, kind, database, table }: OptInPlace): string {
  return cellKey({ principal, kind, database, table, permission: 'DESCRIBE', option: false });
}

/**
 * What permissions on a product with hybrid access opt their holders in to: the same table, database or all tables. DESCRIBE
 * on the database comes along with tables, and opts nobody in. Across accounts all tables take the database, too:
 * https://docs.aws.amazon.com/lake-formation/latest/dg/notes-hybrid.html.
 */
export function optInsFor(
  product: DataProduct,
  gifts: readonly { readonly place: CellPlace }[],
  on: { readonly isDatabaseAsked: boolean; readonly isAcross: boolean },
): readonly string[] {
  if (product.iamAllowedPrincipals !== 'hybrid') return [];
  return gifts.flatMap(({ place }): readonly string[] => {
    const { principal, database, table } = place;
    const onDatabase = optInKey({ principal, kind: 'database', database });
    switch (place.kind) {
      case 'database':
        return on.isDatabaseAsked ? [onDatabase] : [];
      case 'all-tables':
        return [
          optInKey({ principal, kind: 'all-tables', database }),
          ...(on.isAcross || isElsewhere(principal) ? [onDatabase] : []),
        ];
      case 'table':
      case 'data-cells-filter':
        return [optInKey({ principal, kind: 'table', database, table })];
      default:
        return [];
    }
  });
}

/** Whether a principal is another account's, an account, or an organization. */
function isElsewhere(principal: string): boolean {
  const account = /^(?:arn:aws:(?:iam|sts)::)?(\d{12})/.exec(principal)?.[1];
  return account === undefined ? principal.startsWith('arn:aws:organizations') : account !== central;
}

/** The opt-ins of a lake. */
export function optInsIn({ optIns }: Pick<Snapshot, 'optIns'>): OptIns {
  return new Set(optIns.map(({ principal, resource }) => keyOf(principal, resource as ApiResource)));
}

/** What a call did to opt-ins. */
export interface OptInChange {
  readonly verb: 'create' | 'delete';
  readonly key: string;
}

/** What a call of the journal did to opt-ins. */
export function optInChanges({ changes, request }: Pick<JournalEntry, 'changes' | 'request'>): readonly OptInChange[] {
  return changes.flatMap(({ verb, what }) => {
    if (!('kind' in what) || what.kind !== 'opt-in' || (verb !== 'create' && verb !== 'delete')) return [];
    const { Principal, Resource } = request as {
      readonly Principal: { readonly DataLakePrincipalIdentifier: string };
      readonly Resource: ApiResource;
    };
    return [{ verb, key: keyOf(Principal.DataLakePrincipalIdentifier, Resource) }];
  });
}

/** The opt-ins after a call. */
export function optInsAfter(before: OptIns, changes: readonly OptInChange[]): OptIns {
  if (changes.length === 0) return before;
  const now = new Set(before);
  for (const { verb, key } of changes) {
    if (verb === 'create') now.add(key);
    else now.delete(key);
  }
  return now;
}

interface ApiResource {
  readonly Database?: { readonly CatalogId?: string; readonly Name: string };
  readonly Table?: {
    readonly CatalogId?: string;
    readonly DatabaseName: string;
    readonly Name?: string;
    readonly TableWildcard?: unknown;
  };
}

function keyOf(principal: string, { Database, Table }: ApiResource): string {
  if (Database !== undefined) return optInKey({ principal, kind: 'database', database: Database.Name });
  const { DatabaseName: database = '', Name: table } = Table ?? {};
  return table === undefined
    ? optInKey({ principal, kind: 'all-tables', database })
    : optInKey({ principal, kind: 'table', database, table });
}

/** Whether two places are on one table, or on one database itself: what somebody is opted in to, and what is granted there. */
export function isOptInOf(optIn: string, { principal, kind, database, table }: CellPlace): boolean {
  const own = cellPlace(optIn);
  if (own.principal !== principal || own.database !== database) return false;
  return kind === 'data-cells-filter' ? own.kind === 'table' && own.table === table : own.kind === kind && own.table === table;
}
