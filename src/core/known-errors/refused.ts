import type { KnownError } from './known-error.ts';

const guide = 'https://docs.aws.amazon.com/lake-formation/latest/dg';
const github = 'https://github.com';
const terraform = 'https://github.com/hashicorp/terraform-provider-aws';

/** Refusals of what was asked for, known by their text. */
export const refused: readonly KnownError[] = [
  {
    id: 'organization',
    codes: [],
    texts: [['Organization ', ' not found'], ['Access denied to retrieve AWS Organization']],
    means: 'the organization or OU cannot be used as a principal',
    cause: 'sharing with the organization is not enabled in RAM, or its ARN is wrong',
    remedy:
      'run `aws ram enable-sharing-with-aws-organization` in the management account, and check the ARN with `aws organizations describe-organization`',
    source: `${guide}/cross-account-prereqs.html`,
  },
  {
    id: 'nothing-revoked',
    codes: [],
    texts: [['No permissions revoked']],
    means: 'there was nothing to revoke: the principal does not hold this',
    cause:
      "somebody else revoked it, the row is implicit (an administrator's), or it was spelled otherwise when it was granted",
    remedy: 'nothing: Meshgate takes it for done, and reads back what is there',
    source: `${github}/data-dot-all/dataall/issues/588`,
  },
  {
    id: 'grantee-lag',
    codes: [],
    texts: [['Grantee has no permissions']],
    means: 'Lake Formation does not see yet what was granted before',
    cause: 'a grant takes a moment to spread',
    remedy: 'run again in a minute',
    source: `${terraform}/blob/main/internal/service/lakeformation/permissions.go`,
  },
  {
    id: 'dead-administrator',
    codes: [],
    texts: [['Invalid principal, arn:']],
    means: 'a principal in the data lake settings does not exist',
    cause:
      'a role was deleted while it was a data lake administrator; one such entry blocks every change of the settings',
    remedy: 'put the settings again without that ARN, and without every other that is gone, in one call',
    source: `${github}/aws/aws-cdk/issues/19492`,
  },
  {
    id: 'invalid-principal',
    codes: [],
    texts: [['Invalid principal']],
    means: 'Lake Formation does not know the principal',
    cause: 'the role or user was deleted or misspelt, or was made less than two minutes ago and IAM has not spread it',
    remedy: 'check that it exists (`aws iam get-role`), correct the account file, or run again in two minutes',
    source: `${terraform}/blob/main/internal/service/lakeformation/permissions.go`,
  },
  {
    id: 'location-not-registered',
    codes: [],
    texts: [['register the S3 path']],
    means: 'the S3 path is not registered with Lake Formation',
    cause: 'it never was, or was a moment ago',
    remedy: 'register it: `aws lakeformation register-resource --use-service-linked-role --resource-arn ARN`',
    source: `${terraform}/blob/main/internal/service/lakeformation/permissions.go`,
  },
  {
    id: 'columns-clash',
    codes: [],
    texts: [['Permissions modification is invalid']],
    means: 'what is asked for and what the principal holds on this table exclude each other',
    cause: 'SELECT on all columns beside SELECT on some, or a column list beside ALTER, DROP, DELETE or INSERT',
    remedy:
      'look at what the principal holds on the table (`meshgate plan --verbose`), and revoke what no file asks for',
    source: `${github}/aws-samples/sample-apache-ranger-to-lake-formation-converter`,
  },
  {
    id: 'permissions-not-valid',
    codes: [],
    texts: [['Permissions [', 'not valid'], ['Invalid permission']],
    means: 'this permission does not exist on this kind of resource',
    cause: 'the two do not go together, such as CREATE_TABLE on a table, or anything but SELECT on columns',
    remedy:
      'ask for a permission of the table on https://docs.aws.amazon.com/lake-formation/latest/dg/lf-permissions-reference.html',
    source: `${github}/boto/boto3/issues/2894`,
  },
  {
    id: 'consumer-version',
    codes: [],
    texts: [['Consumer account has opt-in to cross account version']],
    means: 'the receiving account uses a newer way of sharing LF-Tag permissions than the central one',
    cause: 'the central account has a cross-account version below 3',
    remedy: "raise CROSS_ACCOUNT_VERSION in the central account's settings; `meshgate doctor` prints the command",
    source: `${guide}/optimize-ram.html`,
  },
  {
    id: 'missing-column',
    codes: [],
    texts: [['non-existent column']],
    means: 'a column of the list is not in the table',
    cause: 'the table lost it, or renamed it',
    remedy: 'take the column out of the product file and of the subscriptions that name it',
    source: `${terraform}/blob/main/internal/service/lakeformation/permissions.go`,
  },
  {
    id: 'missing-filter',
    codes: [],
    texts: [['Cell Filter not found']],
    means: 'the data cells filter is not there',
    cause: 'somebody deleted it, or it was not made',
    remedy: 'run `meshgate apply` again, which makes it',
    source: `${terraform}/blob/main/internal/service/lakeformation/permissions.go`,
  },
  {
    id: 'identity-center-user',
    codes: [],
    texts: [['AccountId cannot be null or empty']],
    means: 'Lake Formation cannot list by this principal',
    cause: 'an Identity Center user was named in a listing',
    remedy: 'list without a principal and look for it there, as Meshgate does',
    source: `${terraform}/issues/49319`,
  },
  {
    id: 'principal-without-resource',
    codes: [],
    texts: [['Resource is mandatory if Principal is set']],
    means: 'Lake Formation lists by resource, not by principal alone',
    cause: 'ListPermissions was asked with a principal and no resource',
    remedy: 'leave the principal out and look for it in the answer',
    source: `${github}/turbot/steampipe-plugin-aws`,
  },
  {
    id: 'no-resource',
    codes: [],
    texts: [['either the catalog, table or database field populated']],
    means: 'the call names no resource that it can work on',
    cause: 'the resource is empty, or TableWithColumns was used in a listing',
    remedy: 'name a catalog, database or table',
    source: `${guide}/logging-using-cloudtrail.html`,
  },
  {
    id: 'tag-exists',
    codes: [],
    texts: [['Tag key already exists']],
    means: 'there is an LF-Tag of this key already',
    cause: 'it was made before, by this run or by somebody else',
    remedy: 'add the values to it: `aws lakeformation update-lf-tag`',
    source: `${github}/aws-samples/aws-data-mesh-utils`,
  },
];
