import { readdir, readFile, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Stage, setStage, writesOf } from '../support/stage.ts';
import { central, region } from '../support/town.ts';

const why = ['--reason', 'Key leaked'];
const until = ['--until', '2999-12-31'];

/** A stage on which everything is as the mesh says. */
async function applied(): Promise<Stage> {
  const stage = await setStage();
  expect((await stage.run(['apply', '--trust-root', 'HEAD'])).code).toBe(0);
  return stage;
}

const meshFile = ({ directory }: Stage): Promise<string> => readFile(join(directory, 'mesh/mesh.yaml'), 'utf8');

/** What principals hold in the lake, each a line. */
function held({ emulator }: Stage): readonly string[] {
  return emulator
    .snapshot(central, region)
    .atoms.map(({ principal, permission, resource: { kind, database, table, columns } }) =>
      [principal, permission, kind, database, table, ...(columns === undefined ? [] : [JSON.stringify(columns)])].join(
        ' ',
      ),
    );
}

describe.concurrent('revoke', { timeout: 120_000 }, () => {
  test('--now writes the hold, cuts what it holds and nothing else, and records it', async () => {
    const stage = await applied();
    const before = held(stage);
    const text = await meshFile(stage);
    // Drift that the hold is not about stays.
    await stage.git('rm', '--quiet', 'mesh/subscriptions/sales/stores/finance.yaml');
    const ran = await stage.run([
      'revoke',
      '--account',
      'marketing',
      '--product',
      'sales/orders',
      ...why,
      ...until,
      '--now',
    ]);
    expect(ran).toMatchObject({ code: 0, err: '' });
    expect(ran.out).toContain('+   - scope: { account: marketing, product: sales/orders }');
    expect(ran.out).toMatch(/Commit it and merge it soon/);
    expect(await meshFile(stage)).toBe(
      `${text}holds:\n  - scope: { account: marketing, product: sales/orders }\n    reason: Key leaked\n    until: 2999-12-31\n`,
    );
    const isCut = (line: string): boolean => /^(333344445555|arn:aws:iam::333344445555:\S+) .* sales\b/.test(line);
    expect(before.some(isCut)).toBe(true);
    expect(held(stage)).toEqual(before.filter((line) => !isCut(line)));
    const [start, ...rest] = (await stage.ledger()).filter(({ run }, _, all) => run === all.at(-1)?.run);
    expect(start).toMatchObject({ standing: [{ kind: 'hold', reason: 'Key leaked', state: 'in force' }] });
    expect(new Set(rest.flatMap(({ reason }) => reason ?? []))).toEqual(new Set(['held']));
    // Again: it is held already, and there is nothing to do.
    const again = await stage.run(['revoke', '--product', 'sales/orders', '--account', 'marketing', '--now']);
    expect(again).toMatchObject({ code: 0, err: '' });
    expect(again.out).toMatch(/^mesh\/mesh\.yaml holds this already, until 2999-12-31\n[\s\S]*Nothing to do\.\n/);
  });

  test('killed half-way and run again, it finishes', async () => {
    const stage = await applied();
    stage.emulator.setFaults([{ kind: 'hang', operation: 'BatchRevokePermissions' }]);
    const running = stage.start(['revoke', '--principal', 'marketing', ...why, '--now']);
    for (let look = 0; look < 1000 && !stage.emulator.journal().some(({ code }) => code === 'hang'); look += 1)
      await new Promise((resolve) => setTimeout(resolve, 10));
    running.child.kill('SIGKILL');
    expect(await running.ended).toMatchObject({ signal: 'SIGKILL' });
    expect(await meshFile(stage)).toContain('principal: marketing');
    stage.emulator.setFaults([]);
    expect(await stage.run(['revoke', '--principal', 'marketing', '--now'])).toMatchObject({ code: 0, err: '' });
    expect(held(stage).filter((line) => line.startsWith('333344445555 '))).toEqual([]);
    // And an apply of what is not committed keeps it so.
    expect((await stage.run(['apply', '--trust-root', 'HEAD'])).code).toBe(0);
    expect(held(stage).filter((line) => line.startsWith('333344445555 '))).toEqual([]);
  });

  test('asked for longer, a hold gets its later end, and a new reason where one is given', async () => {
    const stage = await setStage();
    const text = await meshFile(stage);
    const hold = (until: string, reason: string): string =>
      `${text}holds:\n  - scope: { principal: marketing } # INC-1\n    reason: ${reason}\n    until: ${until}\n`;
    const asked = ['revoke', '--principal', 'marketing', '--until'];
    await stage.write('mesh/mesh.yaml', hold('2998-01-31', 'Leaked'));
    const earlier = await stage.run([...asked, '2998-01-30', '--reason', 'Less']);
    expect(earlier.out).toMatch(/^mesh\/mesh\.yaml holds this already, until 2998-01-31\n/);
    expect(await meshFile(stage)).toBe(hold('2998-01-31', 'Leaked'));
    const later = await stage.run([...asked, '2998-02-01']);
    expect(later).toMatchObject({ code: 0, err: '', out: expect.stringContaining('+     until: 2998-02-01') });
    expect(await meshFile(stage)).toBe(hold('2998-02-01', 'Leaked'));
    await stage.run([...asked, '2998-02-02', '--reason', 'Leaked again', '--now']);
    expect(await meshFile(stage)).toBe(hold('2998-02-02', 'Leaked again'));
  });

  test('two at once both stay held, and both are cut', async () => {
    const stage = await applied();
    const rans = await Promise.all(
      ['marketing', 'finance'].map((name) => stage.run(['revoke', '--principal', name, ...why, '--now'])),
    );
    expect(rans.map(({ code, err }) => ({ code, err }))).toEqual(Array(2).fill({ code: 0, err: '' }));
    const text = await meshFile(stage);
    expect(text.match(/principal: (marketing|finance) \}/g)?.toSorted()).toEqual([
      'principal: finance }',
      'principal: marketing }',
    ]);
    expect(held(stage).filter((line) => /^(333344445555|444455556666) /.test(line))).toEqual([]);
    expect((await readdir(join(stage.directory, 'mesh'))).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  test('what is saved while it plans stays, beside the hold', async () => {
    const stage = await setStage({ latencyMs: 150 });
    const text = await meshFile(stage);
    const running = stage.start(['revoke', '--principal', 'marketing', ...why, '--now']);
    for (let look = 0; look < 1000 && stage.emulator.journal().length === 0; look += 1)
      await new Promise((resolve) => setTimeout(resolve, 10));
    await stage.write('mesh/mesh.yaml', `# Saved by an editor\n${text}`);
    const ran = await running.ended;
    expect(ran).toMatchObject({ code: 0, err: '' });
    expect(ran.out).toContain('mesh/mesh.yaml was changed meanwhile, so this begins anew');
    const after = await meshFile(stage);
    expect(after.startsWith(`# Saved by an editor\n${text}holds:\n  - scope: { principal: marketing }\n`)).toBe(true);
    expect(after.match(/principal: marketing \}/g)).toHaveLength(1);
  });

  test('a lock that a killed run left is named, and nothing is written', async () => {
    const stage = await setStage();
    const text = await meshFile(stage);
    await stage.write('mesh/.mesh.yaml.lock', '');
    const lock = join(stage.directory, 'mesh/.mesh.yaml.lock');
    await utimes(lock, new Date(Date.now() - 120_000), new Date(Date.now() - 120_000));
    const ran = await stage.run(['revoke', '--principal', 'marketing', ...why, '--now']);
    expect(ran.code).toBe(1);
    expect(ran.err).toMatch(
      /NOT_WRITTEN mesh\/mesh\.yaml cannot be written: .*mesh\/\.mesh\.yaml\.lock.*older than a minute/,
    );
    expect(await meshFile(stage)).toBe(text);
    expect(writesOf(stage)).toEqual([]);
  });

  test('a column is cut out of lists and tables; the end of the hold gives it back, once it is proven', async () => {
    const stage = await applied();
    const before = held(stage);
    const scope = ['--table', 'items', '--column', 'price'];
    const cut = await stage.run(['revoke', ...scope, ...why, '--now', '--format', 'json']);
    expect(cut.code).toBe(0);
    expect(cut.err).toMatch(/^mesh\/mesh\.yaml:\d+\n/);
    const { plan, outcomes } = JSON.parse(cut.out);
    expect(plan.changes.map(({ verb, reason }: { verb: string; reason: string }) => `${verb} ${reason}`)).toEqual(
      Array(4).fill('replace held'),
    );
    expect(new Set(outcomes.map(({ status }: { status: string }) => status))).toEqual(new Set(['applied']));
    const left = held(stage).filter((line) => line.includes('SELECT table sales items'));
    expect(left.toSorted()).toEqual([
      '333344445555 SELECT table sales items {"include":["id"]}',
      '444455556666 SELECT table sales items {"include":["id"]}',
    ]);
    await stage.git('commit', '--quiet', '--all', '--message', 'Hold');
    expect((await stage.run(['apply', '--trust-root', 'HEAD'])).out).toMatch(/Nothing to do/);
    const end = await stage.run(['revoke', ...scope, '--end']);
    expect(end).toMatchObject({ code: 0, err: '' });
    expect(await stage.git('diff', 'HEAD~1', '--', 'mesh')).toBe('');
    expect((await stage.run(['apply'])).code).toBe(4);
    await stage.git('commit', '--quiet', '--all', '--message', 'End');
    expect((await stage.run(['apply', '--trust-root', 'HEAD'])).code).toBe(0);
    expect(held(stage).toSorted()).toEqual(before.toSorted());
  });

  test('without --now it writes the hold and shows the cut, also where no lake answers; --dry-run writes nothing', async () => {
    const stage = await applied();
    const text = await meshFile(stage);
    const writes = writesOf(stage).length;
    const dry = await stage.run(['revoke', '--product', 'sales/stores', ...why, '--dry-run', '--now']);
    expect(dry).toMatchObject({ code: 0, err: '' });
    expect(dry.out).toMatch(/\+ holds:[\s\S]*- revoke .*\(held\)[\s\S]*Plan: 16 to revoke/);
    expect(await meshFile(stage)).toBe(text);
    const away = await stage.run(['revoke', '--product', 'sales/stores', ...why], {
      AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
    });
    expect(away.code).toBe(5);
    expect(away.err).toMatch(/NO_CONNECTION[\s\S]*What the hold cuts cannot be shown\./);
    expect(await meshFile(stage)).toContain('product: sales/stores');
    const near = await stage.run(['revoke', '--principal', 'finance', ...why]);
    expect(near).toMatchObject({ code: 0, err: '' });
    expect(near.out).toMatch(/run this again with --now/);
    expect(writesOf(stage)).toHaveLength(writes);
    const unable = await stage.run(['revoke', '--table', 'visits', ...why, '--now'], {
      AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
    });
    expect(unable).toMatchObject({ code: 1, out: expect.stringContaining('+   - scope: { table: visits }') });
    expect(unable.err).toMatch(/Nothing was written\.\n$/);
    expect(await meshFile(stage)).not.toContain('visits');
  });

  test('what is typed wrong is told, and nothing is written', async () => {
    const stage = await setStage();
    const text = await meshFile(stage);
    const typed: readonly (readonly [readonly string[], RegExp])[] = [
      [[], /^NO_SCOPE /],
      [['--principal', 'finance'], /^NO_REASON .*--reason TEXT/],
      [['--principal', 'finanse', ...why], /^UNKNOWN_PRINCIPAL .*did you mean "finance"\?/],
      [['--principal', 'finance', ...why, '--until', '2027-02-30'], /^BAD_DATE /],
      [['--principal', 'finance', ...why, '--until', '2020-01-01'], /^BAD_DATE .*has passed/],
      [['--table', '/shops/', ...why], /^BAD_PATTERN /],
      [['--principal', 'finance', '--end'], /^NO_HOLD .*it has none/],
      [['--principal', 'finance', '--end', '--now'], /^BAD_OPTION /],
    ];
    for (const [args, expected] of typed)
      expect(await stage.run(['revoke', ...args])).toMatchObject({ code: 1, err: expect.stringMatching(expected) });
    expect(await meshFile(stage)).toBe(text);
    expect(stage.emulator.journal()).toEqual([]);
  });

  test('holds from a file count beside those of mesh.yaml', async () => {
    const stage = await applied();
    await stage.write(
      'more.yaml',
      'holds:\n  - { scope: { principal: finance }, reason: An open pull request, until: 2999-12-31 }\n',
    );
    const planned = await stage.run(['plan', '--trust-root', 'HEAD', '--holds', 'more.yaml']);
    expect(planned.out).toMatch(
      /\(held\)[\s\S]*hold on principal finance, in force, cuts 12 permissions now: An open pull request \(more\.yaml:2/,
    );
    await stage.write(
      'more.yaml',
      'holds:\n  - { scope: { principal: finanse, table: "/x/" }, reason: Typed in haste, until: 2999-12-31 }\n',
    );
    const wrong = await stage.run(['plan', '--holds', 'more.yaml']);
    expect(wrong.code).toBe(1);
    expect(wrong.err).toMatch(
      /more\.yaml:2:\d+ BAD_PATTERN[\s\S]*more\.yaml:2:\d+ UNKNOWN_PRINCIPAL|UNKNOWN_PRINCIPAL[\s\S]*BAD_PATTERN/,
    );
    expect((await stage.run(['plan', '--holds', 'none.yaml'])).err).toMatch(/^NO_HOLDS_FILE /);
  });
});
