import { type Call, reading } from '../call.ts';
import { entityNotFound } from '../failure.ts';
import { renderDefaults } from '../lakeformation/settings.ts';
import type { Output } from '../wire/operation.ts';
import type { Decoded } from '../wire/shape.ts';
import type { catalogShape } from './shapes.ts';

/** GetCatalog: the default catalog of the caller's account, the only one that is modelled. */
export function getCatalog(call: Call, { CatalogId }: Decoded<typeof catalogShape>): Output {
  const { account } = call.caller;
  if (CatalogId !== account) throw entityNotFound(`Catalog ${CatalogId} not found.`);
  const { createDatabaseDefaults, createTableDefaults } = reading(call).settings;
  return {
    Catalog: {
      CatalogId,
      Name: CatalogId,
      ResourceArn: `arn:aws:glue:${call.region}:${account}:catalog`,
      CreateDatabaseDefaultPermissions: createDatabaseDefaults.map(renderDefaults),
      CreateTableDefaultPermissions: createTableDefaults.map(renderDefaults),
    },
  };
}
