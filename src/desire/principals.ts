import { type Principal, toPrincipal } from '../core/principal.ts';
import type { Declaration } from '../declare/declaration.ts';

/** The principals that names stand for, seen from an account: its own names first, then those of mesh.yaml; without names, the account itself. */
export function principalsFrom(
  declaration: Declaration,
  account: string,
  names: readonly string[] | undefined,
): readonly Principal[] {
  const file = declaration.accounts.get(account)?.value;
  const own = new Map(Object.entries(file?.principals ?? {}));
  const shared = new Map(Object.entries(declaration.mesh.value.principals ?? {}));
  if (names === undefined) return file === undefined ? [] : [toPrincipal(file.id)];
  return names.flatMap((name) => {
    const identifier = own.get(name) ?? shared.get(name);
    return identifier === undefined ? [] : [toPrincipal(identifier)];
  });
}

/** The principals that mesh.yaml's grants name: its own, `<account>`, or `<account>/<principal>`. */
export function meshPrincipals(declaration: Declaration, names: readonly string[]): readonly Principal[] {
  const shared = new Map(Object.entries(declaration.mesh.value.principals ?? {}));
  return names.flatMap((name) => {
    const identifier = shared.get(name);
    if (identifier !== undefined) return [toPrincipal(identifier)];
    const [account = '', principal] = name.split('/');
    return principalsFrom(declaration, account, principal === undefined ? undefined : [principal]);
  });
}
