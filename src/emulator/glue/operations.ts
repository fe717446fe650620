import { type Operation, type Operations, reads, writes } from '../wire/operation.ts';
import { getCatalog, getEncryption } from './catalogs.ts';
import { createDatabase, deleteDatabase, getDatabase, getDatabases, updateDatabase } from './databases.ts';
import { getTable, getTables } from './read-tables.ts';
import {
  deleteResourcePolicy,
  getResourcePolicies,
  getResourcePolicy,
  putResourcePolicy,
} from './resource-policies.ts';
import * as shapes from './shapes.ts';
import { batchDeleteTable, createTable, deleteTable, updateTable } from './tables.ts';

/** The Glue operations that the emulator knows. */
export const glueOperations: Operations = new Map<string, Operation>([
  ['GetCatalog', reads(shapes.catalogShape, getCatalog)],
  ['GetDataCatalogEncryptionSettings', reads(shapes.encryptionShape, getEncryption)],
  ['GetDatabase', reads(shapes.databaseShape, getDatabase)],
  ['GetDatabases', reads(shapes.getDatabasesShape, getDatabases)],
  ['CreateDatabase', writes(shapes.createDatabaseShape, createDatabase)],
  ['UpdateDatabase', writes(shapes.updateDatabaseShape, updateDatabase)],
  ['DeleteDatabase', writes(shapes.databaseShape, deleteDatabase)],
  ['GetTable', reads(shapes.getTableShape, getTable)],
  ['GetTables', reads(shapes.getTablesShape, getTables)],
  ['CreateTable', writes(shapes.createTableShape, createTable)],
  ['UpdateTable', writes(shapes.updateTableShape, updateTable)],
  ['DeleteTable', writes(shapes.deleteTableShape, deleteTable)],
  ['BatchDeleteTable', writes(shapes.batchDeleteTableShape, batchDeleteTable)],
  ['GetResourcePolicy', reads(shapes.resourcePolicyShape, getResourcePolicy)],
  ['GetResourcePolicies', reads(shapes.resourcePoliciesShape, getResourcePolicies)],
  ['PutResourcePolicy', writes(shapes.putResourcePolicyShape, putResourcePolicy)],
  ['DeleteResourcePolicy', writes(shapes.deleteResourcePolicyShape, deleteResourcePolicy)],
]);
