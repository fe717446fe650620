import { toPrincipal } from '../core/principal.ts';
import type { Central } from '../declare/files.ts';
import type { PastCommit, PastFile, Recalled } from '../declare/recall.ts';
import {
  addAccount,
  addFiles,
  addProduct,
  addSubscription,
  type Bounding,
  type BoundsDraft,
  noBounds,
  productIn,
} from './bounds.ts';
import { protectedIn } from './principals.ts';

/** What a history ever declared. */
export interface Replayed {
  readonly bounds: BoundsDraft;
  /** Principals that were protected when they were last declared. */
  readonly protectedLast: ReadonlySet<string>;
}

type Past<K extends Recalled['kind']> = Extract<Recalled, { kind: K }>;

/** The files as they stood after a commit. */
interface State {
  mesh: Past<'Mesh'> | undefined;
  readonly accounts: Map<string, Past<'Account'>>;
  readonly products: Map<string, Past<'DataProduct'>>;
  readonly subscriptions: Map<string, Past<'Subscription'> & { readonly product: string; readonly consumer: string }>;
}

/**
 * Plays the commits of a history again, oldest first, so that a name means what it meant beside the
 * files of its time. While mesh.yaml spoke of another catalog, nothing was declared of this one.
 */
export function replay(history: readonly PastCommit[], { account, region }: Central): Replayed {
  const bounds = noBounds();
  const protectedLast = new Set<string>();
  const state: State = { mesh: undefined, accounts: new Map(), products: new Map(), subscriptions: new Map() };
  for (const { changes } of history) {
    noteProtection(protectedLast, state, changes);
    const turned = changes.filter((change) => put(state, change));
    const { mesh } = state;
    const central = mesh?.value.central;
    if (mesh === undefined || central?.account !== account || central.region !== region) continue;
    const files = { ...state, mesh };
    for (const change of changes) addFile(bounds, files, change);
    addDependents(bounds, files, turned);
    // What a version said that cannot be read may have been `additive`.
    for (const { layout, file } of changes)
      if (layout.kind === 'DataProduct' && file === 'unreadable')
        productIn(bounds, layout.product).enforce = 'additive';
  }
  return { bounds, protectedLast };
}

/** Notes of the principals whose file is about to change whether they are protected. */
function noteProtection(noted: Set<string>, state: State, changes: readonly PastFile[]): void {
  const guarded = new Set(state.mesh === undefined ? [] : protectedIn(state.mesh.value));
  for (const { layout } of changes)
    for (const principal of principalsOf(state, layout))
      if (guarded.has(principal)) noted.add(principal);
      else noted.delete(principal);
}

function principalsOf(state: State, layout: PastFile['layout']): readonly string[] {
  if (layout.kind === 'Mesh') return idsOf(Object.values(state.mesh?.value.principals ?? {}));
  const account = layout.kind === 'Account' ? state.accounts.get(layout.account)?.value : undefined;
  return account === undefined ? [] : idsOf([account.id, ...Object.values(account.principals ?? {})]);
}

function idsOf(identifiers: readonly string[]): readonly string[] {
  return identifiers.map((identifier) => toPrincipal(identifier).id);
}

/** Takes a change over into the state, and says whether other files may mean something else by it. */
function put(state: State, { layout, file }: PastFile): boolean {
  const recalled = typeof file === 'object' ? file : undefined;
  switch (layout.kind) {
    case 'Mesh':
      state.mesh = recalled?.kind === 'Mesh' ? recalled : undefined;
      return true;
    case 'Account': {
      const before = state.accounts.get(layout.account);
      if (recalled?.kind === 'Account') state.accounts.set(layout.account, recalled);
      else state.accounts.delete(layout.account);
      return JSON.stringify(before) !== JSON.stringify(recalled);
    }
    case 'DataProduct': {
      const before = state.products.get(layout.product);
      if (recalled?.kind === 'DataProduct') state.products.set(layout.product, recalled);
      else state.products.delete(layout.product);
      return before?.value.database !== state.products.get(layout.product)?.value.database;
    }
    case 'Subscription': {
      const { key, product, consumer } = layout;
      if (recalled?.kind === 'Subscription') state.subscriptions.set(key, { ...recalled, product, consumer });
      else state.subscriptions.delete(key);
      return false;
    }
  }
}

function addFile(bounds: BoundsDraft, files: Bounding, { layout }: PastFile): void {
  if (layout.kind === 'Account') addAccount(bounds, files, layout.account);
  if (layout.kind === 'DataProduct') addProduct(bounds, files, layout.product);
  if (layout.kind === 'Subscription') addSubscription(bounds, files, layout.key);
}

/** Adds anew the files that name what changed files name: one look at each, however many have changed. */
function addDependents(bounds: BoundsDraft, files: Bounding, turned: readonly PastFile[]): void {
  if (turned.length === 0) return;
  const layouts = turned.map(({ layout }) => layout);
  if (layouts.some(({ kind }) => kind === 'Mesh')) addFiles(bounds, files);
  const accounts = new Set(layouts.flatMap((layout) => (layout.kind === 'Account' ? layout.account : [])));
  const products = new Set(layouts.flatMap((layout) => (layout.kind === 'DataProduct' ? layout.product : [])));
  for (const [id, { value }] of files.products) if (accounts.has(value.producer)) addProduct(bounds, files, id);
  for (const [id, { product, consumer }] of files.subscriptions)
    if (accounts.has(consumer) || products.has(product)) addSubscription(bounds, files, id);
}
