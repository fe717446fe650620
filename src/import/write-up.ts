import type { DataCellsFilter } from '../core/fact.ts';
import { groupBy } from '../core/group.ts';
import type { Principal } from '../core/principal.ts';
import { compareText } from '../core/problem.ts';
import { frameFiles, type Needs } from './accounts.ts';
import { blockedBy, blocksProducer } from './by-hand.ts';
import { consumerOf, type Directory, homeOf, nameEveryone } from './directory.ts';
import type { Edit, NewFile } from './file.ts';
import type { Imported, Importing } from './import.ts';
import { type Left, leave } from './left.ts';
import { locationRights } from './locations.ts';
import { type Database, type Product, placeOf, productsOf } from './placing.ts';
import { productFile } from './products.ts';
import { yamlOf } from './render.ts';
import type { Right } from './rights.ts';
import { type Ask, asksOf, ownGrants, subscriptionFiles } from './subscriptions.ts';

/** What is to be written, before it has names and files. */
export interface Draft {
  readonly importing: Importing;
  readonly central: string;
  readonly filters: ReadonlyMap<string, ReadonlyMap<string, DataCellsFilter>>;
  readonly databases: readonly Database[];
  /** Rights on data locations. */
  readonly locations: readonly Right[];
  /** Who may create databases. */
  readonly creators: readonly Right[];
}

/** The files that say the rights of a draft, what people must add by hand for the rest, and what cannot be placed. */
export function writeUp(draft: Draft): Omit<Imported, 'elsewhere' | 'unkept'> {
  const { importing, central, databases } = draft;
  const { existing } = importing;
  const directory = nameEveryone(needing(draft), existing);
  const products = productsOf(databases, directory.accounts, existing);
  const { asks, left, edits } = placeAll(draft, products);
  const blocked = blockedBy(existing, central);
  const byHand = asks.filter((ask) => blocked(ask));
  const written = asks.filter((ask) => !blocked(ask));
  left.push(
    ...byHand.flatMap(({ rights }) =>
      leave(
        'BY_HAND',
        rights.flatMap(({ facts }) => facts),
      ),
    ),
  );
  const isOwn = ({ consumer }: Ask): boolean => consumer === undefined;
  for (const ask of byHand.filter((one) => isOwn(one) && one.product.share === undefined))
    edits.push({ path: `products/${ask.product.id}.yaml`, text: yamlOf({ grants: ownGrants([ask], directory) }) });
  const fresh = products.filter((product) => product.share !== undefined);
  const frame = frameFiles(frameOf(draft, { directory, fresh, asks }), existing);
  const isHeldBack = ({ producer, database }: Product): boolean => blocksProducer(existing, producer, database);
  const files = [
    ...frame.files,
    ...fresh.filter((one) => !isHeldBack(one)).map((product) => fileOf(product, { written, directory })),
    ...subscriptionFiles(
      written.filter((ask) => !isOwn(ask)),
      directory,
      existing,
    ),
  ];
  left.push(...unusedFilters(draft, written));
  return {
    files: files.sort((a, b) => compareText(a.path, b.path)),
    edits: distinctEdits([...frame.edits, ...edits]),
    left,
  };
}

function needing({ databases, locations, creators, central }: Draft): Parameters<typeof nameEveryone>[0] {
  const accounts = new Map<string, string | undefined>();
  for (const { owner, entry } of databases) {
    const called = entry.database.parameters['data_owner_name']?.trim();
    const isSaid = entry.database.parameters['data_owner']?.trim() === owner;
    accounts.set(owner, accounts.get(owner) ?? (isSaid ? called : undefined));
  }
  const rights = [...databases.flatMap((database) => database.rights), ...creators, ...locations];
  const principals = new Map<string, Principal>();
  for (const { principal } of rights) principals.set(principal.id, principal);
  for (const principal of principals.values()) {
    const account = consumerOf(principal);
    if (account !== undefined && !accounts.has(account)) accounts.set(account, undefined);
  }
  return { central, accounts, principals: principals.values() };
}

interface Placed {
  readonly asks: readonly Ask[];
  readonly left: Left[];
  readonly edits: Edit[];
}

function placeAll({ central, filters, databases, locations }: Draft, products: readonly Product[]): Placed {
  const left: Left[] = [];
  const edits: Edit[] = [];
  const placed = locationRights(locations, products);
  left.push(...placed.left);
  const byProduct = new Map<string, Right[]>([...placed.rights].map(([id, rights]) => [id, [...rights]]));
  for (const { entry, rights } of databases) {
    const own = products.filter(({ database }) => database === entry.database.name);
    for (const right of rights) {
      const product = placeOf(right, own, rights);
      if (product !== undefined) byProduct.set(product.id, [...(byProduct.get(product.id) ?? []), right]);
      else {
        left.push(...leave('BY_HAND', right.facts));
        const table = 'table' in right.resource ? right.resource.table : '';
        edits.push({ path: `products/${own[0]?.id}.yaml`, text: yamlOf({ tables: { [table]: null } }) });
      }
    }
  }
  const notes = new Map(databases.map((one) => [one.entry.database.name, one.notes]));
  const all = products.flatMap((product) =>
    asksOf(product, byProduct.get(product.id) ?? [], { central, filters, notes }),
  );
  const isNobodys = ({ consumer, product, principals }: Ask): boolean =>
    consumer === product.producer ||
    (consumer === undefined && principals.some(({ kind }) => kind.startsWith('organization')));
  for (const ask of all.filter(isNobodys))
    left.push(
      ...leave(
        'NO_CONSUMER',
        ask.rights.flatMap(({ facts }) => facts),
      ),
    );
  return { asks: all.filter((ask) => !isNobodys(ask)), left, edits };
}

