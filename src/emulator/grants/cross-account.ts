import type { Call } from '../call.ts';
import { accessDenied, invalidInput } from '../failure.ts';
import { awsManagedKey } from '../glue/catalogs.ts';
import type { Lake } from '../lake.ts';
import { holds } from '../permission.ts';
import { accountOf, iamAllowedPrincipals, isExternal, type Principal } from '../principal.ts';
import { organizationIn } from '../ram/organizations.ts';
import { needsShare, versionOf } from '../ram/sharing.ts';
import { placeOf, type Resource } from '../resource.ts';
import { valuesUnder } from '../store/shelf.ts';
import type { World } from '../world.ts';
import type { Entry } from './entry.ts';
import { type Found, locationOf } from './existence.ts';

/**
 * Refuses principals that do not exist: IAM users and roles of an account must be there, which a role just created
 * is not yet. Revokes are not checked, since a grant outlives its principal.
 */
export function checkPrincipalExists(world: World, principal: Principal): void {
  if (principal.kind === 'organization') {
    const isKnown = [...world.accounts.values()].some((account) => account.memberOf.includes(principal.text));
    if (!isKnown && world.switches.unknownAccounts === 'refuse')
      throw invalidInput(`Organization ${principal.text.split('/').at(-1) ?? ''} not found`);
    if (!world.sharesWithin(organizationIn(principal.text)))
      throw accessDenied('Access denied to retrieve AWS Organization information');
    return;
  }
  const home = accountOf(principal);
  if (home === undefined) return;
  const account = world.accounts.get(home);
  if (!account) {
    if (world.switches.unknownAccounts === 'refuse') throw invalidInput('Invalid principal');
    return;
  }
  if (principal.kind === 'iam' && !account.principals.has(principal.text)) throw invalidInput('Invalid principal');
}

/**
 * Refuses what cannot be shared: by whom may not use RAM (https://github.com/data-dot-all/dataall/issues/114), and
 * LF-Tags from below cross-account version 3 with an account that is at 3 or above
 * (https://docs.aws.amazon.com/lake-formation/latest/dg/optimize-ram.html).
 */
export function checkSharing(call: Call, entry: Entry): void {
  const { principal, resource, home } = entry;
  if (!isExternal(principal, home.account)) return;
  if (needsShare(home, entry) && !call.caller.principal.ram)
    throw accessDenied(
      `User: ${call.caller.sessionArn} is not authorized to perform: ram:AssociateResourceShare (Service: AWSRAM; Status Code: 403)`,
    );
  const receiver = accountOf(principal);
  if (!resource.kind.startsWith('lf-tag') || versionOf(home) >= 3 || receiver === undefined) return;
  const theirs = versionOf(call.world.lake(receiver, home.region));
  if (call.world.accounts.has(receiver) && theirs >= 3)
    throw invalidInput(
      `Invalid cross account grant request. Consumer account has opt-in to cross account version: v${theirs}`,
    );
}

/**
 * Refuses what may not be granted to another account, organization, or principal there.
 * https://docs.aws.amazon.com/lake-formation/latest/dg/cross-account-notes.html,
 * https://docs.aws.amazon.com/lake-formation/latest/dg/cross-account-prereqs.html. Apart from "Illegal combination"
 * the texts are not known.
 */
export function checkCrossAccount(entry: Entry, found: Found): void {
  const { principal, home, resource, columns } = entry;
  if (principal.kind === 'account' && principal.account === home.account) throw invalidInput('Invalid principal');
  if (!isExternal(principal, home.account)) return;
  const version = versionOf(home);
  if (principal.kind === 'iam' || principal.kind === 'iam-principals' || principal.kind === 'federated') {
    if (version < 3)
      throw invalidInput('Granting to an IAM principal of another account needs cross account version 3 or above.');
    if (entry.options !== 0)
      throw invalidInput('The grant option cannot be granted to an IAM principal of another account.');
  } else if (entry.options === 0) {
    throw invalidInput('A grant to another account or organization must include grantable permissions.');
  }
  if (resource.kind === 'database' && (holds(entry.permissions, 'DROP') || holds(entry.permissions, 'ALL'))) {
    throw invalidInput('DROP and ALL on a database cannot be granted to another account.');
  }
  const { mode, key = awsManagedKey } = home.encryption;
  // With what code and text is not known.
  if (mode !== 'DISABLED' && key === awsManagedKey)
    throw invalidInput(
      'A Data Catalog that is encrypted with an AWS managed key cannot be shared with another account.',
    );
  if (columns?.kind === 'exclude') throw invalidInput('Columns granted to another account must be an include list.');
  checkNotOpenToIam(entry, found, version);
}

/** https://docs.aws.amazon.com/lake-formation/latest/dg/hybrid-access-mode.html: hybrid access lifts this from version 4 on. */
function checkNotOpenToIam({ resource, home }: Entry, found: Found, version: number): void {
  if (version >= 4 && isHybrid(found)) return;
  const isOpen = placesToBeClosed(home, resource).some(
    (place) => home.grants.held(iamAllowedPrincipals, place).length > 0,
  );
  if (isOpen) throw accessDenied('Insufficient Lake Formation permissions: Illegal combination');
}

function placesToBeClosed(home: Lake, resource: Resource): readonly string[] {
  if (!('database' in resource)) return [];
  const { catalog, database } = resource;
  const inDatabase = [
    placeOf({ kind: 'database', catalog, database }),
    placeOf({ kind: 'all-tables', catalog, database }),
  ];
  switch (resource.kind) {
    case 'database':
      return inDatabase.slice(0, 1);
    case 'all-tables':
      return [
        ...inDatabase,
        ...tablesOf(home, database).map((table) => placeOf({ kind: 'table', catalog, database, table })),
      ];
    case 'table':
    case 'data-cells-filter':
      return [...inDatabase, placeOf({ kind: 'table', catalog, database, table: resource.table })];
    default:
      return resource satisfies never;
  }
}

function tablesOf(home: Lake, database: string): readonly string[] {
  return valuesUnder(home.tables, `${database}\u0000`).map((table) => table.name);
}

/** Whether a database or table lies in a location with hybrid access. */
export function isHybrid({ owner, database, table }: Found): boolean {
  const path = table?.location ?? database?.locationUri;
  return path !== undefined && (locationOf(owner, path)?.hybridAccessEnabled ?? false);
}
