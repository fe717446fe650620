import type { Resource } from '@aws-sdk/client-lakeformation';
import {
  admin,
  allBut,
  allTables,
  central,
  columns,
  consumer,
  consumerAnalyst,
  database,
  roleArn,
  table,
} from './fixture.ts';

/** A grant that is refused, by whom and with what text. */
export interface RefusedGrant {
  readonly name: string;
  readonly principal?: string;
  readonly resource: Resource;
  readonly permissions: string[];
  readonly options?: string[];
  readonly refused: RegExp;
}

const notValid = /^InvalidInputException: Permissions \[[A-Z_, ]+\] are not valid/;
const missing = /^EntityNotFoundException: Entity Not Found/;
const invalidPrincipal = /^InvalidInputException: Invalid principal/;
const filter = (name: string) => ({
  DataCellsFilter: { TableCatalogId: central, DatabaseName: 'sales', TableName: 'orders', Name: name },
});
const location = (path: string) => ({ DataLocation: { ResourceArn: `arn:aws:s3:::${path}` } });

/** What an administrator of the central account is refused, where nothing is held yet. */
export const refusedGrants: RefusedGrant[] = [
  { name: 'CREATE_TABLE on a table', resource: table('orders'), permissions: ['CREATE_TABLE'], refused: notValid },
  { name: 'CREATE_TABLE on all tables', resource: allTables, permissions: ['CREATE_TABLE'], refused: notValid },
  { name: 'SELECT on a database', resource: database, permissions: ['SELECT'], refused: notValid },
  { name: 'SUPER_USER on a database', resource: database, permissions: ['SUPER_USER'], refused: notValid },
  {
    name: 'SUPER_USER on the default catalog',
    resource: { Catalog: {} },
    permissions: ['SUPER_USER'],
    refused: notValid,
  },
  {
    name: 'DESCRIBE on some columns',
    resource: columns('orders', ['o_id']),
    permissions: ['SELECT', 'DESCRIBE'],
    refused: notValid,
  },
  { name: 'ALTER on a view', resource: table('recent'), permissions: ['ALTER'], refused: notValid },
  { name: 'SELECT on a resource link', resource: table('link'), permissions: ['SELECT'], refused: notValid },
  { name: 'ALL on a location', resource: location('lake/sales'), permissions: ['ALL'], refused: notValid },
  { name: 'ALTER on a data cells filter', resource: filter('europe'), permissions: ['ALTER'], refused: notValid },
  {
    name: 'a permission that does not exist',
    resource: table('orders'),
    permissions: ['READ'],
    refused:
      /Please grant only valid Lake Formation permissions. \[READ\] are not all valid Lake Formation permissions/,
  },
  { name: 'no permissions', resource: table('orders'), permissions: [], refused: /Permissions cannot be empty/ },
  {
    name: 'an option outside the permissions',
    resource: table('orders'),
    permissions: ['SELECT'],
    options: ['DESCRIBE'],
    refused: /must be a subset/,
  },
  { name: 'a missing database', resource: { Database: { Name: 'nope' } }, permissions: ['DESCRIBE'], refused: missing },
  { name: 'a missing table', resource: table('nope'), permissions: ['DESCRIBE'], refused: missing },
  {
    name: 'all tables of a missing database',
    resource: { Table: { DatabaseName: 'nope', TableWildcard: {} } },
    permissions: ['DESCRIBE'],
    refused: missing,
  },
  { name: 'the name ALL_TABLES', resource: table('ALL_TABLES'), permissions: ['DESCRIBE'], refused: missing },
  {
    name: 'the name ALL_TABLES with columns',
    resource: { TableWithColumns: { DatabaseName: 'sales', Name: 'ALL_TABLES', ColumnWildcard: {} } },
    permissions: ['SELECT'],
    refused: missing,
  },
  {
    name: 'a missing filter',
    resource: filter('nope'),
    permissions: ['SELECT'],
    refused: /^EntityNotFoundException: Cell Filter not found/,
  },
  {
    name: 'a location that is not registered',
    resource: location('other'),
    permissions: ['DATA_LOCATION_ACCESS'],
    refused: /register the S3 path/,
  },
  {
    name: 'a missing LF-Tag',
    resource: { LFTag: { TagKey: 'nope', TagValues: ['x'] } },
    permissions: ['DESCRIBE'],
    refused: missing,
  },
  {
    name: 'a missing column',
    resource: columns('orders', ['nope']),
    permissions: ['SELECT'],
    refused: /non-existent column/,
  },
  {
    name: 'a partition column left out',
    resource: allBut('orders', ['o_date']),
    permissions: ['SELECT'],
    refused: /Partition columns cannot be filtered out/,
  },
  {
    name: 'no resource',
    resource: {},
    permissions: ['SELECT'],
    refused: /Resource must have either the catalog, table or database field populated/,
  },
  {
    name: 'two resources',
    resource: { ...database, ...table('orders') },
    permissions: ['DESCRIBE'],
    refused: /^InvalidInputException/,
  },
  {
    name: 'a table without name or wildcard',
    resource: { Table: { DatabaseName: 'sales' } },
    permissions: ['DESCRIBE'],
    refused: /Table name and table wildcard cannot both be empty/,
  },
  {
    name: 'neither columns nor wildcard',
    resource: { TableWithColumns: { DatabaseName: 'sales', Name: 'orders' } },
    permissions: ['SELECT'],
    refused: /^InvalidInputException/,
  },
  {
    name: 'an unreadable principal',
    principal: 'analyst',
    resource: table('orders'),
    permissions: ['SELECT'],
    refused: invalidPrincipal,
  },
  {
    name: 'a role that does not exist',
    principal: roleArn(central, 'ghost'),
    resource: table('orders'),
    permissions: ['SELECT'],
    refused: invalidPrincipal,
  },
  {
    name: 'a session',
    principal: `arn:aws:sts::${central}:assumed-role/analyst/x`,
    resource: table('orders'),
    permissions: ['SELECT'],
    refused: invalidPrincipal,
  },
  {
    name: 'an account not known',
    principal: '999999999999',
    resource: table('orders'),
    permissions: ['SELECT'],
    options: ['SELECT'],
    refused: invalidPrincipal,
  },
  {
    name: 'the own account',
    principal: central,
    resource: table('orders'),
    permissions: ['SELECT'],
    options: ['SELECT'],
    refused: invalidPrincipal,
  },
  {
    name: 'an account without grant option',
    principal: consumer,
    resource: table('orders'),
    permissions: ['SELECT'],
    refused: /must include grantable permissions/,
  },
  {
    name: 'a foreign role with grant option',
    principal: consumerAnalyst,
    resource: table('orders'),
    permissions: ['SELECT'],
    options: ['SELECT'],
    refused: /^InvalidInputException: The grant option/,
  },
  {
    name: 'DROP on a database to an account',
    principal: consumer,
    resource: database,
    permissions: ['DROP'],
    options: ['DROP'],
    refused: /cannot be granted to another account/,
  },
  {
    name: 'an exclude list to an account',
    principal: consumer,
    resource: allBut('orders', ['o_email']),
    permissions: ['SELECT'],
    refused: /^InvalidInputException/,
  },
  {
    name: 'an organization not known',
    principal: `arn:aws:organizations::${central}:organization/o-abcdefghij`,
    resource: table('orders'),
    permissions: ['SELECT'],
    options: ['SELECT'],
    refused: /Organization o-abcdefghij not found/,
  },
  {
    name: 'the grant option on an exclude list',
    resource: allBut('orders', ['o_email']),
    permissions: ['SELECT'],
    options: ['SELECT'],
    refused: /^InvalidInputException: The grant option/,
  },
  {
    name: 'a column list for an administrator',
    principal: admin,
    resource: columns('orders', ['o_id']),
    permissions: ['SELECT'],
    refused: /Permissions modification is invalid/,
  },
  {
    name: 'a catalog that is no account',
    resource: { Database: { CatalogId: `${central}:s3tablescatalog/x`, Name: 'sales' } },
    permissions: ['DESCRIBE'],
    refused: /Catalog id must be a valid AWS account id/,
  },
  {
    name: "another account's table that was not shared",
    resource: table('orders', { catalog: consumer }),
    permissions: ['SELECT'],
    refused: /^AccessDeniedException: Resource does not exist or requester/,
  },
];
