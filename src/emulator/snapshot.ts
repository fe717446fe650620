import { rowsIn } from './grants/grant-store.ts';
import { atomsOf, renderResource } from './grants/rows.ts';
import type { Atom } from './journal.ts';
import type { Lake } from './lake.ts';
import { renderFilter } from './lakeformation/filters.ts';
import { renderSettings } from './lakeformation/settings.ts';
import { invitationsTo, renderInvitation, resourceStatus } from './ram/records.ts';
import { invitationStatus, isDeleted, receiverStatus, type Share } from './ram/share.ts';
import { valuesUnder } from './store/shelf.ts';
import type { World } from './world.ts';

/** One stored permission with what is known of its last change. */
interface SnapshotAtom extends Atom {
  readonly lastUpdated: number;
  readonly lastUpdatedBy: string;
  readonly shareArns: readonly string[];
}

/** What a lake holds, as plain data, read past all visibility, paging and lag. */
export interface Snapshot {
  readonly account: string;
  readonly region: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly atoms: readonly SnapshotAtom[];
  readonly filters: readonly Readonly<Record<string, unknown>>[];
  readonly databases: readonly SnapshotDatabase[];
  readonly locations: readonly string[];
  readonly tags: Readonly<Record<string, readonly string[]>>;
  /** The LF-Tags that objects carry themselves, by kind and name. */
  readonly tagged: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly optIns: readonly { readonly principal: string; readonly resource: Readonly<Record<string, unknown>> }[];
  /** The RAM shares that the account has made, deleted ones too. */
  readonly shares: readonly SnapshotShare[];
  /** The invitations that it has received, from whomever. */
  readonly invitations: readonly Readonly<Record<string, unknown>>[];
}

/** A RAM share with whom it is shared, and with what. */
interface SnapshotShare {
  readonly arn: string;
  readonly name: string;
  readonly receiver: string;
  readonly status: string;
  /** Where the receiver stands. */
  readonly receiverStatus: string;
  readonly invitation?: string;
  readonly resources: readonly { readonly arn: string; readonly status: string; readonly rows: number }[];
}

/** A database with its parameters and tables. */
interface SnapshotDatabase {
  readonly name: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly target?: unknown;
  readonly tables: readonly SnapshotTable[];
}

interface SnapshotTable {
  readonly name: string;
  readonly version: number;
  readonly parameters: Readonly<Record<string, string>>;
  readonly target?: unknown;
}

/** The lake of an account and region as it is now. */
export function snapshotOf(world: World, account: string, region: string): Snapshot {
  if (!world.accounts.has(account)) throw new Error(`there is no account ${account}`);
  const lake = world.lake(account, region);
  return {
    account,
    region,
    settings: renderSettings(lake.settings),
    atoms: rowsIn(lake.grants.all).flatMap((row) =>
      atomsOf(row).map((atom) => ({
        ...atom,
        lastUpdated: row.lastUpdated,
        lastUpdatedBy: row.lastUpdatedBy,
        shareArns: row.shareArns,
      })),
    ),
    filters: lake.filters
      .keys()
      .flatMap((key) => lake.filters.get(key) ?? [])
      .map((filter) => renderFilter(filter, account)),
    databases: lake.databases.keys().flatMap((name) => databaseOf(lake, name)),
    locations: lake.locations.keys(),
    tags: Object.fromEntries(lake.tags.keys().map((key) => [key, lake.tags.get(key) ?? []])),
    tagged: Object.fromEntries(
      lake.tagAssignments.keys().map((key) => {
        const [kind = '', ...names] = key.split('\u0000');
        return [`${kind} ${names.join('.')}`, lake.tagAssignments.get(key) ?? {}];
      }),
    ),
    optIns: lake.optIns
      .keys()
      .flatMap((key) => lake.optIns.get(key) ?? [])
      .map(({ principal, resource }) => ({ principal, resource: renderResource(resource) })),
    shares: [...lake.shares.all()].map((share) => shareOf(share, world.clock.now())),
    invitations: invitationsTo(world, lake).map((invited) => renderInvitation(invited, world.clock.now())),
  };
}

function shareOf(share: Share, at: number): SnapshotShare {
  const { arn, name, receiver, invitations, resources } = share;
  const last = invitations.at(-1);
  return {
    arn,
    name,
    receiver,
    status: isDeleted(share, at) ? 'DELETED' : 'ACTIVE',
    receiverStatus: receiverStatus(share, at),
    ...(last === undefined ? {} : { invitation: invitationStatus(share, last, at) }),
    resources: resources
      .list()
      .map((one) => ({ arn: one.arn, status: resourceStatus(share, one, at), rows: one.rows })),
  };
}

function databaseOf(lake: Lake, name: string): readonly SnapshotDatabase[] {
  const database = lake.databases.get(name);
  if (!database) return [];
  const tables = valuesUnder(lake.tables, `${name}\u0000`);
  return [
    {
      name,
      parameters: database.parameters,
      ...(database.target ? { target: database.target } : {}),
      tables: tables.map((table) => ({
        name: table.name,
        version: table.version,
        parameters: (table.input['Parameters'] ?? {}) as Readonly<Record<string, string>>,
        ...(table.target ? { target: table.target } : {}),
      })),
    },
  ];
}
