import { anyText, empty, flag, form, integer, listOf, mapOf, oneOf, structure, text } from '../wire/shape.ts';
import { catalogId, line, lines, nameString } from '../wire/texts.ts';

// After the service model: https://github.com/boto/botocore/blob/develop/botocore/data/lakeformation/2017-03-31/service-2.json.
// Names of permissions are plain texts here: the service itself refuses wrong ones, with a text of its own
// (https://github.com/boto/boto3/issues/2894).

const arn = anyText;
const roleArn = form(/^arn:aws(-[a-z-]+)?:iam::[0-9]*:role\/.*$/);
const accountId = form(/^\d{12}$/);
const token = anyText;
const pageSize = integer(1, 1000);
const columnNames = listOf(nameString);
const tagKey = text(1, 128, /^[\p{L}\p{Z}\p{N}_.:/=+\-@%]*$/u);
const tagValues = listOf(text(0, 256, /^[\p{L}\p{Z}\p{N}_.:*/=+\-@%]*$/u), 1, 50);
const principal = structure({}, { DataLakePrincipalIdentifier: text(1, 255) });
const principals = listOf(principal, 0, 30);
const permissions = listOf(anyText);
const condition = structure({}, { Expression: text(0, 3000) });
const table = structure({ DatabaseName: nameString }, { CatalogId: catalogId, Name: nameString, TableWildcard: empty });
const columnWildcard = structure({}, { ExcludedColumnNames: columnNames });

/** A resource: one of nine kinds, of which the service demands exactly one. */
export const resourceShape = structure(
  {},
  {
    Catalog: structure({}, { Id: catalogId }),
    Database: structure({ Name: nameString }, { CatalogId: catalogId }),
    Table: table,
    TableWithColumns: structure(
      { DatabaseName: nameString, Name: nameString },
      { CatalogId: catalogId, ColumnNames: columnNames, ColumnWildcard: columnWildcard },
    ),
    DataLocation: structure({ ResourceArn: arn }, { CatalogId: catalogId }),
    DataCellsFilter: structure(
      {},
      { TableCatalogId: catalogId, DatabaseName: nameString, TableName: nameString, Name: nameString },
    ),
    LFTag: structure({ TagKey: nameString, TagValues: tagValues }, { CatalogId: catalogId }),
    LFTagPolicy: structure(
      { ResourceType: oneOf('DATABASE', 'TABLE') },
      {
        CatalogId: catalogId,
        Expression: listOf(structure({ TagKey: tagKey, TagValues: tagValues }, {})),
        ExpressionName: nameString,
      },
    ),
    LFTagExpression: structure({ Name: nameString }, { CatalogId: catalogId }),
  },
);

/** GrantPermissions and RevokePermissions. */
export const grantShape = structure(
  { Principal: principal, Resource: resourceShape, Permissions: permissions },
  { CatalogId: catalogId, Condition: condition, PermissionsWithGrantOption: permissions },
);

/** BatchGrantPermissions and BatchRevokePermissions; everything but the Id of an entry is optional in the model. */
export const batchShape = structure(
  {
    Entries: listOf(
      structure(
        { Id: text(1, 255) },
        {
          Principal: principal,
          Resource: resourceShape,
          Permissions: permissions,
          Condition: condition,
          PermissionsWithGrantOption: permissions,
        },
      ),
    ),
  },
  { CatalogId: catalogId },
);

/** ListPermissions. */
export const listPermissionsShape = structure(
  {},
  {
    CatalogId: catalogId,
    Principal: principal,
    ResourceType: oneOf(
      'CATALOG',
      'DATABASE',
      'TABLE',
      'DATA_LOCATION',
      'LF_TAG',
      'LF_TAG_POLICY',
      'LF_TAG_POLICY_DATABASE',
      'LF_TAG_POLICY_TABLE',
      'LF_NAMED_TAG_EXPRESSION',
    ),
    Resource: resourceShape,
    NextToken: token,
    MaxResults: pageSize,
    IncludeRelated: text(1, 5, line),
  },
);

/** GetEffectivePermissionsForPath. */
export const pathPermissionsShape = structure(
  { ResourceArn: arn },
  { CatalogId: catalogId, NextToken: token, MaxResults: pageSize },
);

/** GetDataLakeSettings. */
export const getSettingsShape = structure({}, { CatalogId: catalogId });

const defaultPermissions = listOf(structure({}, { Principal: principal, Permissions: permissions }));

