import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { startEmulator } from '../../src/emulator/emulator.ts';
import { faultKinds } from '../../src/emulator/faults.ts';
import type { Atom, Change, JournalEntry } from '../../src/emulator/journal.ts';
import type { Snapshot } from '../../src/emulator/snapshot.ts';
import { caseText, readCases } from '../campaign/case-file.ts';
import { type Family, families, familyOf } from '../campaign/draw.ts';
import { kindOf } from '../campaign/kind.ts';
import { catalogIn, filesOfRuns, type LawCase, lawMeshOf, pastOf, regionOf, withRegion } from '../campaign/law-case.ts';
import { draw } from '../campaign/one.ts';
import { asked } from '../campaign/options.ts';
import { replay } from '../campaign/replay.ts';
import { shrink, shrinkFinding } from '../campaign/shrink.ts';
import { Tally } from '../campaign/tally.ts';
import { tryCase } from '../campaign/trial.ts';
import { turns } from '../campaign/weather.ts';
import { BadArgument } from '../support/arguments.ts';
import { follow } from '../support/law-check.ts';
import { followImports } from '../support/law-imports.ts';
import { accounts, type LawMesh, shared } from '../support/law-mesh.ts';
import { central, region } from '../support/law-place.ts';

const names = Object.keys(families) as Family[];

describe('the command line', () => {
  test.each([
    ['--count', 'abc'],
    ['--count', '0'],
    ['--count=-5'],
    ['--count', '1e3'],
    ['--from', '10000'],
    ['--seed', 'foo'],
    ['--jobs', '0'],
    ['--shrink-seconds', 'x'],
    ['--law', '99'],
    ['--law', '1x'],
    ['--family', 'toString'],
    ['--replay'],
    ['a-file.yaml'],
    ['--bogus'],
  ])('%s %s would try nothing, or something else', (...args) => {
    expect(() => asked(args)).toThrow(BadArgument);
  });

  test('laws and families add up', () => {
    expect(asked(['--law', '8', '--family', 'git'])).toMatchObject({ campaign: { only: ['git', 'more'], seed: 1 } });
  });

  test.each(['no-such-file.yaml', 'README.md', 'package.json'])('%s holds no cases to replay', async (file) => {
    await expect(replay([file])).rejects.toThrow(BadArgument);
  });
});

describe('drawing', () => {
  test('the same seed and number draw the same case', () => {
    for (const index of [0, 7, 33])
      expect(draw({ seed: 5, index, only: [] })).toEqual(draw({ seed: 5, index, only: [] }));
    expect(draw({ seed: 5, index: 7, only: [] })).not.toEqual(draw({ seed: 6, index: 7, only: [] }));
  });

  test('what products say of IAM_ALLOWED_PRINCIPALS changes no other case, and of its own what it must alone', () => {
    const at = (index: number, iamIn: number): LawCase => draw({ seed: 3, index, only: ['history'], iamIn }).one;
    const words = (one: LawCase): readonly string[] => JSON.stringify(one).match(/"iamAllowedPrincipals":"\w+"/g) ?? [];
    expect(at(1, 5)).toEqual(at(1, 1_000_000));
    const [said, bare] = [at(5, 5), at(5, 1_000_000)];
    expect([words(said).length > 0, words(bare)]).toEqual([true, []]);
    const catalogs = [said, bare].map(({ seed }) => Object.keys(regionOf(seed).databases ?? {}));
    expect(catalogs[0]).toEqual(catalogs[1]);
    expect(said.runs.map(({ mesh }) => Object.keys(mesh ?? {}))).toEqual(
      bare.runs.map(({ mesh }) => Object.keys(mesh ?? {})),
    );
  });

  test('ten thousand cases go through every family, every fault and every pair of switches', () => {
    const drawn = Array.from({ length: 10_000 }, (_, index) => familyOf(index, []));
    const turnsOf = (family: Family): readonly number[] =>
      drawn.filter((one) => one.family === family).map(({ turn }) => turn);
    for (const family of names) expect(new Set(turnsOf(family)).size).toBe(turnsOf(family).length);
    for (const family of names) expect(turnsOf(family)).toHaveLength(families[family].share * 200);
    expect(new Set(turnsOf('switches').map((turn) => turn % turns.length)).size).toBe(turns.length);
    expect(new Set(turnsOf('weather').map((turn) => turn % faultKinds.length)).size).toBe(faultKinds.length);
  });

  test.each(names)('what is drawn for %s keeps the laws, and can be written down and read back', async (family) => {
    // The first reaches into consumers' accounts, and says what becomes of IAM_ALLOWED_PRINCIPALS.
    for (const index of [0, 1]) {
      const { one } = draw({ seed: 3, index, only: [family] });
      const { findings, legal } = await tryCase(one);
      expect(findings).toEqual([]);
      const [again] = readCases(caseText(legal, ['A remark\non two lines']), 'a file');
      expect(again).toEqual(JSON.parse(JSON.stringify(legal)));
    }
  });
});

