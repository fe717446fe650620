/** What kind of principal an identifier names. */
export type PrincipalKind =
  | 'account'
  | 'iam-role'
  | 'iam-user'
  | 'saml-user'
  | 'saml-group'
  | 'identity-center-user'
  | 'identity-center-group'
  | 'organization'
  | 'organizational-unit'
  | 'all-iam-principals'
  | 'iam-allowed-principals'
  | 'other';

/** A principal in canonical form: two spellings of one principal have the same `id`. */
export interface Principal {
  readonly id: string;
  readonly kind: PrincipalKind;
  /** The AWS account the principal belongs to, where its identifier says so. */
  readonly account?: string;
}

/** The group that stands for "IAM alone decides". */
export const iamAllowedPrincipals = 'IAM_ALLOWED_PRINCIPALS';

const iam = 'arn:aws[a-z-]*:iam::([0-9]{12}):';
const organizations = 'arn:aws[a-z-]*:organizations::([0-9]{12}):';

// Source: https://docs.aws.amazon.com/lake-formation/latest/dg/granting-catalog-permissions.html
// and https://docs.aws.amazon.com/lake-formation/latest/dg/cross-account-permissions.html.
const forms: readonly (readonly [PrincipalKind, RegExp])[] = [
  ['account', /^([0-9]{12})$/],
  ['all-iam-principals', /^([0-9]{12}):IAMPrincipals$/],
  ['iam-role', new RegExp(`^${iam}role/[\\w+=,.@/-]+$`)],
  ['iam-user', new RegExp(`^${iam}user/[\\w+=,.@/-]+$`)],
  ['saml-user', new RegExp(`^${iam}saml-provider/[\\w.-]+:user/.+$`)],
  ['saml-group', new RegExp(`^${iam}saml-provider/[\\w.-]+:group/.+$`)],
  ['identity-center-user', /^arn:aws[a-z-]*:identitystore:::user\/[0-9a-f-]+$/],
  ['identity-center-group', /^arn:aws[a-z-]*:identitystore:::group\/[0-9a-f-]+$/],
  ['organization', new RegExp(`^${organizations}organization/o-[a-z0-9]{10,32}$`)],
  ['organizational-unit', new RegExp(`^${organizations}ou/o-[a-z0-9]{10,32}/ou-[a-z0-9-]+$`)],
];

/** Puts an identifier in canonical form; one in no known form is kept word for word, as kind `other`. */
export function toPrincipal(identifier: string): Principal {
  // EVERYONE is an alias seen in requests; an account's root ARN means the account.
  if (identifier === iamAllowedPrincipals || identifier === 'EVERYONE')
    return { id: iamAllowedPrincipals, kind: 'iam-allowed-principals' };
  const root = /^arn:aws[a-z-]*:iam::([0-9]{12}):root$/.exec(identifier)?.[1];
  if (root !== undefined) return { id: root, kind: 'account', account: root };
  for (const [kind, form] of forms) {
    const match = form.exec(identifier);
    if (match === null) continue;
    const account = match[1];
    // An organization's ARN holds the management account, to which it does not belong.
    const belongs = account !== undefined && !kind.startsWith('organization');
    return belongs ? { id: identifier, kind, account } : { id: identifier, kind };
  }
  return { id: identifier, kind: 'other' };
}

/** Whether a text is an AWS account's id. */
export function isAccountId(text: string): boolean {
  return toPrincipal(text).kind === 'account' && text === toPrincipal(text).id;
}

/** Whether the principal is an account, an organization or an OU, which pass permissions on to their own people. */
export function passesOn(principal: Principal): boolean {
  return principal.kind === 'account' || principal.kind === 'organization' || principal.kind === 'organizational-unit';
}

/** Whether Lake Formation refuses this principal the grant option: an IAM principal outside the catalog's account. */
export function isForeignIamPrincipal(principal: Principal, catalogAccount: string): boolean {
  return principal.account !== undefined && principal.account !== catalogAccount && principal.kind !== 'account';
}

/** Whether the principal is a service-linked role. */
export function isServiceLinked(principal: Principal): boolean {
  return principal.kind === 'iam-role' && principal.id.includes(':role/aws-service-role/');
}

/**
 * Whether a caller's ARN, of a role or of a session of one, is this principal. A session's ARN does
 * not hold the role's path, so roles are compared by account and name
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html).
 */
export function isCaller(callerArn: string, principal: string): boolean {
  if (callerArn === principal) return true;
  const session = /^arn:aws[a-z-]*:sts::([0-9]{12}):assumed-role\/([^/]+)\//.exec(callerArn);
  const role = /^arn:aws[a-z-]*:iam::([0-9]{12}):role\/(?:.*\/)?([^/]+)$/.exec(principal);
  return session !== null && role !== null && session[1] === role[1] && session[2] === role[2];
}

/** Who calls, whatever the session: the role of one that was taken on, else the caller. */
export function roleOf(callerArn: string): string {
  return callerArn.replace(/^(arn:aws[a-z-]*:sts::[0-9]{12}:assumed-role\/[^/]+)\/.*$/, '$1');
}
