import {
  BatchGrantPermissionsCommand,
  ListDataCellsFilterCommand,
  ListPermissionsCommand,
} from '@aws-sdk/client-lakeformation';
import { codeOf } from '../aws.ts';
import { type Answer, one, type Question, refusedOr } from '../question.ts';
import { databaseOf, isSandbox } from '../sandbox.ts';
import type { Scene } from '../scene.ts';

/** How requests are checked, and how listings are cut. */
export const wireQuestions: readonly Question[] = [
  one('lakeFormationViolationCode', 'lists permissions with MaxResults 0', async (scene) => {
    const asked = new ListPermissionsCommand({ MaxResults: 0, Resource: scene.onDatabase() });
    const code = await scene.parts.clients.lakeFormation.send(asked).then(() => 'ok', codeOf);
    return code === 'ok' ? { open: 'it was answered' } : { value: code };
  }),
  one('unknownMembers', 'lists the database with a member that the API does not have', async (scene) => {
    const { lakeFormation } = scene.parts.clients;
    const name = 'meshgateProbe';
    lakeFormation.middlewareStack.add(
      (next) => (args) => {
        const request = args.request as { body: string | Uint8Array; headers: Record<string, string> };
        const body = typeof request.body === 'string' ? request.body : new TextDecoder().decode(request.body);
        request.body = JSON.stringify({ ...JSON.parse(body), MeshgateProbe: 1 });
        request.headers['content-length'] = String(Buffer.byteLength(request.body));
        return next(args);
      },
      { step: 'build', name },
    );
    try {
      await lakeFormation.send(new ListPermissionsCommand({ Resource: scene.onDatabase() }));
      return { value: 'ignore' };
    } catch (thrown) {
      return { value: 'refuse', note: codeOf(thrown) };
    } finally {
      lakeFormation.middlewareStack.remove(name);
    }
  }),
  one('brokenExpressions', 'makes a data cells filter whose row predicate is no PartiQL', async (scene) => {
    const code = await scene.filter(await scene.table(), 'broken', 'total >= (').then(() => 'ok', codeOf);
    return refusedOr(code, { value: 'accept' });
  }),
  one('duplicateBatchIds', 'grants DESCRIBE on a table twice in one batch, under one Id', async (scene) =>
    batch(scene, ['1', '1']),
  ),
  one('oversizeBatch', 'grants DESCRIBE on a table in a batch of 21 entries', async (scene) =>
    batch(
      scene,
      Array.from({ length: 21 }, (_, index) => String(index)),
    ),
  ),
  one('naturalConflicts', 'grants six permissions on a table at once, five times over', async (scene) => {
    const table = scene.onTable(await scene.table());
    // A grant that is tried again until it succeeds would hide what is looked for.
    for (let round = 0; round < 5; round += 1) {
      const permissions = ['DESCRIBE', 'ALTER', 'DROP', 'INSERT', 'DELETE', 'SELECT'] as const;
      const codes = await Promise.all(permissions.map((one) => scene.grant(table, [one], { tries: 1 })));
      if (codes.includes('ConcurrentModificationException')) return { value: true };
      const other = codes.find((code) => code !== 'ok');
      if (other !== undefined) return { open: `a grant answered ${other}` };
    }
    return { value: false, note: 'none in 30 writes that overlapped' };
  }),
  {
    switches: ['pageCuts', 'tokenSeconds'],
    does: 'makes 30 data cells filters on a table and lists them two to six to a page',
    ask: pages,
  },
];

async function batch(scene: Scene, ids: readonly string[]): Promise<Answer> {
  const table = scene.onTable(await scene.table());
  if (!isSandbox(databaseOf(table))) throw new Error('outside the sandbox');
  const entry = { Principal: { DataLakePrincipalIdentifier: scene.parts.principal }, Resource: table };
  const Entries = ids.map((Id) => ({ Id, ...entry, Permissions: ['DESCRIBE' as const] }));
  const sent = scene.parts.clients.lakeFormation.send(new BatchGrantPermissionsCommand({ Entries }));
  const code = await sent.then(() => 'ok', codeOf);
  if (code === 'ok') return { value: 'accept' };
  return ['InvalidInputException', 'ValidationException'].includes(code)
    ? { value: 'refuse' }
    : { open: `answered ${code}` };
}

async function pages(scene: Scene): Promise<Readonly<Record<string, Answer>>> {
  const table = await scene.table();
  for (let index = 0; index < 30; index += 1) await scene.filter(table, `f${index}`);
  await scene.settle();
  const Table = { DatabaseName: scene.parts.database, Name: table };
  let [all, cut] = [0, 0];
  let life: Answer = { open: 'no listing carried a token' };
  // Of a few pages a share says little.
  for (const MaxResults of [2, 3, 4, 5, 6]) {
    let NextToken: string | undefined;
    do {
      const before = Date.now();
      const answer = await scene.parts.clients.lakeFormation.send(
        new ListDataCellsFilterCommand({ Table, MaxResults, NextToken }),
      );
      NextToken = answer.NextToken;
      all += 1;
      if (NextToken && (answer.DataCellsFilters ?? []).length < MaxResults) cut += 1;
      if (NextToken && all === 1) life = lifeOf(NextToken, before);
    } while (NextToken);
  }
  const share = cut / all;
  return {
    pageCuts: {
      value: cut === 0 ? 'none' : share < 0.55 ? 'mild' : 'wild',
      note: `${cut} of ${all} pages were short or empty`,
    },
    tokenSeconds: life,
  };
}

/** How long a token is good, where it says so: a sample in the AWS CLI's examples does, in Base64 from the third character on. */
function lifeOf(token: string, now: number): Answer {
  for (const skipped of [0, 1, 2, 3]) {
    const text = Buffer.from(token.slice(skipped), 'base64').toString('latin1');
    const found = /"expir\w*":(?:\{"seconds":)?(\d{10,13})/.exec(text)?.[1];
    if (found === undefined) continue;
    const ends = Number(found) * (found.length > 10 ? 1 : 1000);
    return { value: Math.round((ends - now) / 1000), note: 'as the token says; not waited for' };
  }
  return { open: 'the token does not say when it expires; takes a wait of hours' };
}
