/**
 * The IAM actions that Meshgate needs, by what needs them. `doctor` looks for them, `bootstrap` gives them to its roles,
 * the README lists them, and tests hold them equal to the calls that the code makes.
 */

/** What plan and drift call. */
export const readActions: readonly string[] = [
  'lakeformation:ListPermissions',
  'lakeformation:GetDataLakeSettings',
  'lakeformation:ListDataCellsFilter',
  'glue:GetDatabase',
  'glue:GetTables',
];

/** What apply calls besides, and can be tried without changing anything. */
export const grantorReads: readonly string[] = ['glue:GetTable', 'glue:GetCatalog'];

/** What doctor reads besides. */
export const doctorReads: readonly string[] = [
  'lakeformation:ListResources',
  'glue:GetResourcePolicy',
  'glue:GetResourcePolicies',
  'glue:GetDataCatalogEncryptionSettings',
];

/** What doctor asks IAM about the roles of Meshgate itself: whom they trust, and what their policies come to. */
export const roleReads: readonly string[] = ['iam:GetRole', 'iam:SimulatePrincipalPolicy'];

/** What import reads besides. */
export const importReads: readonly string[] = ['glue:GetDatabases'];

/** What apply calls besides, and changes something. */
export const writeActions: readonly string[] = [
  'lakeformation:GrantPermissions',
  'lakeformation:RevokePermissions',
  'lakeformation:BatchGrantPermissions',
  'lakeformation:BatchRevokePermissions',
  'lakeformation:CreateDataCellsFilter',
  'lakeformation:UpdateDataCellsFilter',
  'lakeformation:DeleteDataCellsFilter',
];

/** What apply calls where the mesh keeps parameters on databases. */
export const parameterActions: readonly string[] = ['glue:UpdateDatabase'];

/** What is read, and what is called, where products have hybrid access. */
export const optInReads: readonly string[] = ['lakeformation:ListLakeFormationOptIns'];
export const optInActions: readonly string[] = [
  'lakeformation:CreateLakeFormationOptIn',
  'lakeformation:DeleteLakeFormationOptIn',
];

/** What Lake Formation calls in the caller's name to share with another account: https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSLakeFormationCrossAccountManager.html. */
export const shareActions: readonly string[] = [
  'ram:CreateResourceShare',
  'ram:AssociateResourceShare',
  'ram:DisassociateResourceShare',
  'ram:UpdateResourceShare',
  'ram:DeleteResourceShare',
  'glue:PutResourcePolicy',
];

/** What is read to see whether RAM brings other accounts what they are given. */
export const shareReads: readonly string[] = ['ram:GetResourceShares', 'ram:GetResourceShareAssociations'];

/** What is called to put an account, or a resource, back on a share of Lake Formation. */
export const mendActions: readonly string[] = ['ram:AssociateResourceShare', 'ram:DisassociateResourceShare'];

/** What accepting a share and keeping resource links call in another account than the central one. */
export const linkActions: readonly string[] = ['glue:CreateDatabase', 'glue:DeleteDatabase'];

/** What is read, and what is called, to accept the invitations of RAM. */
export const invitationReads: readonly string[] = [
  'ram:GetResourceShareInvitations',
  'ram:ListPendingInvitationResources',
  'ram:ListResources',
];
export const acceptActions: readonly string[] = ['ram:AcceptResourceShareInvitation'];

/** What whoever reads the public products' metadata calls: nothing of it reads data. */
export const metadataReads: readonly string[] = [
  'glue:GetDatabase',
  'glue:GetDatabases',
  'glue:GetTable',
  'glue:GetTables',
  'glue:SearchTables',
];
