/** A principal as Lake Formation tells them apart, with the text it is stored under. */
export type Principal =
  | { readonly kind: 'iam'; readonly text: string; readonly account: string }
  | { readonly kind: 'account'; readonly text: string; readonly account: string }
  | { readonly kind: 'iam-principals'; readonly text: string; readonly account: string }
  | { readonly kind: 'organization'; readonly text: string; readonly account: string }
  | { readonly kind: 'federated'; readonly text: string; readonly account: string }
  | { readonly kind: 'identity-center-user'; readonly text: string }
  | { readonly kind: 'identity-center-group'; readonly text: string }
  | { readonly kind: 'iam-allowed-principals'; readonly text: string };

/** The literal by which the API names the group IAMAllowedPrincipals. */
export const iamAllowedPrincipals = 'IAM_ALLOWED_PRINCIPALS';

const partition = 'arn:aws(?:-[a-z-]+)?';
const forms: readonly (readonly [Principal['kind'], RegExp])[] = [
  ['iam', new RegExp(`^${partition}:iam::(\\d{12}):(?:role|user)/[\\w+=,.@/-]+$`)],
  ['account', /^(\d{12})$/],
  ['iam-principals', /^(\d{12}):IAMPrincipals$/],
  [
    'organization',
    new RegExp(`^${partition}:organizations::(\\d{12}):(?:organization/o-[a-z0-9]+|ou/o-[a-z0-9]+/ou-[a-z0-9-]+)$`),
  ],
  ['federated', new RegExp(`^${partition}:iam::(\\d{12}):saml-provider/[^:]+:(?:user|group)/.+$`)],
  ['federated', new RegExp(`^${partition}:quicksight:[a-z0-9-]+:(\\d{12}):(?:user|group)/.+$`)],
  ['identity-center-user', new RegExp(`^${partition}:identitystore:::user/.+$`)],
  ['identity-center-group', new RegExp(`^${partition}:identitystore:::group/.+$`)],
];

/**
 * The principal a text names, or undefined for a text that is no principal.
 * Forms: https://docs.aws.amazon.com/lake-formation/latest/dg/cross-account-permissions.html and
 * https://docs.aws.amazon.com/lake-formation/latest/dg/granting-catalog-permissions.html; EVERYONE is an alias seen
 * in https://github.com/data-dot-all/dataall/issues/588.
 */
export function parsePrincipal(text: string): Principal | undefined {
  if (text === iamAllowedPrincipals || text === 'EVERYONE') {
    return { kind: 'iam-allowed-principals', text: iamAllowedPrincipals };
  }
  for (const [kind, form] of forms) {
    const found = form.exec(text);
    if (found) return (found[1] === undefined ? { kind, text } : { kind, text, account: found[1] }) as Principal;
  }
  return undefined;
}

/** The account a principal lives in, or undefined where it has none. */
export function accountOf(principal: Principal): string | undefined {
  return 'account' in principal ? principal.account : undefined;
}

/** Says whether a grant by an account to this principal leaves the account. */
export function isExternal(principal: Principal, account: string): boolean {
  if (principal.kind === 'organization') return true;
  const home = accountOf(principal);
  return home !== undefined && home !== account;
}
