import { resolvePermissions } from '../core/access.ts';
import { grantsOf } from '../core/canonical.ts';
import type { Acceptance, ResourceLink } from '../core/fact.ts';
import type { Principal } from '../core/principal.ts';
import { shareFor, shareOf } from '../core/shares.ts';
import type { Cause, Desired } from '../core/state.ts';
import type { Declaration } from '../declare/declaration.ts';
import type { Access, ImportGrant } from '../declare/files.ts';
import type { Resolved, Setting } from './access.ts';
import { resolveAlike } from './alike.ts';
import { withOptIns } from './opt-ins.ts';
import { principalsFrom } from './principals.ts';
import type { Request } from './requests.ts';

/**
 * What a subscription asks in the consumer's own lake: the link to the product's database, DESCRIBE on it for those who
 * read through it, and their part of what the account holds on the database itself.
 */
export function importRequests(declaration: Declaration, id: string, files: readonly string[]): readonly Request[] {
  const subscription = declaration.subscriptions.get(id);
  const { import: brought, access, principals: named, expires } = subscription?.value ?? {};
  const account = declaration.accounts.get(subscription?.consumer ?? '')?.value.id;
  const product = declaration.products.get(subscription?.product ?? '')?.value;
  if (subscription === undefined || brought === undefined || account === undefined || product === undefined) return [];
  const { region, account: central } = declaration.mesh.value.central;
  // The account holds what it was given in the central catalog's region, wherever it links to it:
  // https://docs.aws.amazon.com/lake-formation/latest/dg/data-access-across-region.html.
  const lake = `${account}/${region}`;
  const linksIn = `${account}/${brought.region ?? region}`;
  const link: ResourceLink = {
    kind: 'resource-link',
    lake: linksIn,
    catalog: account,
    database: brought.database,
    target: { catalog: central, database: product.database, region },
  };
  const grants = brought.grants ?? [];
  const cause = (...path: readonly (string | number)[]): Omit<Cause, 'refused'> => ({
    place: subscription.at(['import', ...path]),
    subscription: id,
    product: subscription.product,
    files,
  });
  const common = {
    ...(expires === undefined ? {} : { expires }),
    product: subscription.product,
    isImport: true as const,
  };
  // Whoever is of another account, or an organization as a whole, does not read through a link in this one's catalog.
  const isAtHome = ({ account: home, kind }: Principal): boolean =>
    home === account || kind.startsWith('identity-center');
  const through = (names: readonly string[] | undefined): readonly Principal[] =>
    names === undefined ? [] : principalsFrom(declaration, subscription.consumer, names).filter(isAtHome);
  const readers = [
    ...new Map(
      [named, ...grants.map(({ principals }) => principals)].flatMap(through).map((one) => [one.id, one]),
    ).values(),
  ];
  const described = readers.flatMap(({ id: principal }) =>
    grantsOf(linksIn, {
      principal,
      resource: { kind: 'database', catalog: account, database: brought.database },
      permissions: ['DESCRIBE'],
      withGrantOption: [],
    }),
  );
  const shared = sharesOf(access ?? []).map(
    (shares): Acceptance => ({ kind: 'acceptance', lake, catalog: central, database: product.database, shares }),
  );
  const made: Resolved = {
    asked: [...shared, link, ...described].map((fact) => ({ fact, classes: [] })),
    obstacles: [],
  };
  return [
    { ...common, cause: cause('database'), principals: readers, ask: () => made },
    ...grants.flatMap((grant, index) =>
      (access ?? []).flatMap((entry): readonly Request[] => {
        const principals = through(grant.principals);
        const presets = declaration.mesh.value.presets ?? {};
        const passed = passedOn(entry, grant, presets);
        const ask = (setting: Setting | undefined): Resolved =>
          setting === undefined || passed === undefined ? nothing : passOn({ ...setting, lake }, passed, principals);
        return [{ ...common, cause: cause('grants', index), principals, ask }];
      }),
    ),
  ];
}

/** Whether runs enter an account: the central one, and where mesh.yaml or the account's file says which roles they take on. */
export function isEntered({ mesh, accounts }: Declaration, account: string): boolean {
  const { central, runsAs } = mesh.value;
  if (account === central.account || runsAs !== undefined) return true;
  return [...accounts.values()].some(({ value }) => value.id === account && value.runsAs !== undefined);
}

/** What is desired, less the shares of which nothing is given any more, for a hold say: nobody would send an invitation. */
export function withoutIdle(desired: Desired): Desired {
  const acceptances = [...desired.facts].filter(([, { fact }]) => fact.kind === 'acceptance');
  if (acceptances.length === 0) return desired;
  const given = new Set(
    [...desired.facts.values()].flatMap(({ fact }) => (fact.kind === 'grant' ? (shareFor(fact) ?? []) : [])),
  );
  const idle = new Set(
    acceptances.flatMap(([key, { fact }]) => (fact.kind === 'acceptance' && !given.has(shareOf(fact)) ? [key] : [])),
  );
  return idle.size === 0
    ? desired
    : { ...desired, facts: new Map([...desired.facts].filter(([key]) => !idle.has(key))) };
}

const nothing: Resolved = { asked: [], obstacles: [] };

/** What RAM is asked to share for these entries: all tables are shared as their database. */
function sharesOf(entries: readonly Access[]): readonly Acceptance['shares'][] {
  const isAll = ({ tables }: Access): boolean => tables?.includes('*') === true;
  const onDatabase = entries.some(
    (one) => one.database === true || isAll(one) || (one.tables && one.describeDatabase !== false),
  );
  const onTables = entries.some((one) => one.tables !== undefined && !isAll(one));
  return [...(onDatabase ? (['database'] as const) : []), ...(onTables ? (['tables'] as const) : [])];
}

/** The part of an entry that a principal of the account gets: of what is given with the grant option what the import lists. */
function passedOn(entry: Access, { permissions }: ImportGrant, presets: Setting['presets']): Access | undefined {
  const kind = entry.locations !== undefined ? 'locations' : entry.database === true ? 'database' : 'tables';
  const given = resolvePermissions({ kind, permissions: entry.permissions }, presets) ?? [];
  const passable = entry.withGrantOption ?? given;
  const passed = permissions.filter((permission) => passable.includes(permission));
  const { withGrantOption: _, ...rest } = entry;
  return passed.length === 0 ? undefined : { ...rest, permissions: passed, describeDatabase: false };
}

/** The grants on what another account owns; its data cells filters are made in its own lake. */
function passOn(setting: Setting, access: Access, principals: readonly Principal[]): Resolved {
  const resolved = resolveAlike({ ...setting, known: new Map() }, access, principals);
  // What stands in the way is said of the subscription itself.
  const grants = resolved.asked.filter(({ fact }) => fact.kind === 'grant');
  return withOptIns(setting, access, { ...resolved, asked: grants, obstacles: [] });
}
