import { type Principal, toPrincipal } from '../core/principal.ts';
import type { Account, Mesh } from '../declare/files.ts';

/** The files that give principals their names: of a declaration, or of an older state of it. */
export interface Named {
  readonly mesh: { readonly value: Pick<Mesh, 'principals'> };
  readonly accounts: ReadonlyMap<string, { readonly value: Pick<Account, 'id' | 'principals'> }>;
}

/** The principals that names stand for, seen from an account: its own names first, then those of mesh.yaml; without names, the account itself. */
export function principalsFrom(
  declaration: Named,
  account: string,
  names: readonly string[] | undefined,
): readonly Principal[] {
  const file = declaration.accounts.get(account)?.value;
  if (names === undefined) return file === undefined ? [] : [toPrincipal(file.id)];
  return names.flatMap((name) => {
    const identifier = named(file?.principals, name) ?? named(declaration.mesh.value.principals, name);
    return identifier === undefined ? [] : [toPrincipal(identifier)];
  });
}

function named(principals: Readonly<Record<string, string>> | undefined, name: string): string | undefined {
  return principals !== undefined && Object.hasOwn(principals, name) ? principals[name] : undefined;
}

/** The principals that mesh.yaml's grants name: its own, `<account>`, or `<account>/<principal>`. */
export function meshPrincipals(declaration: Named, names: readonly string[]): readonly Principal[] {
  return names.flatMap((name) => {
    const identifier = named(declaration.mesh.value.principals, name);
    if (identifier !== undefined) return [toPrincipal(identifier)];
    const [account = '', principal] = name.split('/');
    return principalsFrom(declaration, account, principal === undefined ? undefined : [principal]);
  });
}

/** The principals that mesh.yaml protects. */
export function protectedIn(mesh: Pick<Mesh, 'protected' | 'principals'>): readonly string[] {
  return (mesh.protected ?? []).map((name) => toPrincipal(mesh.principals?.[name] ?? name).id);
}
