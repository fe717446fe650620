import type { KnownError } from './known-error.ts';

const guide = 'https://docs.aws.amazon.com/lake-formation/latest/dg';
const github = 'https://github.com';
const terraform = 'https://github.com/hashicorp/terraform-provider-aws';

/** Refusals for want of a right, known by their text. */
export const denied: readonly KnownError[] = [
  {
    id: 'settings-denied',
    codes: ['AccessDeniedException', 'AccessDenied'],
    texts: [['perform: lakeformation:PutDataLakeSettings']],
    means: 'the role may not change the data lake settings',
    cause:
      'the managed policy AWSLakeFormationDataAdmin denies PutDataLakeSettings explicitly, and a deny outweighs every allow; or no policy allows it',
    remedy:
      'change the settings as another data lake administrator, or take AWSLakeFormationDataAdmin off the role; Meshgate itself never writes settings',
    source: `${guide}/permissions-reference.html`,
  },
  {
    id: 'explicit-deny',
    codes: [],
    texts: [['is not authorized to perform', 'explicit deny']],
    means: 'a policy denies the role this action, whatever others allow',
    cause: 'a Deny in a policy of the role, in its permissions boundary, or in a service control policy',
    remedy: 'find the kind of policy that the text names, and take the action out of its Deny',
    source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html',
  },
  {
    id: 'iam-denied',
    codes: [],
    texts: [['is not authorized to perform']],
    means: 'IAM does not allow the role this action',
    cause: 'no policy of the role allows the action that the text names',
    remedy: 'allow the role the action that the text names; `meshgate doctor` lists all that Meshgate needs',
    source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html',
  },
  {
    id: 'illegal-combination',
    codes: [],
    texts: [['Illegal combination']],
    means: 'Lake Formation shares nothing with another account while IAM_ALLOWED_PRINCIPALS holds it',
    cause: 'IAM_ALLOWED_PRINCIPALS still has permissions on the table or its database',
    remedy:
      'give everyone who needs access a grant of their own, and say `iamAllowedPrincipals: revoke` in the product file; or `hybrid`, which takes cross-account version 4, and a database and tables in a location with hybrid access',
    source: `${guide}/cross-account-prereqs.html`,
  },
  {
    id: 'lake-formation-denied',
    codes: [],
    texts: [['Insufficient Lake Formation permission']],
    means: 'IAM allows the call, and Lake Formation does not',
    cause:
      'the role lacks the Lake Formation permission that the text names; an administrator does not hold ALTER or DROP on what others created',
    remedy: 'grant the role that permission on the object that the text names',
    source: `${terraform}/pull/49953`,
  },
  {
    id: 'glue-share-not-live',
    codes: [],
    texts: [['Insufficient Glue permissions']],
    means: 'what was shared is not there yet for the account that was to get it',
    cause:
      'the RAM invitation is not accepted, a share needs some minutes, or the catalog has a resource policy that does not let RAM share',
    remedy:
      'accept the invitation in the receiving account, wait some minutes, and look at what `meshgate doctor` says of the resource policy',
    source: `${github}/data-dot-all/dataall/pull/579`,
  },
  {
    id: 'hidden-or-missing',
    codes: [],
    texts: [
      ['Resource does not exist or requester is not authorized'],
      ['is not authorized to access requested permissions'],
    ],
    means: 'the object is not there, or the role may not know of it; AWS does not say which',
    cause: 'the role is no data lake administrator, or a name is misspelt or gone',
    remedy:
      'make the role a data lake administrator (`meshgate doctor` prints the command), and check the name in the catalog',
    source: `${terraform}/issues/38982`,
  },
  {
    id: 'share-not-authorized',
    codes: [],
    texts: [['caller was not authorized']],
    means: 'RAM could not attach what was granted to its share',
    cause: 'the role lacks glue:PutResourcePolicy or ram:AssociateResourceShare',
    remedy:
      'attach the managed policy AWSLakeFormationCrossAccountManager to the role; the next apply has RAM try again',
    source: `${guide}/troubleshooting.html`,
  },
];
