/**
 * The form of a login at GitHub: letters, digits and hyphens; of a managed user, an underscore and the short code of the
 * enterprise behind
 * (https://docs.github.com/en/enterprise-cloud@latest/admin/managing-iam/iam-configuration-reference/username-considerations-for-external-authentication).
 */
const form = /^[A-Za-z0-9](?:[A-Za-z0-9_-]{0,37}[A-Za-z0-9])?$/;

/** Whether a text is a login. */
export function isLogin(text: string): boolean {
  return form.test(text);
}

/** The parts of `LOGIN:ID`; undefined for another text. */
export function loginWithId(text: string): { readonly login: string; readonly id: number } | undefined {
  const [, login = '', id] = /^([^:]*):([1-9]\d{0,15})$/.exec(text) ?? [];
  return isLogin(login) ? { login, id: Number(id) } : undefined;
}
