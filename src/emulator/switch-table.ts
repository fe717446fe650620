import { sharingSwitches } from './sharing-switches.ts';

/** One point on which the emulator can behave in more than one way. */
export interface Switch {
  readonly default: SwitchValue;
  readonly values: readonly SwitchValue[] | 'count';
  readonly decides: string;
  readonly source: string;
}

/** A position a switch can take. */
export type SwitchValue = boolean | string | number;

const guide = 'https://docs.aws.amazon.com/lake-formation/latest/dg';
const terraform = 'https://github.com/hashicorp/terraform-provider-aws/issues';

/**
 * Every switch: what AWS does on these points is unconfirmed, or differs between its documents and reports. The
 * defaults are the likelier behaviour, or the less kind one where neither is likelier.
 */
export const switchTable = {
  accessDeniedStatus: {
    default: 400,
    values: [400, 403],
    decides: 'HTTP status of an AccessDeniedException',
    source: `the model says 403, live reports 400: ${terraform}/38982`,
  },
  lakeFormationViolationCode: {
    default: 'InvalidInputException',
    values: ['InvalidInputException', 'ValidationException'],
    decides: 'error code of a Lake Formation request that breaks a length, range or required member of the model',
    source: 'not documented; Glue is known to answer ValidationException: https://github.com/boto/boto3/issues/3229',
  },
  unknownMembers: {
    default: 'refuse',
    values: ['refuse', 'ignore'],
    decides: 'what happens to members of a request that the model does not have',
    source: 'not documented; JSON services usually ignore them',
  },
  expandAllTable: {
    default: true,
    values: [true, false],
    decides: 'whether ALL granted on a table is stored as ALL and each of its members',
    source: `${terraform}/49453`,
  },
  expandAllDatabase: {
    default: false,
    values: [true, false],
    decides: 'whether ALL granted on a database is stored as ALL and each of its members',
    source: 'aws-cli example get-effective-permissions-for-path shows ALL alone',
  },
  allDroppedWithMember: {
    default: false,
    values: [true, false],
    decides: 'whether revoking one member of an expanded ALL also takes ALL away',
    source: 'not documented',
  },
  columnGrantAgainstModify: {
    default: 'refuse',
    values: ['refuse', 'ignore'],
    decides: 'a column-limited SELECT for a holder of ALTER, DROP, DELETE or INSERT: refused, or stored without effect',
    source: `${guide}/lf-permissions-reference.html and ${guide}/data-filtering-notes.html disagree`,
  },
  grantOptionWithColumns: {
    default: 'include-only',
    values: ['include-only', 'refuse'],
    decides: 'whether a column-limited SELECT may carry the grant option',
    source: `${guide}/lf-permissions-reference.html and ${guide}/data-filtering-notes.html disagree`,
  },
  columnListsCoexistWithTable: {
    default: 'refuse',
    values: ['refuse', 'allow'],
    decides: 'whether one principal may hold SELECT on all columns and on some columns of a table',
    source: `https://github.com/aws-samples/sample-apache-ranger-to-lake-formation-converter says no; ${terraform}/39082 shows rows of both kinds`,
  },
  columnListStorage: {
    default: 'rows',
    values: ['rows', 'merged'],
    decides: 'whether two column lists of one principal and table stay two rows or become one',
    source: 'not documented',
  },
  columnRevokeTakesOverlap: {
    default: false,
    values: [true, false],
    decides: 'whether revoking a column list takes its columns out of every list of that principal and table',
    source: 'not documented',
  },
  columnsWidenedByIamAllowed: {
    default: true,
    values: [true, false],
    decides: 'whether a column-limited SELECT on a table that IAM_ALLOWED_PRINCIPALS holds becomes one on all columns',
    source: 'Terraform documentation of aws_lakeformation_permissions',
  },
  rawShowsImplicit: {
    default: false,
    values: [true, false],
    decides: 'whether a listing without principal shows the implicit permissions of administrators and creators',
    source: 'aws-cli example list-permissions suggests yes, the API reference says explicit grants only',
  },
  tableListShowsAllTables: {
    default: false,
    values: [true, false],
    decides: 'whether listing one table also shows the rows of all tables of its database',
    source: 'not documented',
  },
  tableGrantShowsDatabase: {
    default: false,
    values: [true, false],
    decides: 'whether a grant on one table lets the principal see its database',
    source: `${guide}/implicit-permissions.html names only all-tables grants`,
  },
  adminAltersDatabases: {
    default: false,
    values: [true, false],
    decides: 'whether a data lake administrator may alter a database it did not create',
    source: `${guide}/implicit-permissions.html denies dropping databases and altering tables, and is silent on this`,
  },
  hiddenObjectGlueError: {
    default: 'EntityNotFoundException',
    values: ['EntityNotFoundException', 'AccessDeniedException'],
    decides: 'what GetDatabase and GetTable answer for what the caller may not see',
    source: `${guide}/error-message-update.html; https://github.com/ExpediaGroup/waggle-dance/pull/359 met the other`,
  },
  optionOnlyRevoke: {
    default: 'refuse',
    values: ['refuse', 'allow'],
    decides: 'a revoke whose Permissions are empty and which names grant options only',
    source: `${terraform}/36580`,
  },
  revokeTakesOption: {
    default: true,
    values: [true, false],
    decides: 'whether revoking a permission also takes its grant option when the request does not name it',
    source: 'not documented',
  },
  revokePartlyHeld: {
    default: 'refuse',
    values: ['refuse', 'allow'],
    decides: 'a revoke of several permissions of which some are not held',
    source: 'read from the error text in https://github.com/data-dot-all/dataall/issues/588',
  },
  revokeChecksColumns: {
    default: false,
    values: [true, false],
    decides: 'whether a revoke is refused when it names a column that the table has lost',
    source: 'Terraform matches such a text when it revokes',
  },
  noopMovesLastUpdated: {
    default: false,
    values: [true, false],
    decides: 'whether granting what is held already moves LastUpdated',
    source: 'not documented',
  },
  lastUpdatedByForm: {
    default: 'role',
    values: ['role', 'session'],
    decides: 'whether LastUpdatedBy names the role or the session of the caller',
    source: `${terraform}/46245 shows a placeholder`,
  },
  sweepShowsFilterGrants: {
    default: true,
    values: [true, false],
    decides: 'whether a listing without resource shows grants on data cells filters',
    source: 'not documented',
  },
  filterListWithoutTable: {
    default: true,
    values: [true, false],
    decides: 'whether ListDataCellsFilter answers without a Table',
    source: 'the member is optional in the model, the text speaks of a table',
  },
  duplicateBatchIds: {
    default: 'accept',
    values: ['accept', 'refuse'],
    decides: 'a batch in which two entries have one Id',
    source: 'not documented',
  },
  oversizeBatch: {
    default: 'refuse',
    values: ['refuse', 'accept'],
    decides: 'a batch of more than 20 entries',
    source: 'the limit stands in prose only',
  },
  grantsSurviveTableDrop: {
    default: false,
    values: [true, false],
    decides: 'whether grants outlive the table or database they were made on',
    source: 'not documented',
  },
  missingObjectListError: {
    default: 'AccessDeniedException',
    values: ['AccessDeniedException', 'EntityNotFoundException'],
    decides: 'ListPermissions on a database or table that does not exist',
    source: `${terraform}/38982`,
  },
  unknownAccounts: {
    default: 'refuse',
    values: ['refuse', 'accept'],
    decides: 'a principal in an account that the seed does not have',
    source: 'ours',
  },
  defaultCrossAccountVersion: {
    default: '3',
    values: ['1', '2', '3', '4', '5'],
    decides: 'CROSS_ACCOUNT_VERSION of an account whose settings name none',
    source: `not stated: ${guide}/optimize-ram.html`,
  },
  brokenExpressions: {
    default: 'refuse',
    values: ['refuse', 'accept'],
    decides:
      'whether a row predicate that Lake Formation cannot evaluate, or a condition that is no Cedar, is refused when it is written',
    source: `${guide}/partiql-support.html and ${guide}/attribute-based-access-control.html say what is supported, not when it is checked`,
  },
  naturalConflicts: {
    default: true,
    values: [true, false],
    decides: 'whether writes for one principal that overlap in time conflict',
    source: 'https://github.com/data-dot-all/dataall/issues/1572',
  },
  pageCuts: {
    default: 'mild',
    values: ['none', 'mild', 'wild'],
    decides: 'whether pages come full, now and then short or empty, or mostly so',
    source: 'https://github.com/boto/boto3/issues/3425, https://github.com/aws/aws-sdk-js/issues/4583',
  },
  defaultPageSize: {
    default: 100,
    values: 'count',
    decides: 'rows on a page when MaxResults is absent',
    source: 'not documented',
  },
  tokenSeconds: {
    default: 900,
    values: 'count',
    decides: 'seconds for which a NextToken is good',
    source: 'aws-cli example list-permissions shows a token with an expiry; its length is not documented',
  },
  ...sharingSwitches,
} as const satisfies Readonly<Record<string, Switch>>;
