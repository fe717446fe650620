import { toPrincipal } from '../../core/principal.ts';
import type { Place, Problem } from '../../core/problem.ts';
import { didYouMean, listed } from '../closest.ts';
import { type Draft, nothing } from '../draft.ts';
import type { Joined } from '../entries.ts';
import { lookUpPrincipal, principalNames } from '../principal-names.ts';

/** Names of principals mean something where they are used. */
export function checkPrincipals(mesh: Joined): readonly Problem[] {
  const problems: Problem[] = [...checkMeshNames(mesh), ...checkPublicReader(mesh)];
  for (const { value, consumer, at } of mesh.subscriptions.values()) {
    value.principals?.forEach((name, index) => {
      if (lookUpPrincipal(mesh, consumer, name) === 'unknown')
        problems.push(unknown(name, principalNames(mesh, consumer), at(['principals', index])));
    });
  }
  for (const { value, at } of mesh.products.values()) {
    for (const [grant, { principals = [] }] of (value.grants ?? []).entries()) {
      for (const [index, name] of principals.entries()) {
        const place = at(['grants', grant, 'principals', index]);
        problems.push(...checkProducers(mesh, value.producer, { name, place }));
      }
    }
  }
  return problems;
}

interface Used {
  readonly name: string;
  readonly place: Place;
}

function checkProducers(mesh: Draft, producer: string, { name, place }: Used): readonly Problem[] {
  const found = lookUpPrincipal(mesh, producer, name);
  if (found === 'unknown') return [unknown(name, principalNames(mesh, producer), place)];
  const central = mesh.mesh?.value.central.account;
  if (found === 'undecided' || !found.isCentral || found.principal.account === central) return [];
  // Identity Center identifiers name no account; they belong to the central account's own instance.
  if (found.principal.kind.startsWith('identity-center')) return [];
  const message = `"${name}" belongs neither to the producer nor to the central account`;
  return [{ code: 'FOREIGN_PRINCIPAL', message, hint: 'others get access through a subscription', place }];
}

function checkMeshNames(mesh: Draft): readonly Problem[] {
  const root = mesh.mesh;
  if (root === undefined) return [];
  const own = root.value.principals ?? nothing;
  const problems: Problem[] = [];
  root.value.protected?.forEach((text, index) => {
    if (own[text] !== undefined || toPrincipal(text).kind !== 'other') return;
    problems.push(unknown(text, Object.keys(own), root.at(['protected', index])));
  });
  root.value.grants?.forEach(({ principals }, grant) => {
    principals.forEach((name, index) => {
      const place = root.at(['grants', grant, 'principals', index]);
      if (own[name] === undefined) problems.push(...checkAccountName(mesh, { name, place }));
    });
  });
  return problems;
}

function checkAccountName(mesh: Draft, { name, place }: Used): readonly Problem[] {
  const [account = '', principal] = name.split('/', 2);
  if (mesh.unsound.accounts.has(account)) return [];
  const own = mesh.accounts.get(account)?.value.principals ?? nothing;
  if (mesh.accounts.has(account) && (principal === undefined || own[principal] !== undefined)) return [];
  const candidates = [
    ...Object.keys(mesh.mesh?.value.principals ?? nothing),
    ...mesh.accounts.keys(),
    ...Object.keys(own).map((one) => `${account}/${one}`),
  ];
  return [unknown(name, candidates, place)];
}

function checkPublicReader(mesh: Draft): readonly Problem[] {
  const root = mesh.mesh;
  if (root === undefined) return [];
  const { publicReader, principals = nothing } = root.value;
  if (publicReader !== undefined) {
    return principals[publicReader] === undefined
      ? [unknown(publicReader, Object.keys(principals), root.at(['publicReader']))]
      : [];
  }
  const hint = `add publicReader: to ${root.file}, the name of one of its principals`;
  return [...mesh.products.values()]
    .filter((product) => product.value.visibility === 'public')
    .map((product) => ({
      code: 'NO_PUBLIC_READER',
      message: 'the product is public, but the mesh names no public reader',
      hint,
      place: product.at(['visibility']),
    }));
}

function unknown(name: string, names: readonly string[], place: Place): Problem {
  const hint = didYouMean(
    name,
    names,
    `there are ${listed(names, 'none; name it in the account file or in mesh.yaml')}`,
  );
  return { code: 'UNKNOWN_PRINCIPAL', message: `there is no principal "${name}" here`, hint, place };
}
