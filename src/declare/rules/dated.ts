import { isGlob } from '../../core/pattern.ts';
import { isAccountId, toPrincipal } from '../../core/principal.ts';
import type { Place, Problem } from '../../core/problem.ts';
import { columnClasses } from '../../core/sensitivity.ts';
import { didYouMean, listed } from '../closest.ts';
import { nothing } from '../draft.ts';
import type { Joined } from '../entries.ts';
import type { Account, DataProduct, HoldScope, Mesh, OverrideScope } from '../files.ts';
import { meet } from '../patterns.ts';
import { quoted } from '../wording.ts';

/** What names in a scope are looked up in. */
export interface Names {
  readonly mesh: { readonly value: Pick<Mesh, 'principals'> } | undefined;
  readonly accounts: ReadonlyMap<string, { readonly value: Account }>;
  readonly products: ReadonlyMap<string, { readonly value: DataProduct }>;
  /** Names of files that have problems of their own. */
  readonly unsound?: { readonly accounts: ReadonlySet<string>; readonly products: ReadonlySet<string> };
}

/** The scopes of holds and overrides name what there is. */
export function checkDated(mesh: Joined): readonly Problem[] {
  const root = mesh.mesh;
  if (root === undefined) return [];
  const { holds = [], overrides = [] } = root.value;
  return [
    ...holds.flatMap(({ scope }, index) => checkScope(mesh, scope, (part) => root.at(['holds', index, 'scope', part]))),
    ...overrides.flatMap(({ scope }, index) =>
      checkScope(mesh, scope, (part) => root.at(['overrides', index, 'scope', part])),
    ),
  ];
}

/** The problems of one scope: a cut that names what is not there would cut nothing, and look as if it had. */
export function checkScope(
  names: Names,
  scope: HoldScope | OverrideScope,
  at: (part: string) => Place,
): readonly Problem[] {
  const { principal, account, product } = scope;
  return [
    ...(principal === undefined ? [] : checkPrincipal(names, principal, at('principal'))),
    ...(account === undefined ||
    names.accounts.has(account) ||
    names.unsound?.accounts.has(account) ||
    isAccountId(account)
      ? []
      : [
          unknown('ACCOUNT', {
            what: 'account',
            name: account,
            candidates: [...names.accounts.keys()],
            place: at('account'),
          }),
        ]),
    ...(product === undefined || names.products.has(product) || names.unsound?.products.has(product)
      ? []
      : [
          unknown('PRODUCT', {
            what: 'data product',
            name: product,
            candidates: [...names.products.keys()],
            place: at('product'),
          }),
        ]),
    ...('table' in scope || 'column' in scope ? checkTables(names, scope, at) : []),
  ];
}

// What left the files may still have live grants, so an identifier needs no file that declares it.
function checkPrincipal({ mesh, accounts, unsound }: Names, name: string, place: Place): readonly Problem[] {
  const own = mesh?.value.principals ?? nothing;
  const candidates = new Set(Object.keys(own));
  for (const [account, { value }] of accounts) {
    candidates.add(account);
    for (const one of Object.keys(value.principals ?? {})) candidates.add(`${account}/${one}`);
  }
  const isKnown =
    candidates.has(name) ||
    !['other', 'iam-allowed-principals'].includes(toPrincipal(name).kind) ||
    unsound?.accounts.has(name.split('/')[0] ?? '') === true;
  return isKnown ? [] : [unknown('PRINCIPAL', { what: 'principal', name, candidates: [...candidates], place })];
}

/** Whether a table or column may be meant; one that only the catalog knows can be meant by a pattern alone. */
function checkTables(names: Names, scope: HoldScope, at: (part: string) => Place): readonly Problem[] {
  const { product, table, column } = scope;
  if ((names.unsound?.products.size ?? 0) > 0 || (product !== undefined && !names.products.has(product))) return [];
  const products = [...names.products].flatMap(([id, one]) => (product === undefined || id === product ? [one] : []));
  const isOpen = products.some(({ value }) => value.allowFuture === true);
  const claimed = products.flatMap(({ value }) => Object.keys(value.tables));
  if (table !== undefined && !isOpen && !claimed.some((text) => meet(text, table)))
    return [unknown('TABLE', { what: 'table', name: table, candidates: claimed, place: at('table') })];
  if (column === undefined || isGlob(column) || isOpen) return [];
  const lists = products.flatMap((one) => columnsOf(one, table));
  if (lists.includes(undefined)) return [];
  const columns = [...new Set(lists.flatMap((list) => list ?? []))];
  const top = column.toLowerCase().split('.')[0] ?? column;
  return columns.includes(top)
    ? []
    : [unknown('COLUMN', { what: 'column', name: column, candidates: columns, place: at('column') })];
}

/** The columns of each table that a product file names; undefined where it lists none, or only a pattern names it. */
function columnsOf(
  { value }: { readonly value: DataProduct },
  table: string | undefined,
): readonly (readonly string[] | undefined)[] {
  return Object.keys(value.tables)
    .filter((text) => table === undefined || meet(text, table))
    .map((text) => {
      const listed = isGlob(text) ? undefined : columnClasses(value, text, new Map());
      return listed === undefined ? undefined : [...listed.keys()];
    });
}

interface Unknown {
  readonly what: string;
  readonly name: string;
  readonly candidates: readonly string[];
  readonly place: Place;
}

function unknown(code: string, { what, name, candidates, place }: Unknown): Problem {
  const hint = didYouMean(name, candidates, `there are ${listed(candidates, 'none')}`);
  return { code: `UNKNOWN_${code}`, message: `there is no ${what} ${quoted(name)}`, hint, place };
}
