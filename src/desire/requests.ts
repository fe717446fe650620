import { grantsOf } from '../core/canonical.ts';
import type { Principal } from '../core/principal.ts';
import { compareText } from '../core/problem.ts';
import type { Cause } from '../core/state.ts';
import type { Declaration } from '../declare/declaration.ts';
import type { Access } from '../declare/files.ts';
import { grantOptionsOf, type Resolved, type Setting } from './access.ts';
import { resolveAlike } from './alike.ts';
import { importRequests } from './imports.ts';
import { withOptIns } from './opt-ins.ts';
import { parametersOf } from './parameters.ts';
import { meshPrincipals, principalsFrom } from './principals.ts';
import { type ProductView, reachingClaims } from './reach.ts';

/** Every place in the mesh files that asks for something. */
export function requestsOf(declaration: Declaration): readonly Request[] {
  return [
    ...meshRequests(declaration),
    ...[...declaration.products.keys()].flatMap((id) => productRequests(declaration, id)),
    ...[...declaration.subscriptions.keys()].flatMap((id) => subscriptionRequests(declaration, id)),
  ];
}

/** One place in the files that asks for something. */
export interface Request {
  readonly cause: Omit<Cause, 'refused'>;
  readonly expires?: string;
  readonly principals: readonly Principal[];
  readonly product?: string;
  /** Set for what is asked in the consumer's own lake. */
  readonly isImport?: true;
  /** What is asked, resolved against the product's setting; mesh.yaml's requests have none. */
  readonly ask: (setting: Setting | undefined) => Resolved;
}

function subscriptionRequests(declaration: Declaration, id: string): Request[] {
  const subscription = declaration.subscriptions.get(id);
  const product = declaration.products.get(subscription?.product ?? '');
  if (subscription === undefined || product === undefined) return [];
  const { value, consumer } = subscription;
  const files = filesOf(declaration, [subscription.path, product.path], [product.value.producer, consumer]);
  const principals = principalsFrom(declaration, consumer, value.principals);
  const asked = value.access.map(
    (access, index): Request => ({
      cause: { place: subscription.at(['access', index]), subscription: id, product: subscription.product, files },
      ...(value.expires === undefined ? {} : { expires: value.expires }),
      principals,
      product: subscription.product,
      ask: (setting) => askFor(setting, access, principals),
    }),
  );
  return [...asked, ...importRequests(declaration, id, files)];
}

function productRequests(declaration: Declaration, id: string): Request[] {
  const product = declaration.products.get(id);
  if (product === undefined) return [];
  const { value } = product;
  const files = filesOf(declaration, [product.path], [value.producer]);
  const own = (value.grants ?? []).flatMap((grant, index) => {
    const principals = principalsFrom(declaration, value.producer, grant.principals);
    return grant.access.map(
      (access, at): Request => ({
        cause: { place: product.at(['grants', index, 'access', at]), product: id, files },
        principals,
        product: id,
        ask: (setting) => askFor(setting, access, principals),
      }),
    );
  });
  const { publicReader } = declaration.mesh.value;
  const readers = publicReader === undefined ? [] : meshPrincipals(declaration, [publicReader]);
  const isPublic = value.visibility === 'public' && readers.length > 0;
  const open: Request = {
    cause: { place: product.at(['visibility']), product: id, files },
    principals: readers,
    product: id,
    ask: (setting) => (setting === undefined ? nothing : askFor(setting, publicAccess(setting.view), readers)),
  };
  const kept: Request = {
    cause: { place: product.at(['database']), product: id, files },
    principals: [],
    product: id,
    ask: (setting) =>
      setting === undefined ? nothing : { asked: parametersOf(declaration, value, setting), obstacles: [] },
  };
  return [...own, ...(isPublic ? [open] : []), kept];
}

function publicAccess(view: ProductView): Access {
  const tables = view.product.allowFuture === true ? ['*'] : [...reachingClaims(view)];
  return { tables, permissions: 'discover' };
}

function meshRequests(declaration: Declaration): Request[] {
  const { mesh } = declaration;
  const { account, region } = mesh.value.central;
  return (mesh.value.grants ?? []).map((grant, index) => {
    const principals = meshPrincipals(declaration, grant.principals);
    const asked = principals.flatMap((principal) =>
      grantsOf(`${account}/${region}`, {
        principal: principal.id,
        resource: { kind: 'catalog', catalog: account },
        permissions: grant.permissions,
        withGrantOption: grantOptionsOf({ permissions: grant.permissions }, grant.permissions, {
          principal,
          catalog: account,
        }),
      }).map((fact) => ({ fact, classes: [] })),
    );
    const accounts = grant.principals.flatMap((name) => name.split('/')[0] ?? []);
    return {
      cause: { place: mesh.at(['grants', index]), files: filesOf(declaration, [mesh.path], accounts) },
      principals,
      ask: () => ({ asked, obstacles: [] }),
    };
  });
}

const nothing: Resolved = { asked: [], obstacles: [] };

function askFor(setting: Setting | undefined, access: Access, principals: readonly Principal[]): Resolved {
  return setting === undefined ? nothing : withOptIns(setting, access, resolveAlike(setting, access, principals));
}

/** The files that a cause comes from: mesh.yaml, its own, and those of the accounts that it names. */
export function filesOf(
  declaration: Declaration,
  paths: readonly string[],
  accounts: readonly string[],
): readonly string[] {
  const named = accounts.flatMap((account) => declaration.accounts.get(account)?.path ?? []);
  return [...new Set([declaration.mesh.path, ...paths, ...named])].sort(compareText);
}