/** DataLakeSettings. */
export const settingsShape = structure(
  {},
  {
    DataLakeAdmins: principals,
    ReadOnlyAdmins: principals,
    CreateDatabaseDefaultPermissions: defaultPermissions,
    CreateTableDefaultPermissions: defaultPermissions,
    Parameters: mapOf(text(0, 512_000), text(1, 255, line)),
    TrustedResourceOwners: listOf(catalogId),
    AllowExternalDataFiltering: flag,
    AllowFullTableExternalDataAccess: flag,
    ExternalDataFilteringAllowList: principals,
    AuthorizedSessionTagValueList: listOf(nameString),
  },
);

/** PutDataLakeSettings. */
export const putSettingsShape = structure({ DataLakeSettings: settingsShape }, { CatalogId: catalogId });

/** RegisterResource. */
export const registerShape = structure(
  { ResourceArn: arn },
  {
    UseServiceLinkedRole: flag,
    RoleArn: roleArn,
    WithFederation: flag,
    HybridAccessEnabled: flag,
    WithPrivilegedAccess: flag,
    ExpectedResourceOwnerAccount: accountId,
  },
);

/** UpdateResource. */
export const updateResourceShape = structure(
  { RoleArn: roleArn, ResourceArn: arn },
  { WithFederation: flag, HybridAccessEnabled: flag, ExpectedResourceOwnerAccount: accountId },
);

/** DeregisterResource and DescribeResource. */
export const locationShape = structure({ ResourceArn: arn }, {});

/** ListResources. */
export const listResourcesShape = structure(
  {},
  {
    FilterConditionList: listOf(
      structure(
        {},
        {
          Field: oneOf('RESOURCE_ARN', 'ROLE_ARN', 'LAST_MODIFIED'),
          ComparisonOperator: oneOf(
            'EQ',
            'NE',
            'LE',
            'LT',
            'GE',
            'GT',
            'CONTAINS',
            'NOT_CONTAINS',
            'BEGINS_WITH',
            'IN',
            'BETWEEN',
          ),
          StringValueList: listOf(anyText),
        },
      ),
      1,
      20,
    ),
    MaxResults: pageSize,
    NextToken: token,
  },
);

/** A data cells filter. */
export const filterShape = structure(
  { TableCatalogId: catalogId, DatabaseName: nameString, TableName: nameString, Name: nameString },
  {
    RowFilter: structure({}, { FilterExpression: text(0, 2048, lines), AllRowsWildcard: empty }),
    ColumnNames: columnNames,
    ColumnWildcard: columnWildcard,
    VersionId: text(1, 255, line),
  },
);

/** CreateDataCellsFilter and UpdateDataCellsFilter. */
export const putFilterShape = structure({ TableData: filterShape }, {});

/** GetDataCellsFilter. */
export const getFilterShape = structure(
  { TableCatalogId: catalogId, DatabaseName: nameString, TableName: nameString, Name: nameString },
  {},
);

/** DeleteDataCellsFilter, all of whose members are optional in the model. */
export const deleteFilterShape = structure(
  {},
  { TableCatalogId: catalogId, DatabaseName: nameString, TableName: nameString, Name: nameString },
);

/** ListDataCellsFilter. */
export const listFiltersShape = structure({}, { Table: table, NextToken: token, MaxResults: pageSize });

/** CreateLFTag. */
export const createTagShape = structure({ TagKey: tagKey, TagValues: tagValues }, { CatalogId: catalogId });

/** GetLFTag and DeleteLFTag. */
export const tagShape = structure({ TagKey: tagKey }, { CatalogId: catalogId });

/** UpdateLFTag. */
export const updateTagShape = structure(
  { TagKey: tagKey },
  { CatalogId: catalogId, TagValuesToDelete: tagValues, TagValuesToAdd: tagValues },
);

/** ListLFTags. */
export const listTagsShape = structure(
  {},
  { CatalogId: catalogId, ResourceShareType: oneOf('FOREIGN', 'ALL'), MaxResults: pageSize, NextToken: token },
);

/** AddLFTagsToResource and RemoveLFTagsFromResource. */
export const assignTagsShape = structure(
  {
    Resource: resourceShape,
    LFTags: listOf(structure({ TagKey: tagKey, TagValues: tagValues }, { CatalogId: catalogId }), 1, 50),
  },
  { CatalogId: catalogId },
);

/** GetResourceLFTags. */
export const resourceTagsShape = structure(
  { Resource: resourceShape },
  { CatalogId: catalogId, ShowAssignedLFTags: flag },
);