describe('the checker', () => {
  const { one } = draw({ seed: 3, index: 1, only: ['history'] });
  const emptied = withRegion(one.seed, { ...regionOf(one.seed), grants: [], filters: [] });
  const mesh = lawMeshOf(filesOfRuns(one.runs).at(-1) ?? {});
  const { product, table } = { product: Object.values(mesh.products)[0], table: 'z1' };
  const atom = (principal: string): Atom => ({
    principal,
    resource: { kind: 'table', catalogId: central, database: product?.database ?? '', table },
    permission: 'DROP',
    grantable: false,
  });
  const judge = async (before: readonly Atom[], change: Change): Promise<readonly string[]> => {
    const emulator = await startEmulator({ seed: emptied });
    const snapshot = emulator.snapshot(central, region);
    await emulator.close();
    const entry = { index: 0, operation: 'BatchGrantPermissions', changes: [change] } as unknown as JournalEntry;
    const { wrongs } = follow({
      mesh,
      catalog: catalogIn(emptied),
      unproven: new Set(),
      before: {
        ...snapshot,
        atoms: before.map((held) => ({ ...held, lastUpdated: 0, lastUpdatedBy: '', shareArns: [] })),
      },
      journal: [entry],
    });
    return wrongs;
  };

  test('sees a grant that no file asks for', async () => {
    const what = atom(accounts['research']?.id ?? '');
    expect(await judge([], { verb: 'grant', what })).toEqual([expect.stringMatching(/^0 BatchGrantPermissions gave /)]);
  });

  test.each([
    ['protected', shared['break-glass'] ?? ''],
    ['nobody’s', 'arn:aws:iam::666677778888:role/outsider'],
  ])('sees a revoke of what is %s', async (_, principal) => {
    const what = atom(principal);
    expect(await judge([what], { verb: 'revoke', what })).toEqual([expect.stringMatching(/ took .*, which is /)]);
  });
});

describe("the checker of a consumer's lake", () => {
  const [account, stranger] = ['444455556666', '666677778888'];
  const table = readFileSync(new URL('../cases/laws/imports.yaml', import.meta.url), 'utf8');
  const one = readCases(table, 'imports.yaml').find(({ title }) => title.startsWith('a link that nobody needs stays'));
  const run = one?.runs[0];
  if (one === undefined || run === undefined) throw new Error('the case is gone');
  const files = filesOfRuns(one.runs).at(-1) ?? {};
  const judge = async (change: Change): Promise<readonly string[]> => {
    const emulator = await startEmulator({ seed: one.seed });
    const before = emulator.snapshot(account, region);
    const { shares } = emulator.snapshot(central, region);
    await emulator.close();
    const entry = { index: 0, operation: 'Call', account, changes: [change] } as unknown as JournalEntry;
    const { wrongs } = followImports({
      mesh: lawMeshOf(files, pastOf(run, files)),
      catalog: catalogIn(one.seed),
      unproven: new Set(),
      open: new Set(),
      account,
      before,
      journal: [entry],
      shares,
    });
    return wrongs;
  };
  const atom = (principal: string, database: string): Atom => ({
    principal,
    resource: { kind: 'database', catalogId: account, database },
    permission: 'DESCRIBE',
    grantable: false,
  });
  const link = { TargetDatabase: { CatalogId: central, DatabaseName: 'sales' } };

  test.each<readonly [string, Change, RegExp]>([
    [
      'a link that no file asks for',
      { verb: 'create', what: { kind: 'database', catalogId: account, name: 'other', value: link } },
      /gave the link other/,
    ],
    [
      'an invitation of a stranger',
      {
        verb: 'update',
        what: { kind: 'invitation', catalogId: account, name: `${stranger} LakeFormation-x`, value: 'ACCEPTED' },
      },
      /a stranger's/,
    ],
    [
      'a grant on a link that no file asks for',
      { verb: 'grant', what: atom(`arn:aws:iam::${account}:role/analysts`, 'town') },
      /gave /,
    ],
    [
      "a revoke of a stranger's grant on a link",
      { verb: 'revoke', what: atom(`arn:aws:iam::${account}:role/stranger`, 'town') },
      /took .*nobody lists it/,
    ],
    [
      "the end of what is nobody's link",
      { verb: 'delete', what: { kind: 'database', catalogId: account, name: 'own' } },
      /took the link own/,
    ],
  ])('sees %s', async (_, change, text) => {
    expect(await judge(change)).toEqual([expect.stringMatching(text)]);
  });

  test('and lets a link go that no file asks for any more', async () => {
    expect(await judge({ verb: 'delete', what: { kind: 'database', catalogId: account, name: 'town' } })).toEqual([]);
  });
});

