import { CreateDatabaseCommand, DeleteDatabaseCommand } from '@aws-sdk/client-glue';
import { LakeFailure, type LakeWriter } from '../core/lake.ts';
import { getDatabase } from './catalog.ts';
import type { Clients } from './lake.ts';
import { retrying } from './retry.ts';

/**
 * Resource links: databases of Glue that hold nothing and name another. The target is not looked at when a link is
 * made. Source: https://docs.aws.amazon.com/lake-formation/latest/dg/creating-resource-links.html.
 */
export function linkCalls(clients: Clients): Pick<LakeWriter, 'createLink' | 'deleteLink'> {
  const { catalog, glue, lake, retry } = clients;
  const [, region = ''] = lake.split('/');
  return {
    createLink: async ({ database, target }) => {
      const command = new CreateDatabaseCommand({
        CatalogId: catalog,
        DatabaseInput: {
          Name: database,
          TargetDatabase: {
            CatalogId: target.catalog,
            DatabaseName: target.database,
            // Named only where it is another: Glue takes the own one for granted.
            ...(target.region === region ? {} : { Region: target.region }),
          },
        },
      });
      await retrying('CreateDatabase', () => glue.send(command), { policy: retry, isRead: false });
    },
    deleteLink: async ({ database }) => {
      const found = await getDatabase(clients, database);
      if (found === undefined) return;
      // DeleteDatabase takes a database with all its tables, and asks nothing.
      if (found.TargetDatabase === undefined)
        throw new LakeFailure({
          operation: 'DeleteDatabase',
          code: 'NotALink',
          message: `${database} has become a database of its own, which is never deleted`,
          kind: 'final',
        });
      const command = new DeleteDatabaseCommand({ CatalogId: catalog, Name: database });
      await retrying('DeleteDatabase', () => glue.send(command), { policy: retry, isRead: false });
    },
  };
}
