import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { bootstrap, meshIn, repository, setUpMesh } from '../support/bootstrap-mesh.ts';

const example = ['--mesh', fileURLToPath(new URL('../../mesh', import.meta.url))];
const cases: readonly (readonly [string, readonly string[]])[] = [
  ['central.yaml', ['central', ...repository]],
  ['central-open-to-pull-requests.yaml', ['central', ...repository, '--pull-requests', '--close-defaults']],
  ['producer.yaml', ['retail', '--data-role', 'arn:aws:iam::111122223333:role/lake-data']],
  ['consumer.md', ['research', '--format', 'markdown']],
  ['both.json', ['city', '--format', 'json']],
];

describe('what bootstrap prints for the example', () => {
  test.each(cases)('%s', async (name, args) => {
    const ran = await bootstrap([...args, ...example]);
    expect(ran).toMatchObject({ code: 0, err: '' });
    await expect(ran.out).toMatchFileSnapshot(`../golden/bootstrap/${name}`);
  });

  test('the roles of an account are those that its own file names', async () => {
    const { out } = await bootstrap(['research', '--format', 'json', ...example]);
    expect(JSON.parse(out).template.Resources.Apply.Properties.RoleName).toBe('data-mesh-apply');
    const central = await bootstrap([...repository, '--format', 'json', ...example]);
    expect(central.out).toContain('arn:aws:iam::555566667777:role/data-mesh-apply');
  });
});

describe('an account with links in another region', () => {
  test('has rights in both catalogs, and settings in each', async () => {
    const mesh = await meshIn(setUpMesh('111122223333'));
    const { out } = await bootstrap(['sales', '--format', 'json', '--mesh', mesh]);
    const { template, steps } = JSON.parse(out);
    const { Policies } = template.Resources.Apply.Properties;
    const resources: readonly string[] = Policies[0].PolicyDocument.Statement.flatMap(
      ({ Resource }: { Resource: string | readonly string[] }) => Resource,
    );
    const on = (region: string) =>
      resources.filter((arn) => arn.startsWith(`arn:aws:glue:${region}:222233334444:`)).length;
    expect([on('eu-west-1'), on('eu-north-1')]).toEqual([on('eu-north-1'), expect.any(Number)]);
    expect(on('eu-north-1')).toBeGreaterThan(3);
    const titles = steps.map(({ title }: { title: string }) => title);
    expect(titles.slice(1, 3)).toEqual(['The data lake settings', 'The data lake settings in eu-north-1']);
    expect(steps[2].commands.join(' ')).toContain('--region eu-north-1');
    expect(steps.at(-1).commands.filter((one: string) => one.includes('put-data-lake-settings'))).toHaveLength(2);
  });
});

describe('the role for public metadata', () => {
  test('is made where the public reader is a role of the central account, and reads no data', async () => {
    const mesh = await meshIn(setUpMesh('111122223333'));
    const { Resources } = parse((await bootstrap([...repository, '--mesh', mesh])).out);
    const { RoleName, Policies, AssumeRolePolicyDocument } = Resources.PublicReader.Properties;
    expect(RoleName).toBe('town-visitors');
    const actions = Policies[0].PolicyDocument.Statement.flatMap(({ Action }: { Action: string[] }) => Action);
    expect(actions.every((action: string) => /^glue:(Get(Database|Table)s?|SearchTables)$/.test(action))).toBe(true);
    expect(AssumeRolePolicyDocument.Statement[0].Principal.AWS).toEqual(
      ['111122223333', '222233334444', '444455556666'].map((account) => `arn:aws:iam::${account}:root`),
    );
  });
});