describe('the checker of opt-ins and of what IAM_ALLOWED_PRINCIPALS holds', () => {
  const [reporting = '', outsider] = [shared['reporting'], 'arn:aws:iam::666677778888:role/outsider'];
  const head = { apiVersion: 'meshgate/v1' } as const;
  const meshOf = (iamAllowedPrincipals: 'hybrid' | 'revoke'): LawMesh => ({
    mesh: {
      ...head,
      kind: 'Mesh',
      name: 'law',
      central: { account: central, region },
      administrators: [],
      principals: shared,
    },
    accounts,
    products: {
      'dom/p0': {
        ...head,
        kind: 'DataProduct',
        producer: 'retail',
        database: 'sales',
        tables: { a1: null },
        iamAllowedPrincipals,
        grants: [{ principals: ['reporting'], access: [{ tables: ['a1'], permissions: ['SELECT'] }] }],
      },
    },
    subscriptions: {},
  });
  const table = {
    name: 'a1',
    database: 'sales',
    columns: ['c1'],
    keys: [],
    isFlagged: false,
    flagged: new Set<string>(),
  };
  const select = (principal: string, permission: Atom['permission'] = 'SELECT'): Atom => ({
    principal,
    resource: { kind: 'table', catalogId: central, database: 'sales', table: 'a1' },
    permission,
    grantable: false,
  });
  const byIam = select('IAM_ALLOWED_PRINCIPALS', 'ALL');
  const on = { Table: { DatabaseName: 'sales', Name: 'a1' } };
  const opting = (verb: 'create' | 'delete', principal: string): Partial<JournalEntry> => ({
    request: { Principal: { DataLakePrincipalIdentifier: principal }, Resource: on },
    changes: [{ verb, what: { kind: 'opt-in', catalogId: central, name: principal } }],
  });
  const doing = (verb: 'grant' | 'revoke', what: Atom): Partial<JournalEntry> => ({ changes: [{ verb, what }] });
  interface Run {
    readonly held?: readonly Atom[];
    readonly optedIn?: readonly string[];
    readonly says?: 'hybrid' | 'revoke';
    readonly calls: readonly Partial<JournalEntry>[];
  }
  const judge = ({ held = [byIam], optedIn = [], says = 'hybrid', calls }: Run): readonly string[] => {
    const before = {
      atoms: held,
      optIns: optedIn.map((principal) => ({ principal, resource: on })),
      filters: [],
      databases: [],
    };
    return follow({
      mesh: { ...meshOf(says), past: [meshOf('hybrid')] },
      catalog: {
        tables: [{ ...table, creator: undefined }],
        flaggedDatabases: new Set(),
        administrators: [],
        readOnlyAdministrators: [],
      },
      unproven: new Set(),
      before: before as unknown as Snapshot,
      journal: calls.map((call, index) => ({ index, operation: 'Call', ...call }) as unknown as JournalEntry),
    }).wrongs;
  };

  test.each<readonly [string, Run, RegExp]>([
    [
      'an opt-in that no file asks for',
      { calls: [opting('create', outsider)] },
      /gave the opt-in .*no proven file asks/,
    ],
    [
      'the end of an opt-in that is asked for',
      { held: [select(reporting)], optedIn: [reporting], calls: [opting('delete', reporting)] },
      /took the opt-in .*asked for/,
    ],
    [
      "the end of a stranger's opt-in",
      { held: [], optedIn: [outsider], calls: [opting('delete', outsider)] },
      /took the opt-in .*nobody declares/,
    ],
    [
      'IAM_ALLOWED_PRINCIPALS going from hybrid access',
      { held: [byIam, select(reporting)], calls: [doing('revoke', byIam)] },
      /took .*protected/,
    ],
    [
      'IAM_ALLOWED_PRINCIPALS going before somebody has a permission',
      { says: 'revoke', calls: [doing('revoke', byIam), doing('grant', select(reporting))] },
      /cut off .*sales\.a1 after 1 changes/,
    ],
    [
      'somebody opted in before the permission is there',
      { calls: [opting('create', reporting)] },
      /cut off .*sales\.a1 after 1 changes/,
    ],
    [
      'somebody left to IAM before that is closed',
      {
        says: 'revoke',
        held: [byIam, select(reporting)],
        optedIn: [reporting],
        calls: [opting('delete', reporting), doing('revoke', byIam)],
      },
      /let .* in to sales\.a1 through IAM/,
    ],
  ])('sees %s', (_, run, text) => {
    expect(judge(run)).toEqual([expect.stringMatching(text)]);
  });

  test.each<readonly [string, Run]>([
    ['a permission and then an opt-in', { calls: [doing('grant', select(reporting)), opting('create', reporting)] }],
    [
      'IAM_ALLOWED_PRINCIPALS going after the permission, and the opt-in at last',
      {
        says: 'revoke',
        optedIn: [reporting],
        calls: [doing('grant', select(reporting)), doing('revoke', byIam), opting('delete', reporting)],
      },
    ],
  ])('and lets pass %s', (_, run) => {
    expect(judge(run)).toEqual([]);
  });
});

