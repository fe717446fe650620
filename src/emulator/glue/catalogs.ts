import { type Call, reading } from '../call.ts';
import { entityNotFound } from '../failure.ts';
import { renderDefaults } from '../lakeformation/settings.ts';
import type { Output } from '../wire/operation.ts';
import type { Decoded } from '../wire/shape.ts';
import type { catalogShape, encryptionShape } from './shapes.ts';

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

/** GetDataCatalogEncryptionSettings: of the caller's own catalog. */
export function getEncryption(call: Call, { CatalogId }: Decoded<typeof encryptionShape>): Output {
  const { account } = call.caller;
  if (CatalogId !== undefined && CatalogId !== account) throw entityNotFound(`Catalog ${CatalogId} not found.`);
  const { mode, key } = call.lake.encryption;
  const EncryptionAtRest = {
    CatalogEncryptionMode: mode,
    ...(mode === 'DISABLED' ? {} : { SseAwsKmsKeyId: key ?? awsManagedKey }),
  };
  return {
    DataCatalogEncryptionSettings: {
      EncryptionAtRest,
      ConnectionPasswordEncryption: { ReturnConnectionPasswordEncrypted: false },
    },
  };
}

/** The key that AWS manages for Glue, by its alias. */
export const awsManagedKey = 'alias/aws/glue';
