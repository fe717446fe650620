import { fold, locationOf } from '../../core/canonical.ts';
import type { Principal } from '../../core/principal.ts';
import { claimsOf } from '../../desire/sensitivity.ts';
import { type Target, targetText } from '../../explain/target.ts';
import type { Look } from './look.ts';

/** What somebody can do who has no access that a file asks for: step by step, the first first. */
export function adviceOn(look: Look, principal: Principal, target: Target): readonly string[] {
  if (target.kind === 'catalog') return ['an administrator gives it under `grants` in mesh.yaml'];
  const products = productsOn(look, target);
  const [product] = products;
  if (product === undefined)
    return [`no product of this mesh has ${targetText(target)}: its producer adds it to a product file`];
  const lacks = lacking(look, target);
  const account = [...look.declaration.accounts].find(([, { value }]) => value.id === principal.account);
  if (account === undefined) {
    const who = principal.account === undefined ? `${principal.id}` : `the account ${principal.account}`;
    const remedy =
      principal.account === undefined
        ? 'an administrator names it under `principals` in mesh.yaml'
        : 'an administrator adds accounts/<name>.yaml for it, with the role consumer';
    return [...lacks, `no mesh file declares ${who}: ${remedy}`];
  }
  const [name, { value, file }] = account;
  if (look.declaration.products.get(product)?.value.producer === name)
    return [...lacks, `${name} produces ${product}: give it under \`grants\` in the product file`];
  const own = Object.entries(value.principals ?? {}).find(([, id]) => id === principal.id)?.[0];
  const isNamed = principal.kind === 'account' || own !== undefined;
  return [
    ...lacks,
    ...(value.roles.includes('consumer') ? [] : [`${file} does not say that ${name} is a consumer: add the role`]),
    ...(isNamed ? [] : [`${file} does not name ${principal.id}: add it under \`principals\`, or ask for the account`]),
    `ask for it: meshgate request --product ${product} --as ${name}${target.kind === 'table' ? ` --table ${target.table}${target.column === undefined ? '' : ` --column ${target.column}`}` : target.kind === 'location' ? ` --location ${target.location}` : ' --database'}${own === undefined ? '' : ` --principal ${own}`}`,
  ];
}

/** The products that have a target. */
export function productsOn({ declaration }: Look, target: Target): readonly string[] {
  return [...declaration.products].flatMap(([id, { value }]) => {
    if (target.kind === 'location')
      return (value.locations ?? []).map(locationOf).some((path) => `${target.location}/`.startsWith(`${path}/`))
        ? [id]
        : [];
    if (target.kind === 'catalog' || target.kind === 'everything' || fold(value.database) !== target.database)
      return [];
    return target.kind === 'database' || claimsOf(value)(target.table) ? [id] : [];
  });
}

function lacking({ catalog }: Look, target: Target): readonly string[] {
  if (!('database' in target) || catalog.isDeclared === true || catalog.unread.has(target.database)) return [];
  const entry = catalog.databases.get(target.database);
  if (entry === undefined) return [`database ${target.database} is not in the catalog`];
  if (target.kind !== 'table' || entry.tables.has(target.table)) return [];
  return [`table ${target.database}.${target.table} is not in the catalog`];
}
