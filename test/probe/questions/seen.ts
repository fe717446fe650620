import {
  CreateDatabaseCommand,
  GetDatabaseCommand,
  GetTableCommand,
  UpdateDatabaseCommand,
} from '@aws-sdk/client-glue';
import { ListDataCellsFilterCommand, ListPermissionsCommand } from '@aws-sdk/client-lakeformation';
import { codeOf } from '../aws.ts';
import { type Answer, one, type Question, unless } from '../question.ts';
import { isSandbox, secondOf } from '../sandbox.ts';
import type { Scene } from '../scene.ts';

const noRole = { open: 'takes a principal whose role the caller may assume' };

/** What listings show, and what is said of what may not be seen. */
export const seenQuestions: readonly Question[] = [
  one('hiddenObjectGlueError', 'asks for a table as the principal, who holds nothing', async (scene) => {
    const client = scene.parts.asPrincipal;
    if (!client) return noRole;
    const asked = new GetTableCommand({ DatabaseName: scene.parts.database, Name: await scene.table() });
    await scene.settle();
    const code = await outcome(client.glue.send(asked));
    return ['EntityNotFoundException', 'AccessDeniedException'].includes(code)
      ? { value: code }
      : { open: `answered ${code}: the principal may see it, or something else is wrong` };
  }),
  one('accessDeniedStatus', 'lists the database as the principal, who holds nothing', async (scene) => {
    const client = scene.parts.asPrincipal;
    if (!client) return noRole;
    try {
      await client.lakeFormation.send(new ListPermissionsCommand({ Resource: scene.onDatabase() }));
      return { open: 'the principal may list the database' };
    } catch (thrown) {
      const status = (thrown as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
      if (codeOf(thrown) !== 'AccessDeniedException' || status === undefined)
        return { open: `answered ${codeOf(thrown)} and not AccessDeniedException` };
      return { value: status };
    }
  }),
  one('tableGrantShowsDatabase', 'grants SELECT on a table, asks for the database as the principal', async (scene) => {
    const client = scene.parts.asPrincipal;
    if (!client) return noRole;
    const ask = (): Promise<string> =>
      outcome(client.glue.send(new GetDatabaseCommand({ Name: scene.parts.database })));
    if ((await ask()) === 'ok') return { open: 'the principal sees the database without any grant' };
    const table = scene.onTable(await scene.table());
    const refused = unless(await scene.grant(table, ['SELECT']), 'SELECT on a table');
    await scene.settle();
    const answer: Answer = refused ?? { value: (await ask()) === 'ok' };
    await scene.revoke(table, ['SELECT']);
    return answer;
  }),
  one('adminAltersDatabases', 'makes a second sandbox as the principal and updates it as the caller', otherDatabase),
  one('tableListShowsAllTables', 'grants DESCRIBE on all tables, lists one table, revokes', async (scene) => {
    const table = scene.onTable(await scene.table());
    const refused = unless(await scene.grant(scene.onAllTables(), ['DESCRIBE']), 'DESCRIBE on all tables');
    const answer: Answer = refused ?? { value: (await scene.held(table)).length > 0 };
    await scene.revoke(scene.onAllTables(), ['DESCRIBE']);
    return answer;
  }),
  one('missingObjectListError', 'lists a table of the sandbox that does not exist', async (scene) => {
    const asked = new ListPermissionsCommand({ Resource: scene.onTable('nothing_of_this_name') });
    const code = await outcome(scene.parts.clients.lakeFormation.send(asked));
    return code === 'ok' ? { open: 'it was answered like a table that exists' } : { value: code };
  }),
  one('filterListWithoutTable', 'lists data cells filters without naming a table', async (scene) => {
    const code = await outcome(scene.parts.clients.lakeFormation.send(new ListDataCellsFilterCommand({})));
    if (code === 'ok') return { value: true };
    return code === 'AccessDeniedException' ? { open: 'access was denied' } : { value: false };
  }),
  {
    switches: ['sweepShowsFilterGrants', 'rawShowsImplicit', 'defaultPageSize'],
    does: 'grants SELECT on a data cells filter and reads all permissions of the account, to the sandbox and no further',
    ask: sweep,
  },
];

/** The answer's code, or `ok`. */
async function outcome(call: Promise<unknown>): Promise<string> {
  return call.then(() => 'ok', codeOf);
}

async function otherDatabase(scene: Scene): Promise<Answer> {
  const { asPrincipal, clients, database } = scene.parts;
  if (!asPrincipal) return noRole;
  const other = secondOf(database);
  const input = { Name: other, Parameters: { meshgate_probe: 'true' }, CreateTableDefaultPermissions: [] };
  const made = await outcome(asPrincipal.glue.send(new CreateDatabaseCommand({ DatabaseInput: input })));
  if (made !== 'ok') return { open: `takes a principal who may create databases; creating one answered ${made}` };
  await scene.settle();
  const code = await outcome(clients.glue.send(new UpdateDatabaseCommand({ Name: other, DatabaseInput: input })));
  if (code === 'ok') return { value: true };
  return code === 'AccessDeniedException' ? { value: false } : { open: `the update answered ${code}` };
}

/** Pages of the sweep after which the probe gives up: an account may hold hundreds of thousands of rows. */
const mostPages = 2000;

async function sweep(scene: Scene): Promise<Readonly<Record<string, Answer>>> {
  const table = await scene.table();
  await scene.filter(table, 'whole');
  const code = await scene.grant(scene.onFilter(table, 'whole'), ['SELECT']);
  await scene.grant(scene.onTable(table), ['DESCRIBE']);
  await scene.settle();
  const seen = { table: false, filter: false, implicit: false };
  let [pages, longest, rows] = [0, 0, 0];
  let NextToken: string | undefined;
  do {
    const answer = await scene.parts.clients.lakeFormation.send(new ListPermissionsCommand({ NextToken }));
    const found = answer.PrincipalResourcePermissions ?? [];
    pages += 1;
    rows += found.length;
    longest = Math.max(longest, found.length);
    for (const { Principal, Resource: on } of found) {
      const mine = Principal?.DataLakePrincipalIdentifier === scene.parts.principal;
      const database = on?.Table?.DatabaseName ?? on?.Database?.Name ?? on?.TableWithColumns?.DatabaseName;
      if (on?.DataCellsFilter?.DatabaseName === scene.parts.database) seen.filter = true;
      if (database === scene.parts.database && mine && on?.Table?.Name === table) seen.table = true;
      if (isSandbox(database) && !mine && Principal?.DataLakePrincipalIdentifier !== 'IAM_ALLOWED_PRINCIPALS')
        seen.implicit = true;
    }
    NextToken = answer.NextToken;
  } while (NextToken && pages < mostPages);
  const unread: Answer | undefined = NextToken ? { open: `the sandbox did not come up in ${pages} pages` } : undefined;
  const lost: Answer | undefined = seen.table ? undefined : (unread ?? { open: 'the sweep does not show the sandbox' });
  const certain = (value: boolean): Answer => (value ? { value } : (unread ?? lost ?? { value }));
  return {
    sweepShowsFilterGrants: unless(code, 'SELECT on a data cells filter') ?? certain(seen.filter),
    rawShowsImplicit: certain(seen.implicit),
    defaultPageSize:
      pages === 1 || longest === rows
        ? { open: `the account has only ${rows} rows, all on one page` }
        : { value: longest, note: `the longest of ${pages} pages` },
  };
}
