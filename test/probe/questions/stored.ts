import { type Answer, one, type Question, refusedOr, unless } from '../question.ts';
import { listsIn, permissionsIn } from '../scene.ts';

const isExpanded = (permissions: readonly string[]): Answer => ({ value: permissions.length > 1 });

/** How grants are stored. */
export const storedQuestions: readonly Question[] = [
  one('expandAllTable', 'grants ALL on a table and lists the table', async (scene) => {
    const table = scene.onTable(await scene.table());
    const refused = unless(await scene.grant(table, ['ALL']), 'ALL on a table');
    return refused ?? isExpanded(permissionsIn(await scene.held(table)));
  }),
  one('expandAllDatabase', 'grants ALL on the database, lists it, revokes it', async (scene) => {
    const database = scene.onDatabase();
    const refused = unless(await scene.grant(database, ['ALL']), 'ALL on a database');
    if (refused) return refused;
    const held = permissionsIn(await scene.held(database));
    await scene.revoke(database, [...new Set(held)] as 'ALL'[]);
    return isExpanded(held);
  }),
  one('allDroppedWithMember', 'grants ALL on a table, revokes ALTER, lists the table', async (scene) => {
    const table = scene.onTable(await scene.table());
    const refused = unless(await scene.grant(table, ['ALL']), 'ALL on a table');
    if (refused) return refused;
    if (!permissionsIn(await scene.held(table)).includes('ALTER'))
      return { open: 'ALL is not stored with its members' };
    const kept = unless(await scene.revoke(table, ['ALTER']), 'a revoke of ALTER');
    return kept ?? { value: !permissionsIn(await scene.held(table)).includes('ALL') };
  }),
  one('columnGrantAgainstModify', 'grants INSERT on a table, then SELECT on a column', async (scene) => {
    const name = await scene.table();
    const refused = unless(await scene.grant(scene.onTable(name), ['INSERT']), 'INSERT on a table');
    await scene.settle();
    return refused ?? refusedOr(await scene.grant(scene.onColumns(name, 'id'), ['SELECT']), { value: 'ignore' });
  }),
  one('grantOptionWithColumns', 'grants SELECT on a column with the grant option', async (scene) => {
    const columns = scene.onColumns(await scene.table(), 'id');
    return refusedOr(await scene.grant(columns, ['SELECT'], { options: ['SELECT'] }), { value: 'include-only' });
  }),
  one('columnListsCoexistWithTable', 'grants SELECT on a table, then on a column of it', async (scene) => {
    const name = await scene.table();
    const refused = unless(await scene.grant(scene.onTable(name), ['SELECT']), 'SELECT on a table');
    await scene.settle();
    return refused ?? refusedOr(await scene.grant(scene.onColumns(name, 'id'), ['SELECT']), { value: 'allow' });
  }),
  one('columnListStorage', 'grants SELECT on two columns one by one and lists the table', async (scene) => {
    const name = await scene.table();
    const codes = [
      await scene.grant(scene.onColumns(name, 'id'), ['SELECT']),
      await scene.grant(scene.onColumns(name, 'total'), ['SELECT']),
    ];
    if (codes.some((code) => code !== 'ok')) return { open: `the grants answered ${codes.join(', ')}` };
    return { value: listsIn(await scene.held(scene.onTable(name))).length > 1 ? 'rows' : 'merged' };
  }),
  one(
    'columnRevokeTakesOverlap',
    'grants two column lists that overlap, revokes one, lists the table',
    async (scene) => {
      const name = await scene.table();
      await scene.grant(scene.onColumns(name, 'id', 'total'), ['SELECT']);
      await scene.grant(scene.onColumns(name, 'email', 'id'), ['SELECT']);
      if (listsIn(await scene.held(scene.onTable(name))).length !== 2)
        return { open: 'the two lists are not stored as two rows, so none overlaps another' };
      const refused = unless(await scene.revoke(scene.onColumns(name, 'email', 'id'), ['SELECT']), 'the revoke');
      return (
        refused ?? {
          value: !listsIn(await scene.held(scene.onTable(name)))
            .flat()
            .includes('id'),
        }
      );
    },
  ),
  one(
    'columnsWidenedByIamAllowed',
    'grants ALL on a table of the sandbox to IAM_ALLOWED_PRINCIPALS, then SELECT on a column to the principal',
    async (scene) => {
      const name = await scene.table();
      const everyone = { principal: 'IAM_ALLOWED_PRINCIPALS' };
      const refused = unless(await scene.grant(scene.onTable(name), ['ALL'], everyone), 'ALL for everyone');
      await scene.settle();
      const second = refused ?? unless(await scene.grant(scene.onColumns(name, 'id'), ['SELECT']), 'the column list');
      return second ?? { value: listsIn(await scene.held(scene.onTable(name))).some((list) => list.length === 0) };
    },
  ),
];
