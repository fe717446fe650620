import type { CatalogParameter } from '../core/fact.ts';
import type { Declaration } from '../declare/declaration.ts';
import type { DataProduct } from '../declare/files.ts';
import type { Asked, Setting } from './access.ts';
import { pii } from './classes.ts';

/**
 * The catalog parameters that a product's database should carry, of those that mesh.yaml lists.
 * `pii_flag` is raised where all products of the database are personal as a whole, and never lowered: a
 * flag on the database makes everything in it pii, so neither one pii column nor one of several products
 * must raise it.
 */
export function parametersOf(declaration: Declaration, product: DataProduct, setting: Setting): readonly Asked[] {
  const producer = declaration.accounts.get(product.producer)?.value;
  if (producer === undefined || setting.view.entry === undefined) return [];
  const isPii = [...declaration.products.values()]
    .filter(({ value }) => value.database === product.database)
    .every(({ value }) => value.pii === true || value.class === pii);
  const values: Readonly<Record<string, string | undefined>> = {
    data_owner: producer.id,
    data_owner_name: producer.displayName ?? product.producer,
    pii_flag: isPii ? 'true' : undefined,
  };
  return (declaration.mesh.value.catalogParameters ?? []).flatMap((name) => {
    const value = values[name];
    if (value === undefined) return [];
    const fact: CatalogParameter = {
      kind: 'catalog-parameter',
      lake: setting.lake,
      catalog: setting.catalog,
      database: product.database,
      name,
      value,
    };
    return [{ fact, classes: [] }];
  });
}
