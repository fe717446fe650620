import { aws, quoted } from '../../core/aws-command.ts';
import type { Check } from '../../core/diagnosis.ts';
import { iamAllowedPrincipals } from '../../core/principal.ts';
import { compareText } from '../../core/problem.ts';
import { finding, ok, unchecked } from '../check.ts';
import { type Opened, revokeFromIam } from '../commands.ts';
import { type LakeReading, shortList } from '../reading.ts';
import { counted, listed } from '../words.ts';
import { unreadDatabases } from './unread.ts';

/** One resource on which IAM_ALLOWED_PRINCIPALS holds something. */
interface Holding {
  readonly resource: Opened;
  readonly permissions: readonly string[];
}

/** What is said of what IAM alone decides about: one finding for each database. */
export function checkOpenToIam(lake: LakeReading): readonly Check[] {
  const gap = shortList(lake);
  const opened = [...holdings(lake)]
    .sort(([a], [b]) => compareText(a, b))
    .map(([name, held]) => openedDatabase(lake, name, held));
  const rest = opened.length === 0 ? 'what IAM_ALLOWED_PRINCIPALS holds' : 'what else IAM_ALLOWED_PRINCIPALS holds';
  const unseen =
    gap === undefined
      ? unreadDatabases(lake, 'OPEN_TO_IAM', rest)
      : [unchecked('OPEN_TO_IAM', rest, { why: gap.message, ...(gap.hint && { remedy: gap.hint }) })];
  if (opened.length + unseen.length > 0) return [...opened, ...unseen];
  return [ok('OPEN_TO_IAM', 'IAM_ALLOWED_PRINCIPALS holds nothing on what the mesh declares')];
}

function holdings({ observed, scope, account }: LakeReading): ReadonlyMap<string, readonly Holding[]> {
  const byDatabase = new Map<string, Map<string, { resource: Opened; permissions: string[] }>>();
  for (const { fact } of observed.facts.values()) {
    if (fact.kind !== 'grant' || fact.principal !== iamAllowedPrincipals || fact.grantOption) continue;
    const { resource } = fact;
    if (resource.kind !== 'database' && resource.kind !== 'table' && resource.kind !== 'all-tables') continue;
    const products = resource.catalog === account ? (scope.databases.get(resource.database) ?? []) : [];
    const isOurs = products.some(({ claims }) => resource.kind !== 'table' || claims(resource.table));
    if (!isOurs) continue;
    const held = byDatabase.get(resource.database) ?? new Map();
    byDatabase.set(resource.database, held);
    const name = resource.kind === 'table' ? `table ${resource.table}` : resource.kind;
    const known = held.get(name) ?? { resource, permissions: [] };
    held.set(name, { resource, permissions: [...known.permissions, fact.permission].sort() });
  }
  const sorted = ([name, held]: readonly [string, ReadonlyMap<string, Holding>]): [string, readonly Holding[]] => [
    name,
    [...held].sort(([a], [b]) => compareText(a, b)).map(([, one]) => one),
  ];
  return new Map([...byDatabase].map(sorted));
}

function openedDatabase(lake: LakeReading, database: string, held: readonly Holding[]): Check {
  const tables = held.flatMap(({ resource }) => (resource.kind === 'table' ? [resource.table] : []));
  const what = [
    ...(held.some(({ resource }) => resource.kind === 'database') ? [`database ${database}`] : []),
    ...(held.some(({ resource }) => resource.kind === 'all-tables') ? [`all tables of ${database}`] : []),
    ...(tables.length > 0 ? [`${counted(tables.length, 'table')} of ${database} (${listed(tables)})`] : []),
  ].join(' and ');
  const products = lake.scope.databases.get(database) ?? [];
  if (products.every(({ isHybrid }) => isHybrid))
    return finding('OPEN_TO_IAM', `IAM_ALLOWED_PRINCIPALS holds permissions on ${what}, which has hybrid access`, {
      severity: 'note',
      means: 'who gets permissions there is opted in; all others go on through IAM, as the product file says',
      commands: [],
    });
  return finding('OPEN_TO_IAM', `IAM_ALLOWED_PRINCIPALS holds permissions on ${what}`, {
    severity: 'error',
    means:
      'whomever IAM lets in gets past the mesh there, column lists mean nothing, and Lake Formation refuses to share it with other accounts',
    remedy:
      'first give everyone who needs access a grant of their own; `iamAllowedPrincipals: revoke` in the product file has apply do the rest',
    commands: held.map(({ resource, permissions }) => revokeFromIam(lake, resource, permissions)),
  });
}

/** What is said of the declared databases that open new tables. */
export function checkDatabaseDefaults(lake: LakeReading): readonly Check[] {
  const { databases } = lake.observed.catalog;
  const opening = [...databases.values()].filter(({ database }) => database.opensNewTables === true);
  const found = opening.map(({ database: { name } }) =>
    finding('DATABASE_DEFAULTS', `database ${name} gives ALL on every new table to IAM_ALLOWED_PRINCIPALS`, {
      severity: 'warning',
      means: 'its own setting counts before that of the lake, so that new tables are open past the mesh',
      commands: [closeDatabase(lake, name)],
    }),
  );
  const missing = unreadDatabases(lake, 'DATABASE_DEFAULTS', 'whether new tables are open to IAM');
  if (found.length + missing.length > 0) return [...found, ...missing];
  return [
    ok('DATABASE_DEFAULTS', `of ${counted(databases.size, 'declared database')} none opens its new tables to IAM`),
  ];
}

/**
 * Empties a database's defaults: UpdateDatabase replaces the whole input, so all that it takes is written back.
 * Source: https://docs.aws.amazon.com/glue/latest/webapi/API_DatabaseInput.html.
 */
function closeDatabase(lake: LakeReading, name: string): string {
  const members = ['Name', 'Description', 'LocationUri', 'Parameters', 'TargetDatabase', 'FederatedDatabase'];
  const keep = members.map((member) => `${member}: .${member}`).join(', ');
  const filter = `.Database | {${keep}} | del(.[] | nulls) | .CreateTableDefaultPermissions = []`;
  const input = ['--database-input', 'file://database.json'];
  const catalog = ['--catalog-id', lake.account, '--name', name];
  const read = aws(lake, 'glue', 'get-database', ...catalog, '--output', 'json');
  const put = aws(lake, 'glue', 'update-database', ...catalog, ...input);
  return `${read} > before.json && jq ${quoted(filter)} before.json > database.json && ${put}`;
}