interface Framing {
  readonly directory: Directory;
  readonly fresh: readonly Product[];
  readonly asks: readonly Ask[];
}

function frameOf({ importing, central, creators, databases }: Draft, { directory, fresh, asks }: Framing): Needs {
  const [, region = ''] = importing.observed.lake.split('/');
  const principals = new Map<string, Principal>();
  for (const principal of [...asks.flatMap((ask) => ask.principals), ...creators.map((one) => one.principal)])
    if (principal.kind !== 'account') principals.set(principal.id, principal);
  const accountOf = ({ kind, account }: Principal): readonly string[] =>
    kind === 'account' && account ? [account] : [];
  return {
    central,
    region,
    name: importing.name,
    administrators: importing.administrators,
    directory,
    producers: new Map(
      [...groupBy(fresh, ({ producer }) => producer)].map(([id, own]) => [
        id,
        new Set(own.map(({ database }) => database)),
      ]),
    ),
    consumers: new Set([
      ...asks.flatMap(({ consumer }) => consumer ?? []),
      ...creators.flatMap(({ principal }) => accountOf(principal)),
    ]),
    called: calledIn(databases),
    principals: [...principals.values()],
    creators: creators.map(({ principal }) => creatorName(principal, directory, central)).sort(compareText),
  };
}

function creatorName(principal: Principal, { accounts, principals }: Directory, central: string): string {
  const account = accounts.get(principal.account ?? '') ?? '';
  const name = principals.get(principal.id);
  if (name === undefined) return account;
  return homeOf(principal, central) === 'mesh' ? name : `${account}/${name}`;
}

/** What people call the owners of databases, where the catalog says it in one way. */
function calledIn(databases: readonly Database[]): ReadonlyMap<string, string> {
  const names = databases.flatMap(({ owner, entry }) => {
    const { data_owner: id, data_owner_name: called } = entry.database.parameters;
    return called !== undefined && called.trim() !== '' && id?.trim() === owner
      ? [{ owner, called: called.replaceAll(/\p{Cc}+/gu, ' ').trim() }]
      : [];
  });
  return new Map([...groupBy(names, ({ owner }) => owner)].map(([owner, own]) => [owner, own[0]?.called ?? '']));
}

function fileOf(
  product: Product,
  { written, directory }: { readonly written: readonly Ask[]; readonly directory: Directory },
): NewFile {
  const asks = written.filter((ask) => ask.product === product);
  const [domain = ''] = product.id.split('/');
  const locations = asks.flatMap(({ access }) => access.flatMap((one) => one.locations ?? []));
  return productFile({
    domain,
    producer: directory.accounts.get(product.producer) ?? product.producer,
    entry: product.entry,
    share: product.share ?? { name: '', tables: [] },
    allowsFuture: product.allowsFuture,
    locations: [...new Set(locations)].sort(compareText),
    notes: asks.flatMap(({ consumer, notes }) => (consumer === undefined ? notes : [])),
    grants: ownGrants(
      asks.filter(({ consumer }) => consumer === undefined),
      directory,
    ),
  });
}

/** Data cells filters of the chosen databases through which nothing was written. */
function unusedFilters({ importing }: Draft, written: readonly Ask[]): readonly Left[] {
  const used = new Set(
    written.flatMap(({ rights }) =>
      rights.flatMap(({ resource: on }) =>
        on.kind === 'data-cells-filter' ? [`${on.database} ${on.table} ${on.filter}`] : [],
      ),
    ),
  );
  const chosen = new Set(importing.databases);
  const unused = [...importing.observed.facts.values()].filter(
    ({ key, fact }) =>
      fact.kind === 'data-cells-filter' &&
      chosen.has(fact.database) &&
      !importing.declared.has(key) &&
      !used.has(`${fact.database} ${fact.table} ${fact.name}`),
  );
  return leave('FILTER_UNUSED', unused);
}

function distinctEdits(edits: readonly Edit[]): readonly Edit[] {
  const found = new Map(edits.map((edit) => [`${edit.path} ${edit.text}`, edit]));
  return [...found].sort(([a], [b]) => compareText(a, b)).map(([, edit]) => edit);
}