describe('nobody is trusted by a wildcard', () => {
  test.each(cases)('%s', async (_, args) => {
    const { out } = await bootstrap([...args.filter((arg) => !/markdown|json|--format/.test(arg)), ...example]);
    const resources: readonly { Properties: { AssumeRolePolicyDocument?: { Statement: readonly object[] } } }[] =
      Object.values(parse(out).Resources);
    const statements = resources.flatMap(({ Properties }) => Properties.AssumeRolePolicyDocument?.Statement ?? []);
    expect(statements.length).toBeGreaterThan(1);
    for (const statement of statements) {
      expect(JSON.stringify((statement as { Principal: object }).Principal)).not.toContain('*');
      expect(statement).toHaveProperty('Condition');
      const { StringEquals = {}, ArnEquals = {} } = (statement as { Condition: Record<string, object> }).Condition;
      expect(JSON.stringify([StringEquals, ArnEquals])).not.toContain('*');
    }
  });
});

describe('what cannot be set up is said', () => {
  test.each([
    [['nobody', ...example], 'UNKNOWN_ACCOUNT', 'central or one of central, city, health'],
    [['central', ...example], 'NO_REPOSITORY', 'gh api repos/{owner}/{repo}'],
    [['central', '--repository', 'acme/mesh', ...example], 'BAD_OPTION', 'owner@id/name@id'],
    [['central', '--repository', 'acme@1/*@2', ...example], 'BAD_OPTION', 'owner@id/name@id'],
    [['central', '--cross-account-version', '2', ...repository, ...example], 'BAD_OPTION', 'from 3 to 9'],
    [['--remove', '--deploy', ...example], 'USAGE', 'cannot be used with'],
    [['marketing', '--deploy', '--mesh', '/nowhere'], 'NO_MESH', ''],
  ])('%j', async (args, code, text) => {
    const ran = await bootstrap(args);
    expect(ran.code).toBe(1);
    expect(ran.out).toBe('');
    expect(ran.err).toContain(code);
    expect(ran.err).toContain(text);
  });

  test('in GitHub Actions the repository is its own', async () => {
    const env = { GITHUB_REPOSITORY: 'acme/mesh', GITHUB_REPOSITORY_ID: '2002', GITHUB_REPOSITORY_OWNER_ID: '1001' };
    const [asked, told] = [await bootstrap([...repository, ...example]), await bootstrap(example, env)];
    expect(told).toEqual(asked);
  });
});

describe('a mesh of many accounts', () => {
  const account = (index: number): readonly [string, string] => {
    const id = String(300_000_000_000 + index);
    const text = `apiVersion: meshgate/v1\nkind: Account\nid: "${id}"\nroles: [consumer]\nowners: [{ login: bob, id: 2 }]\n`;
    return [`accounts/a${index}.yaml`, text];
  };
  const meshOf = (count: number, more: Readonly<Record<string, string>> = {}) =>
    meshIn({
      'mesh.yaml': setUpMesh('111122223333')['mesh.yaml']?.replace('publicReader: visitors\n', '') ?? '',
      ...Object.fromEntries(Array.from({ length: count }, (_, index) => account(index))),
      ...more,
    });

  test('200 accounts: every policy and the template stay within what AWS takes, and no account is left out', async () => {
    const { out } = await bootstrap([...repository, '--format', 'json', '--mesh', await meshOf(200)]);
    const { template } = JSON.parse(out);
    expect(JSON.stringify(template).length).toBeLessThan(51_200);
    const policies = Object.entries<{ Properties: { PolicyDocument: { Statement: { Resource: string[] }[] } } }>(
      template.Resources,
    ).filter(([name]) => name.startsWith('ApplyMembers'));
    expect(policies.length).toBeGreaterThan(1);
    for (const [, { Properties }] of policies)
      expect(JSON.stringify(Properties.PolicyDocument).length).toBeLessThanOrEqual(6144);
    const reached = policies.flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement[0]?.Resource ?? []);
    expect(new Set(reached).size).toBe(200);
  });

  test('too many accounts are said to be too many', async () => {
    const ran = await bootstrap([...repository, '--mesh', await meshOf(600)]);
    expect(ran.code).toBe(1);
    expect(ran.err).toContain('TOO_LARGE');
  });
});
