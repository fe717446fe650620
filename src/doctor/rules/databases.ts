import { aws } from '../../core/aws-command.ts';
import type { Check } from '../../core/diagnosis.ts';
import { finding, ok } from '../check.ts';
import type { LakeReading } from '../reading.ts';
import { counted } from '../words.ts';
import { unreadDatabases } from './unread.ts';

/** What is said of declared databases that the catalog does not have. */
export function checkDatabases(lake: LakeReading): readonly Check[] {
  const { databases, unread } = lake.observed.catalog;
  const absent = [...lake.scope.databases.keys()].filter((name) => !databases.has(name) && !unread.has(name)).sort();
  const unseen = unreadDatabases(lake, 'DATABASES', 'whether what is declared is there');
  if (absent.length + unseen.length === 0)
    return [ok('DATABASES', `${counted(databases.size, 'declared database')} in the catalog`)];
  const found = absent.map((name) => {
    const input = JSON.stringify({ Name: name, CreateTableDefaultPermissions: [] });
    const words = ['create-database', '--catalog-id', lake.account, '--database-input', input];
    return finding('DATABASES', `database ${name} is not in the catalog`, {
      severity: 'warning',
      means: 'nothing that the mesh files ask for in it can be given',
      remedy: 'correct the product file, or create it',
      commands: [aws(lake, 'glue', ...words)],
    });
  });
  return [...found, ...unseen];
}
