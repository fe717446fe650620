import { anyText, anything, flag, integer, listOf, mapOf, oneOf, structure, text, timestamp } from '../wire/shape.ts';
import { catalogId, line, lines, nameString } from '../wire/texts.ts';

// After the service model: https://github.com/boto/botocore/blob/develop/botocore/data/glue/2017-03-31/service-2.json.
// Parts that the emulator keeps but never reads (SerDe, skew, views, open table formats) are taken as they are.

const transactionId = text(1, 255, /^[\p{L}\p{N}\p{P}]*$/u);
const description = text(0, 2048, lines);
const parameters = mapOf(text(0, 512_000), text(1, 255, line));
const token = anyText;
const pageSize = integer(1, 100);

/** Permissions that new tables of a database give. */
const defaultPermissionsShape = listOf(
  structure(
    {},
    {
      Principal: structure({}, { DataLakePrincipalIdentifier: text(1, 255) }),
      Permissions: listOf(
        oneOf(
          'ALL',
          'SELECT',
          'ALTER',
          'DROP',
          'DELETE',
          'INSERT',
          'CREATE_DATABASE',
          'CREATE_TABLE',
          'DATA_LOCATION_ACCESS',
        ),
      ),
    },
  ),
);

/** DatabaseInput. */
export const databaseInputShape = structure(
  { Name: nameString },
  {
    Description: description,
    LocationUri: text(1, 1024, lines),
    Parameters: parameters,
    CreateTableDefaultPermissions: defaultPermissionsShape,
    TargetDatabase: structure({}, { CatalogId: catalogId, DatabaseName: nameString, Region: nameString }),
    FederatedDatabase: anything,
  },
);

const column = structure(
  { Name: nameString },
  { Type: text(0, 131_072, line), Comment: text(0, 255, line), Parameters: parameters },
);

/** TableInput. */
export const tableInputShape = structure(
  { Name: nameString },
  {
    Description: description,
    Owner: nameString,
    LastAccessTime: timestamp,
    LastAnalyzedTime: timestamp,
    Retention: integer(0),
    StorageDescriptor: structure(
      {},
      {
        Columns: listOf(column),
        Location: text(0, 2056, lines),
        AdditionalLocations: listOf(text(0, 2056, lines)),
        InputFormat: text(0, 128, line),
        OutputFormat: text(0, 128, line),
        Compressed: flag,
        NumberOfBuckets: integer(),
        SerdeInfo: anything,
        BucketColumns: listOf(nameString),
        SortColumns: anything,
        Parameters: parameters,
        SkewedInfo: anything,
        StoredAsSubDirectories: flag,
        SchemaReference: anything,
      },
    ),
    PartitionKeys: listOf(column),
    ViewOriginalText: text(0, 409_600),
    ViewExpandedText: text(0, 409_600),
    TableType: text(0, 255),
    Parameters: parameters,
    TargetTable: structure(
      {},
      { CatalogId: catalogId, DatabaseName: nameString, Name: nameString, Region: nameString },
    ),
    ViewDefinition: anything,
  },
);

/** GetDatabase and DeleteDatabase. */
export const databaseShape = structure({ Name: nameString }, { CatalogId: catalogId });

/** GetDatabases. */
export const getDatabasesShape = structure(
  {},
  {
    CatalogId: catalogId,
    NextToken: token,
    MaxResults: pageSize,
    ResourceShareType: oneOf('FOREIGN', 'ALL', 'FEDERATED'),
    AttributesToGet: listOf(oneOf('NAME', 'TARGET_DATABASE')),
  },
);

/** CreateDatabase. */
export const createDatabaseShape = structure(
  { DatabaseInput: databaseInputShape },
  { CatalogId: catalogId, Tags: mapOf(text(0, 256), text(1, 128)) },
);

/** UpdateDatabase. */
export const updateDatabaseShape = structure(
  { Name: nameString, DatabaseInput: databaseInputShape },
  { CatalogId: catalogId },
);

const asOf = {
  TransactionId: transactionId,
  QueryAsOfTime: timestamp,
  AuditContext: anything,
  IncludeStatusDetails: flag,
} as const;

/** GetTable. */
export const getTableShape = structure(
  { DatabaseName: nameString, Name: nameString },
  { CatalogId: catalogId, ...asOf },
);

/** GetTables. */
export const getTablesShape = structure(
  { DatabaseName: nameString },
  {
    CatalogId: catalogId,
    Expression: text(0, 2048, line),
    NextToken: token,
    MaxResults: pageSize,
    AttributesToGet: listOf(oneOf('NAME', 'TABLE_TYPE')),
    ...asOf,
  },
);

/** CreateTable; TableInput is required here, since open table formats are not modelled. */
export const createTableShape = structure(
  { DatabaseName: nameString, TableInput: tableInputShape },
  { CatalogId: catalogId, Name: nameString, PartitionIndexes: anything, TransactionId: transactionId },
);

/** UpdateTable. */
export const updateTableShape = structure(
  { DatabaseName: nameString, TableInput: tableInputShape },
  {
    CatalogId: catalogId,
    Name: nameString,
    SkipArchive: flag,
    TransactionId: transactionId,
    VersionId: text(1, 255, line),
    ViewUpdateAction: oneOf('ADD', 'REPLACE', 'ADD_OR_REPLACE', 'DROP'),
    Force: flag,
  },
);

/** DeleteTable. */
export const deleteTableShape = structure(
  { DatabaseName: nameString, Name: nameString },
  { CatalogId: catalogId, TransactionId: transactionId },
);

/** BatchDeleteTable. */
export const batchDeleteTableShape = structure(
  { DatabaseName: nameString, TablesToDelete: listOf(nameString, 0, 100) },
  { CatalogId: catalogId, TransactionId: transactionId },
);

/** GetCatalog. */
export const catalogShape = structure({ CatalogId: catalogId }, {});

/** GetDataCatalogEncryptionSettings. */
export const encryptionShape = structure({}, { CatalogId: catalogId });

const policyHash = text(1, 255, line);
const glueArn = text(1, 10_240, /^arn:aws(-(cn|us-gov|iso(-[bef])?))?:glue:.*$/);

/** GetResourcePolicy. */
export const resourcePolicyShape = structure({}, { ResourceArn: glueArn });

/** GetResourcePolicies. */
export const resourcePoliciesShape = structure({}, { NextToken: token, MaxResults: integer(1, 1000) });

/** PutResourcePolicy. */
export const putResourcePolicyShape = structure(
  { PolicyInJson: { ...anyText, min: 2 } },
  {
    ResourceArn: glueArn,
    PolicyHashCondition: policyHash,
    PolicyExistsCondition: oneOf('MUST_EXIST', 'NOT_EXIST', 'NONE'),
    EnableHybrid: oneOf('TRUE', 'FALSE'),
  },
);

/** DeleteResourcePolicy. */
export const deleteResourcePolicyShape = structure({}, { PolicyHashCondition: policyHash, ResourceArn: glueArn });