test('a failing case is made smaller as long as it fails, and no further', async () => {
  const { one } = draw({ seed: 3, index: 1, only: ['weather'] });
  const fails = async ({ seed, runs }: LawCase): Promise<boolean> =>
    JSON.stringify(seed ?? {}).includes('DataLakeAdmins') && runs?.some(({ faults }) => faults !== undefined);
  const smaller = await shrink(one, fails, 20);
  expect(await fails(one)).toBe(true);
  expect(await fails(smaller)).toBe(true);
  expect(smaller).toEqual({
    title: one.title,
    seed: { accounts: { [central]: { regions: { [region]: { settings: { DataLakeAdmins: [] } } } } } },
    runs: [{ faults: [] }],
  });
});

describe('a kind of finding', () => {
  const names = new Set(['sales', 'amount', 'select']);
  const kind = (text: string, law = 2): string => kindOf({ law, run: 0, text }, names);
  const key = (table: string): string =>
    `grant 111122223333:eu-west-1 arn:aws:iam::444455556666:role/analysts table 111122223333 sales ${table} - SELECT -`;

  test('is the same for other names, and places in the run', () => {
    expect(kind(`the next plan has grant ${key('order_01')}`)).toBe(kind(`the next plan has grant ${key('z1')}`));
    expect(kind('3 BatchGrantPermissions gave ["555566667777","table"]: c1, *')).toBe(
      kind('17 BatchGrantPermissions gave ["arn:aws:iam::444455556666:role/x","table"]: amount'),
    );
    expect(kind('order changes the plan at byte 8: …a b… or …c')).toBe(kind('order changes the plan at byte 90: …d'));
  });

  test('is another one for another law, another verb, or another reason behind the same names', () => {
    expect(kind('it lacks c1', 2)).not.toBe(kind('it lacks c1', 3));
    expect(kind(`the next plan has grant ${key('z1')}`)).not.toBe(kind(`the next plan has revoke ${key('z1')}`));
    expect(kind(`grant ${key('z1')} failed: Rate exceeded`)).not.toBe(
      kind(`grant ${key('z1')} failed: Insufficient Lake Formation permission(s)`),
    );
  });
});

test('a case is made smaller with what it breaks, and not with something else', async () => {
  const { one } = draw({ seed: 3, index: 1, only: ['weather'] });
  const [key] = Object.values(accounts).map(({ id }) => `["${id}","table","sales","z1"]`);
  // Without the administrator another thing goes wrong, with nearly the same words.
  const tryOne = async ({ seed, runs }: LawCase) => {
    const reason = JSON.stringify(seed).includes('DataLakeAdmins') ? 'Rate exceeded' : 'Access denied';
    const text = `grant ${key} failed: ${reason}`;
    return { findings: runs.some(({ faults }) => faults !== undefined) ? [{ law: 2, run: 0, text }] : [] };
  };
  const [finding] = (await tryOne(one)).findings;
  if (finding === undefined) throw new Error('the case breaks nothing');
  const smaller = await shrinkFinding({ one, finding }, tryOne, 20);
  expect(smaller.findings).toEqual([finding]);
  expect(smaller.again).toBe(3);
  expect(JSON.stringify(smaller.one.seed)).toContain('DataLakeAdmins');
  expect(JSON.stringify(smaller.one).length).toBeLessThan(JSON.stringify(one).length / 4);
});

test('a kind of fault that never struck is named', () => {
  const tally = new Tally(1);
  tally.add({
    index: 0,
    family: 'weather',
    milliseconds: 1,
    processor: 1,
    asked: { 3: 1 },
    struck: [['throttle', 2]],
    calls: 1,
    kills: 0,
    switches: {},
    findings: [],
  });
  tally.end();
  expect(tally.silent()).toContain('hang');
  expect(tally.silent()).toContain('law 8');
  expect(tally.silent()).not.toContain('throttle');
  expect(tally.text({ isWhole: true })).toMatch(/Never exercised: .*hang/);
});
