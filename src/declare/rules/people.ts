import type { Problem } from '../../core/problem.ts';
import type { Sound } from '../draft.ts';
import type { Joined } from '../entries.ts';
import type { Mesh, Person } from '../files.ts';
import type { Path } from '../positions.ts';
import { placeText } from '../wording.ts';

interface Mention extends Person {
  readonly file: Sound<unknown>;
  readonly path: Path;
}

/** A login has one id, an id has one login, and a list names a person once. */
export function checkPeople({ mesh, accounts, products }: Joined): readonly Problem[] {
  const mentions = [
    ...(mesh === undefined ? [] : mentionsIn(mesh, ['administrators'], mesh.value.administrators)),
    ...(mesh === undefined ? [] : approversIn(mesh)),
    ...[...accounts.values()].flatMap((account) => mentionsIn(account, ['owners'], account.value.owners)),
    ...[...products.values()].flatMap((product) => mentionsIn(product, ['owners'], product.value.owners ?? [])),
  ];
  const byLogin = new Map<string, Mention>();
  const byId = new Map<number, Mention>();
  const inList = new Set<string>();
  const problems: Problem[] = [];
  for (const mention of mentions) {
    // GitHub's logins do not differ by case alone.
    const login = mention.login.toLowerCase();
    const other = byLogin.get(login) ?? mention;
    const namesake = byId.get(mention.id) ?? mention;
    const key = `${mention.file.path} ${mention.path.slice(0, -1).join('.')} ${mention.id}`;
    if (other.id !== mention.id) problems.push(conflict(mention, `"${mention.login}" has the id ${other.id}`, other));
    else if (namesake.login.toLowerCase() !== login)
      problems.push(conflict(mention, `${mention.id} is the id of "${namesake.login}"`, namesake));
    else if (inList.has(key)) problems.push(twice(mention));
    inList.add(key);
    if (!byLogin.has(login)) byLogin.set(login, mention);
    if (!byId.has(mention.id)) byId.set(mention.id, mention);
  }
  return problems;
}

function approversIn(mesh: Sound<Mesh>): readonly Mention[] {
  return (mesh.value.classes ?? []).flatMap(({ alsoApprovedBy }, index) =>
    mentionsIn(mesh, ['classes', index, 'alsoApprovedBy', 'people'], alsoApprovedBy?.people ?? []),
  );
}

function mentionsIn(file: Sound<unknown>, list: Path, people: readonly Person[]): readonly Mention[] {
  return people.map((person, index) => ({ ...person, file, path: [...list, index] }));
}

function conflict({ file, path }: Mention, message: string, other: Mention): Problem {
  const hint = 'ask GitHub: gh api users/LOGIN --jq .id';
  return {
    code: 'OWNER_CONFLICT',
    message: `${message} at ${placeText(other.file.at(other.path))}`,
    hint,
    place: file.at(path),
  };
}

function twice({ login, file, path }: Mention): Problem {
  return {
    code: 'DUPLICATE_ITEM',
    message: `"${login}" is listed twice`,
    hint: 'keep one of them',
    place: file.at(path),
  };
}
