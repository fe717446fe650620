import { compilePattern } from '../../core/pattern.ts';
import type { Place, Problem } from '../../core/problem.ts';
import { didYouMean, listed } from '../closest.ts';
import type { Draft } from '../draft.ts';
import type { Joined } from '../entries.ts';

/** Accounts and products that a file or its path names exist, and accounts play the roles asked of them. */
export function checkReferences(mesh: Joined): readonly Problem[] {
  const problems: Problem[] = [];
  for (const product of mesh.products.values()) {
    const { producer, database } = product.value;
    const place = product.at(['producer']);
    problems.push(...checkAccount(mesh, producer, { role: 'producer', place }));
    problems.push(...checkDatabase(mesh, producer, { database, place: product.at(['database']) }));
  }
  for (const subscription of mesh.subscriptions.values()) {
    const { product, consumer } = subscription;
    problems.push(...checkProduct(mesh, product, subscription.keyAt(['product'])));
    const producer = mesh.products.get(product)?.value.producer;
    const place = subscription.keyAt(['consumer']);
    if (producer === consumer) problems.push(selfSubscription(consumer, place));
    else problems.push(...checkAccount(mesh, consumer, { role: 'consumer', place }));
  }
  return problems;
}

function checkAccount(
  mesh: Draft,
  name: string,
  asked: { readonly role: 'producer' | 'consumer'; readonly place: Place },
): readonly Problem[] {
  const { role, place } = asked;
  const account = mesh.accounts.get(name);
  if (account === undefined) {
    if (mesh.unsound.accounts.has(name)) return [];
    const names = [...mesh.accounts.keys(), ...mesh.unsound.accounts];
    const hint = didYouMean(name, names, `add accounts/${name}.yaml`);
    return [{ code: 'UNKNOWN_ACCOUNT', message: `there is no account "${name}"`, hint, place }];
  }
  if (account.value.roles.includes(role)) return [];
  const hint = `add ${role} to the roles in ${account.file}`;
  return [{ code: 'ROLE_MISSING', message: `the account "${name}" is not a ${role}`, hint, place }];
}

function checkDatabase(
  mesh: Draft,
  producer: string,
  used: { readonly database: string; readonly place: Place },
): readonly Problem[] {
  const account = mesh.accounts.get(producer);
  if (account === undefined) return [];
  const { databases = [] } = account.value;
  if (databases.some((pattern) => compilePattern(pattern).matches(used.database))) return [];
  const hint = `its databases are ${listed(databases, 'not listed')}; add this one to ${account.file}`;
  const message = `the account "${producer}" may not use the database "${used.database}"`;
  return [{ code: 'DATABASE_NOT_LISTED', message, hint, place: used.place }];
}

function checkProduct(mesh: Draft, name: string, place: Place): readonly Problem[] {
  if (mesh.products.has(name) || mesh.unsound.products.has(name)) return [];
  const hint = didYouMean(
    name,
    [...mesh.products.keys(), ...mesh.unsound.products],
    `add products/${name}.yaml, or delete this subscription`,
  );
  return [{ code: 'UNKNOWN_PRODUCT', message: `there is no data product "${name}"`, hint, place }];
}

function selfSubscription(name: string, place: Place): Problem {
  return {
    code: 'SELF_SUBSCRIPTION',
    message: `the account "${name}" subscribes to its own product`,
    hint: 'write what its principals get as grants in the product file',
    place,
  };
}
