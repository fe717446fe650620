import { DeleteTableCommand, UpdateTableCommand } from '@aws-sdk/client-glue';
import { type Answer, one, type Question, refusedOr, unless } from '../question.ts';
import { createTable } from '../sandbox.ts';
import { permissionsIn } from '../scene.ts';

/** What a revoke takes, what it refuses, and what a grant outlives. */
export const revokedQuestions: readonly Question[] = [
  one('optionOnlyRevoke', 'grants ALTER with the grant option and revokes the option alone', async (scene) => {
    const table = scene.onTable(await scene.table());
    const refused = unless(await scene.grant(table, ['ALTER'], { options: ['ALTER'] }), 'the grant option');
    await scene.settle();
    const code = await scene.revoke(table, [], { options: ['ALTER'] });
    if (refused || code !== 'ok') return refused ?? refusedOr(code, { value: 'allow' });
    const [row] = await scene.held(table);
    const isAsMeant =
      permissionsIn(row ? [row] : []).includes('ALTER') && row?.PermissionsWithGrantOption?.length === 0;
    return isAsMeant ? { value: 'allow' } : { open: `it was accepted, and left ${JSON.stringify(row ?? null)}` };
  }),
  one('revokeTakesOption', 'grants ALTER with the grant option and revokes ALTER alone', async (scene) => {
    const table = scene.onTable(await scene.table());
    const refused = unless(await scene.grant(table, ['ALTER'], { options: ['ALTER'] }), 'the grant option');
    await scene.settle();
    const second = refused ?? unless(await scene.revoke(table, ['ALTER']), 'the revoke');
    return second ?? { value: (await scene.held(table)).length === 0 };
  }),
  one('revokePartlyHeld', 'grants ALTER on a table and revokes ALTER and DROP', async (scene) => {
    const table = scene.onTable(await scene.table());
    const refused = unless(await scene.grant(table, ['ALTER']), 'ALTER on a table');
    await scene.settle();
    return refused ?? refusedOr(await scene.revoke(table, ['ALTER', 'DROP']), { value: 'allow' });
  }),
  one('revokeChecksColumns', 'grants SELECT on a column, drops the column, revokes', async (scene) => {
    const name = await scene.table();
    const { database, clients } = scene.parts;
    const refused = unless(await scene.grant(scene.onColumns(name, 'id'), ['SELECT']), 'the column list');
    if (refused) return refused;
    const Columns = [{ Name: 'total', Type: 'string' }];
    const TableInput = { Name: name, StorageDescriptor: { Columns }, TableType: 'EXTERNAL_TABLE' };
    await clients.glue.send(new UpdateTableCommand({ DatabaseName: database, TableInput }));
    await scene.settle();
    const code = await scene.revoke(scene.onColumns(name, 'id'), ['SELECT']);
    if (code === 'ok') return { value: false };
    return code === 'InvalidInputException' ? { value: true } : { open: `the revoke answered ${code}` };
  }),
  one('grantsSurviveTableDrop', 'grants ALTER on a table, deletes it, makes it again, lists it', async (scene) => {
    const name = await scene.table();
    const { database, clients } = scene.parts;
    const refused = unless(await scene.grant(scene.onTable(name), ['ALTER']), 'ALTER on a table');
    if (refused) return refused;
    await scene.settle();
    await clients.glue.send(new DeleteTableCommand({ DatabaseName: database, Name: name }));
    await scene.settle();
    await createTable(clients, database, name);
    return { value: permissionsIn(await scene.held(scene.onTable(name))).includes('ALTER') };
  }),
  {
    switches: ['noopMovesLastUpdated', 'lastUpdatedByForm'],
    does: 'grants DESCRIBE on a table twice, two seconds apart, and lists it after each',
    ask: async (scene) => {
      const table = scene.onTable(await scene.table());
      await scene.grant(table, ['DESCRIBE']);
      const [before] = await scene.held(table);
      await new Promise((resolve) => setTimeout(resolve, Math.max(20, Math.min(2000, scene.parts.wait))));
      await scene.grant(table, ['DESCRIBE']);
      const [after] = await scene.held(table);
      const [first, second] = [before?.LastUpdated?.getTime(), after?.LastUpdated?.getTime()];
      const moved: Answer =
        first === undefined || second === undefined
          ? { open: 'rows carry no LastUpdated' }
          : { value: first !== second };
      return { noopMovesLastUpdated: moved, lastUpdatedByForm: formOf(after?.LastUpdatedBy, scene.parts.caller) };
    },
  },
];

function formOf(by: string | undefined, caller: string): Answer {
  if (!caller.includes(':assumed-role/')) return { open: `takes a caller who has assumed a role, not ${caller}` };
  if (by === caller) return { value: 'session' };
  return by?.includes(':role/') === true ? { value: 'role' } : { open: `rows say ${by ?? 'nothing'}` };
}
