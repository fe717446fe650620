import { isServiceLinked, type Principal, toPrincipal } from '../../core/principal.ts';
import type { Problem } from '../../core/problem.ts';
import type { Sound } from '../draft.ts';
import type { Joined } from '../entries.ts';
import { placeText, quoted } from '../wording.ts';

interface Named {
  readonly name: string;
  readonly identifier: string;
  readonly principal: Principal;
  readonly file: Sound<unknown>;
}

/** Identifiers of principals have a known form, stand in the right file, and have one name. */
export function checkIdentifiers(mesh: Joined): readonly Problem[] {
  const central = mesh.mesh?.value.central.account;
  const inMesh = mesh.mesh === undefined ? [] : namedIn(mesh.mesh);
  const problems = inMesh.flatMap((named) =>
    problemOf(named, central === undefined ? undefined : wrongForMesh(named, central)),
  );
  const inAccounts: Named[] = [];
  for (const [name, account] of mesh.accounts) {
    const named = namedIn(account);
    inAccounts.push(...named);
    for (const one of named)
      problems.push(...problemOf(one, wrongForAccount(one, { name, id: account.value.id, central })));
    for (const one of named) if (inMesh.some((other) => other.name === one.name)) problems.push(ambiguous(one));
  }
  return [...problems, ...namedTwice(mesh, [...inMesh, ...inAccounts])];
}

function namedIn(file: Sound<{ readonly principals?: Readonly<Record<string, string>> }>): readonly Named[] {
  const { principals = {} } = file.value;
  return Object.entries(principals).map(([name, identifier]) => ({
    name,
    identifier,
    principal: toPrincipal(identifier),
    file,
  }));
}

type Wrong = Omit<Problem, 'place'> | undefined;

function problemOf({ identifier, principal, name, file }: Named, misplaced: Wrong): readonly Problem[] {
  const wrong = wrongForm(identifier, principal) ?? misplaced;
  return wrong === undefined ? [] : [{ ...wrong, place: file.at(['principals', name]) }];
}

function wrongForm(identifier: string, principal: Principal): Wrong {
  if (principal.kind === 'iam-allowed-principals') {
    const hint = 'Meshgate gives nothing to this group, and reports where it defeats the mesh';
    return { code: 'EVERYONE_REFUSED', message: `${quoted(identifier)} stands for everyone whom IAM lets in`, hint };
  }
  if (principal.kind === 'other') {
    const hint =
      'write the ARN of an IAM role or user, of a SAML or Identity Center user or group, of an organization or OU, or <account>:IAMPrincipals';
    return { code: 'BAD_PRINCIPAL', message: `${quoted(identifier)} has the form of no principal`, hint };
  }
  if (isServiceLinked(principal)) {
    return {
      code: 'BAD_PRINCIPAL',
      message: `${quoted(identifier)} is a service-linked role`,
      hint: 'AWS manages what it may do',
    };
  }
  return undefined;
}

function wrongForMesh({ identifier, principal }: Named, central: string): Wrong {
  const { account, kind } = principal;
  if (account === undefined || account === central || kind.startsWith('saml')) return undefined;
  const hint =
    'name it in the file of that account; mesh.yaml has those of the central account and those of no account';
  return {
    code: 'WRONG_ACCOUNT',
    message: `${quoted(identifier)} belongs to the account ${account}, not to the central account ${central}`,
    hint,
  };
}

interface Owner {
  readonly name: string;
  readonly id: string;
  readonly central: string | undefined;
}

function wrongForAccount({ identifier, principal }: Named, { name, id, central }: Owner): Wrong {
  if (principal.account === undefined || principal.account === id) return undefined;
  const hint =
    principal.account === central ? 'name it in the principals of mesh.yaml' : 'name it in the file of that account';
  return {
    code: 'WRONG_ACCOUNT',
    message: `${quoted(identifier)} belongs to the account ${principal.account}, not to "${name}" (${id})`,
    hint,
  };
}

function ambiguous({ name, file }: Named): Problem {
  return {
    code: 'AMBIGUOUS_NAME',
    message: `mesh.yaml has a principal named "${name}", too`,
    hint: 'give one of them another name',
    place: file.keyAt(['principals', name]),
  };
}

function namedTwice({ accounts }: Joined, all: readonly Named[]): readonly Problem[] {
  const first = new Map<string, string>();
  for (const [name, account] of accounts)
    first.set(account.value.id, `the account "${name}" itself (${placeText(account.at(['id']))})`);
  const problems: Problem[] = [];
  for (const { principal, name, file, identifier } of all) {
    if (principal.kind === 'other' || principal.kind === 'iam-allowed-principals') continue;
    const other = first.get(principal.id);
    const place = file.at(['principals', name]);
    if (other === undefined) first.set(principal.id, `"${name}" (${placeText(place)})`);
    else
      problems.push({
        code: 'PRINCIPAL_TWICE',
        message: `${quoted(identifier)} is already named ${other}`,
        hint: 'one principal has one name',
        place,
      });
  }
  return problems;
}
