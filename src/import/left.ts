import type { Fact } from '../core/fact.ts';
import type { ObservedFact } from '../core/state.ts';

/** Something that is live and does not become a line of a mesh file. */
export interface Left {
  readonly code: LeftCode;
  readonly fact: Fact;
  readonly updatedAt?: string;
  readonly updatedBy?: string;
}

/** Why something stays out of the mesh files, each reason with what a person can do about it. */
export const reasons = {
  ADMINISTRATOR: 'a data lake administrator holds every permission anyway, and is never revoked any',
  SERVICE_LINKED: 'AWS manages what a service-linked role may do',
  CREATOR: "the table's creator holds it by having created the table",
  OWN_ROLE: 'it is held by the role that runs Meshgate, which must not cut its own access',
  PROTECTED: 'mesh.yaml protects the principal',
  IAM_ALLOWED_PRINCIPALS:
    'it lets in everyone whom IAM lets in, whatever the mesh files say: revoke it when nobody needs it',
  UNKNOWN_PRINCIPAL: 'the principal no longer exists or is of an unknown form: revoke it, or find out who it was',
  NO_CONSUMER:
    'an organization or OU whose management account is the producer itself: no other account could ask for it',
  LF_TAG: 'it is given on or through LF-Tags; mesh files name tables',
  OTHER_CATALOG: 'it is on a resource of another catalog',
  CATALOG:
    'of the permissions on the catalog mesh.yaml says CREATE_DATABASE with the usual grant option, for who holds nothing else there',
  CATALOG_BESIDE: 'mesh.yaml is there already: add it under its grants',
  LOCATION: 'no database or table of one product alone has its data at this location',
  OTHER_DATABASE: 'the database was not chosen',
  NO_DATABASE: 'the catalog has no such database',
  NO_TABLE: 'the catalog has no such table',
  NO_COLUMN: 'the table has no such column any more',
  BAD_NAME: 'a mesh file cannot write a name like this',
  LINK: 'it is on a resource link; a mesh file is about what the link points to',
  VIEW: 'a view takes SELECT, DESCRIBE and DROP alone',
  CONDITION: 'it holds under a condition, which mesh files cannot say',
  ALL: 'ALL is never declared: grant the permissions that are meant, then revoke it',
  NOT_DECLARABLE: 'mesh files do not give this permission on this kind of resource',
  EXTERNAL_DROP: 'DROP on a database is not for principals outside the central account',
  OPTION_ALONE: 'it is a grant option without the permission itself',
  OPTION_REFUSED: 'an IAM principal of another account has no use for the grant option',
  OPTION_MISSING:
    'an account, organization or OU needs the grant option to pass it on: grant it with the option, or revoke it',
  EXCLUDED_COLUMNS: 'a list of excluded columns opens each column that is added; mesh files list what is included',
  PARTITION_KEY: 'its columns leave out a partition key, which Lake Formation shows anyway: include the key',
  COLUMN_LISTS: 'several column lists of one principal on one table say different things',
  COLUMNS_WITH_MODIFYING: 'it is a column list beside a permission to modify the table',
  TWICE: 'the same permission on all tables says it already',
  SELECT_TWICE: 'SELECT is there both limited and not, or limited in two ways; a mesh file says one of them',
  FILTER_WITHOUT_ROWS: 'the data cells filter has no row predicate; mesh files write such a limit as columns',
  FILTER_PERMISSION: 'on a data cells filter mesh files give SELECT alone',
  FILTER_TWICE: 'another data cells filter of the table gives the principal the same rows and columns: revoke one',
  FILTER_UNUSED: 'no SELECT through this data cells filter became a line of a mesh file',
  FILTER_RESERVED: 'the table has a column whose name data cells filters refuse',
  TOO_LARGE: 'the file would be larger than a mesh file may be',
  DECLARED_OTHERWISE: 'a mesh file says it otherwise: plan shows the difference',
  BY_HAND: 'it belongs into a file that is there already, which import does not touch: see what is to be added by hand',
  UNREAD: 'what it depends on could not be read',
  NOT_FAITHFUL: 'written as a mesh file it would not come out the same',
} as const;

/** The name of a reason. */
export type LeftCode = keyof typeof reasons;

/** What is left for one reason. */
export function leave(code: LeftCode, facts: readonly ObservedFact[]): readonly Left[] {
  return facts.map(({ fact, updatedAt, updatedBy }) => ({
    code,
    fact,
    ...(updatedAt === undefined ? {} : { updatedAt }),
    ...(updatedBy === undefined ? {} : { updatedBy }),
  }));
}
