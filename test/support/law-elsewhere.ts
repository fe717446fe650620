import type { LawMesh } from './law-mesh.ts';

/** The mesh on other databases and locations. */
export function elsewhere({ mesh, accounts, products, subscriptions }: LawMesh): LawMesh {
  const moved = <T>(value: T): T => JSON.parse(JSON.stringify(value).replaceAll('s3://lake/', 's3://lake/other/')) as T;
  const { grants: _, ...rest } = mesh;
  return {
    mesh: { ...rest, name: 'other' },
    accounts: Object.fromEntries(
      Object.entries(accounts).map(([name, value]) => [
        name,
        value.databases === undefined ? value : { ...value, databases: ['other_*'] },
      ]),
    ),
    products: Object.fromEntries(
      Object.entries(products).map(([id, value]) => [id, { ...moved(value), database: `other_${value.database}` }]),
    ),
    subscriptions: moved(subscriptions),
  };
}
