import { fold } from '../core/canonical.ts';
import type { IamAccess } from '../core/state.ts';
import type { Declaration } from '../declare/declaration.ts';
import { filesOf } from './requests.ts';

/** What each product file says of those who come in through IAM alone. */
export function iamAccessOf(declaration: Declaration): readonly IamAccess[] {
  const { account: catalog } = declaration.mesh.value.central;
  return [...declaration.products].map(([product, { path, at, value }]) => {
    const { iamAllowedPrincipals: says = 'keep', database, tables, producer, allowFuture } = value;
    return {
      product,
      catalog,
      database: fold(database),
      tables: [...Object.keys(tables), ...(allowFuture === true ? ['*'] : [])],
      says,
      cause: { place: at(['iamAllowedPrincipals']), product, files: filesOf(declaration, [path], [producer]) },
    };
  });
}
