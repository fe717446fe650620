import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Fault } from '../../src/emulator/faults.ts';
import type { Seed, SeedPrincipal, SeedRegion } from '../../src/emulator/seed.ts';
import type { Env, Stage } from './stage.ts';
import { byHand, central, keysOf, openShops, townLake, townMesh } from './town.ts';

/** A town in which something is not as it should be, and what doctor says of it. */
export interface DoctorCase {
  readonly name: string;
  readonly lake?: Partial<SeedRegion>;
  /** Lays over what the emulator starts with. */
  readonly seed?: (seed: Seed) => Seed;
  readonly mesh?: Readonly<Record<string, string>>;
  readonly isInGit?: boolean;
  readonly env?: Env;
  readonly args?: readonly string[];
  readonly faults?: readonly Fault[];
  readonly prepare?: (stage: Stage) => Promise<unknown>;
  /** All that is not sound and no note: the code, `error`, `warning` or `unchecked`, and what the message and the rest hold. */
  readonly says: readonly (readonly [code: string, result: string, text: RegExp])[];
  readonly code: number;
}

const { settings = {} } = townLake;
const iam = [{ principal: 'IAM_ALLOWED_PRINCIPALS', permissions: ['ALL'] }];
const denied = (operation: string): Fault => ({ kind: 'access-denied', operation });
const share = {
  Effect: 'Allow',
  Action: 'glue:ShareResource',
  Principal: { Service: 'ram.amazonaws.com' },
  Resource: ['catalog', 'database/*', 'table/*/*'].map((one) => `arn:aws:glue:eu-west-1:111122223333:${one}`),
};
const at = (path: string) => ({ columns: { id: 'bigint' }, location: path });

const reporting = 'arn:aws:iam::111122223333:role/reporting';
const many = <T>(count: number, make: (n: number) => T): readonly T[] =>
  Array.from({ length: count }, (_, n) => make(n));
const tagged = (value: string) => ({
  LFTagPolicy: { ResourceType: 'TABLE', Expression: [{ TagKey: 'domain', TagValues: [value] }] },
});
const filter = (name: string) => ({
  DataCellsFilter: { TableCatalogId: '111122223333', DatabaseName: 'sales', TableName: 'orders', Name: name },
});

/** The central account with more said of its role admin. */
const admin =
  (more: Partial<SeedPrincipal>) =>
  (seed: Seed): Seed => {
    const { principals = [], ...rest } = seed.accounts[central] ?? {};
    const changed = principals.map((one) => (one.arn.endsWith(':role/admin') ? { ...one, ...more } : one));
    return { ...seed, accounts: { ...seed.accounts, [central]: { ...rest, principals: changed } } };
  };
const given = (table: object) => ({
  principal: '444455556666',
  resource: { Table: table as Readonly<Record<string, unknown>> },
  permissions: ['DESCRIBE'],
  withGrantOption: ['DESCRIBE'],
});

/** More foreign grants than fit on a few pages, and behind them a table of the town open to IAM. */
const foreign: Partial<SeedRegion> = {
  databases: {
    ...townLake.databases,
    far: { tables: Object.fromEntries(many(200, (n) => [`t${n}`, { columns: { id: 'bigint' } }])) },
  },
  grants: [
    ...many(200, (n) => ({
      principal: reporting,
      resource: { Table: { DatabaseName: 'far', Name: `t${n}` } },
      permissions: ['SELECT'],
    })),
    openShops,
  ],
};

/** What a role that is no administrator cannot see. */
const unseen = [
  'OPEN_TO_IAM',
  'DATABASE_DEFAULTS',
  'SHARES',
  'DATABASES',
  'REGISTERED',
  'HYBRID',
  'QUOTAS',
  'QUOTAS',
].map((code) => [code, 'unchecked', /./] as const);

/** All that needs the lake. */
/** What else is said where there is no commit to speak of. */
const restOfGit: DoctorCase['says'] = [
  ['GIT_HISTORY', 'unchecked', /./],
  ['GIT_BRANCH', 'unchecked', /./],
  ['TRUST_ROOT', 'warning', /./],
  ['CODEOWNERS', 'unchecked', /./],
];

/** What nobody can tell of a lake whose databases could not all be read. */
const withoutDatabases: DoctorCase['says'] = [
  ['DATABASE_DEFAULTS', 'unchecked', /./],
  ['DATABASES', 'unchecked', /./],
  ['REGISTERED', 'unchecked', /./],
  ['HYBRID', 'unchecked', /./],
  ['QUOTAS', 'unchecked', /how many tables/],
];

const lakeChecks = [
  'ADMINISTRATOR',
  'READ_RIGHTS',
  'WRITE_RIGHTS',
  'ROLE_TRUST',
  'ROLE_RIGHTS',
  'DEFAULT_PERMISSIONS',
  'LAST_ADMINISTRATOR',
  'OPEN_TO_IAM',
  'DATABASE_DEFAULTS',
  'CROSS_ACCOUNT_VERSION',
  'ACCOUNT_VERSIONS',
  'CATALOG_KEY',
  'RESOURCE_POLICY',
  'SHARES',
  'ACCOUNTS',
  'CONSUMER_STEPS',
  'DATABASES',
  'REGISTERED',
  'HYBRID',
  'BUCKET_POLICIES',
  'QUOTAS',
].map((code) => [code, 'unchecked', /./] as const);

/** The town's lake with two administrators, so that all is sound. */
export const sound: Partial<SeedRegion> = {
  settings: {
    ...settings,
    DataLakeAdmins: [...(settings.DataLakeAdmins ?? []), 'arn:aws:iam::111122223333:role/reporting'],
  },
};

export const doctorCases: readonly DoctorCase[] = [
  { name: 'nothing', says: [], code: 0 },
  { name: 'a read-only administrator', env: keysOf.reader, says: [], code: 0 },
  { name: 'a detached commit', prepare: ({ git }) => git('switch', '--quiet', '--detach'), says: [], code: 0 },
  {
    name: 'mesh files that are not valid',
    mesh: { 'accounts/sales.yaml': 'kind: Account\n' },
    says: [
      [
        'MESH_FILES',
        'error',
        /^mesh has \d+ problems, first mesh\/accounts\/sales\.yaml:\d+:\d+ [A-Z_]+ .*meshgate validate --mesh mesh$/s,
      ],
      ['CODEOWNERS', 'unchecked', /without valid mesh files/],
      ['CLOCK', 'unchecked', /without valid mesh files/],
      ['IDENTITY', 'unchecked', /without valid mesh files/],
      ['ENDPOINT', 'unchecked', /without valid mesh files/],
      ...lakeChecks,
    ],
    code: 1,
  },
  {
    name: 'no git',
    isInGit: false,
    args: [],
    says: [
      ['GIT_REPOSITORY', 'error', /fatal: not a git repository[\s\S]*git init && git add mesh/],
      ['GIT_HISTORY', 'unchecked', /./],
      ['GIT_BRANCH', 'unchecked', /./],
      ['TRUST_ROOT', 'warning', /no trust root is given[\s\S]*export MESHGATE_TRUST_ROOT=/],
      ['CODEOWNERS', 'unchecked', /./],
    ],
    code: 5,
  },
  {
    name: 'code owners of 3 MB, of whom GitHub reads nothing',
    prepare: async ({ directory, run }) => {
      await run(['codeowners']);
      await appendFile(join(directory, '.github/CODEOWNERS'), '# padded\n'.repeat(350_000));
    },
    says: [['CODEOWNERS', 'warning', /CODEOWNERS_TOO_LARGE GitHub does not load a file of 3,000,000 bytes or more/]],
    code: 2,
  },
  {
    name: 'no git, and a mesh in a directory of another name',
    isInGit: false,
    args: ['--mesh', 'other mesh'],
    prepare: async ({ write }) => {
      for (const [path, text] of Object.entries(townMesh)) await write(`other mesh/${path}`, text);
    },
    says: [['GIT_REPOSITORY', 'error', /git init && git add 'other mesh' && git commit/], ...restOfGit],
    code: 5,
  },
  {
    name: 'a repository without a commit',
    isInGit: false,
    args: [],
    prepare: async ({ git }) => git('init', '--quiet'),
    says: [
      ['GIT_REPOSITORY', 'error', /in no git repository with a commit: fatal: [\s\S]*git init && git add mesh/],
      ...restOfGit.filter(([code]) => code !== 'CODEOWNERS'),
    ],
    code: 5,
  },
  {
    name: 'a bare repository',
    isInGit: false,
    args: [],
    prepare: async ({ git }) => git('init', '--quiet', '--bare'),
    says: [
      ['GIT_REPOSITORY', 'error', /mesh is inside a bare repository [\s\S]*git clone/],
      ['GIT_HISTORY', 'unchecked', /in no work tree that can be judged/],
      ['GIT_BRANCH', 'unchecked', /in no work tree that can be judged/],
      ['TRUST_ROOT', 'warning', /./],
      ['CODEOWNERS', 'unchecked', /./],
    ],
    code: 5,
  },
  {
    name: 'a repository that git cannot read',
    prepare: ({ write }) => write('.git/index', 'no index'),
    says: [
      [
        'GIT_REPOSITORY',
        'unchecked',
        /^whether [^\n]*\ngit answered: (?!.*no git repository).*index[\s\S]*git -C mesh status$/,
      ],
      ['GIT_HISTORY', 'unchecked', /git answered: .*index/],
      ['GIT_BRANCH', 'unchecked', /git answered: .*index/],
      ['CODEOWNERS', 'unchecked', /./],
    ],
    code: 5,
  },
  {
    name: 'a trust root that is no commit',
    args: ['--trust-root', 'nowhere'],
    says: [['TRUST_ROOT', 'error', /^the trust root nowhere is no commit of this repository/]],
    code: 2,
  },
  {
    name: 'a change that is not committed',
    prepare: ({ write }) => write('mesh/accounts/finance.yaml', `${townMesh['accounts/finance.yaml']}# changed\n`),
    says: [['GIT_REPOSITORY', 'warning', /^1 mesh file not as committed: mesh\/accounts\/finance\.yaml/]],
    code: 2,
  },
  {
    name: 'credentials of another account',
    env: keysOf.stranger,
    says: [['IDENTITY', 'error', /^the credentials belong to account 222233334444 /], ...lakeChecks],
    code: 1,
  },
  {
    name: 'a wrong secret',
    env: { AWS_SECRET_ACCESS_KEY: 'wrong' },
    says: [
      ['IDENTITY', 'error', /answered SignatureDoesNotMatch: [\s\S]*AWS does not accept the credentials/],
      ...lakeChecks,
    ],
    code: 1,
  },
  {
    name: 'no credentials',
    env: { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' },
    says: [
      ['CLOCK', 'unchecked', /./],
      ['IDENTITY', 'error', /CredentialsProviderError: [\s\S]*no AWS credentials were found[\s\S]*AWS_PROFILE/],
      ...lakeChecks,
    ],
    code: 1,
  },
  {
    name: 'a clock that is a minute slow',
    faults: [{ kind: 'clock-skew', ms: 60_000 }],
    says: [['CLOCK', 'warning', /^this machine's clock is (59|60|61) seconds behind the service's[\s\S]*timedatectl/]],
    code: 2,
  },
  {
    name: 'a clock so fast that no signature is accepted',
    faults: [{ kind: 'clock-skew', ms: -3_600_000 }],
    says: [
      ['CLOCK', 'error', /^this machine's clock is (3599|3600|3601) seconds ahead of the service's/],
      ['IDENTITY', 'error', /Signature not yet current[\s\S]*timedatectl/],
      ...lakeChecks,
    ],
    code: 1,
  },
  {
    name: 'a role that is no administrator',
    env: keysOf.nobody,
    says: [
      ['ADMINISTRATOR', 'error', /get-role --role-name nobody [\s\S]*\.DataLakeAdmins \+= /],
      ['READ_RIGHTS', 'unchecked', /glue:GetTables/],
      ['WRITE_RIGHTS', 'unchecked', /glue:GetTable$/m],
      ...unseen,
    ],
    code: 5,
  },
  {
    name: 'a right to read that is missing',
    faults: [denied('ListDataCellsFilter'), denied('GetCatalog')],
    says: [
      [
        'READ_RIGHTS',
        'error',
        /^lakeformation:ListDataCellsFilter is refused: [\s\S]*aws iam put-role-policy --role-name admin --policy-name meshgate --policy-document '\{.*"Action":\["lakeformation:ListDataCellsFilter"\]/,
      ],
      ['WRITE_RIGHTS', 'error', /^glue:GetCatalog is refused/],
    ],
    code: 2,
  },
  {
    name: 'permissions, settings, policy and locations that cannot be read',
    faults: ['ListPermissions', 'GetDataLakeSettings', 'GetResourcePolicy', 'ListResources'].map(denied),
    says: [
      ['ADMINISTRATOR', 'unchecked', /GetDataLakeSettings answered AccessDeniedException/],
      ['READ_RIGHTS', 'error', /^lakeformation:ListPermissions is refused/],
      ['READ_RIGHTS', 'error', /^lakeformation:GetDataLakeSettings is refused/],
      ['DEFAULT_PERMISSIONS', 'unchecked', /./],
      ['LAST_ADMINISTRATOR', 'unchecked', /./],
      ['OPEN_TO_IAM', 'unchecked', /./],
      ['CROSS_ACCOUNT_VERSION', 'unchecked', /./],
      ['RESOURCE_POLICY', 'unchecked', /./],
      ['SHARES', 'unchecked', /whether RAM shares more than is granted/],
      ['REGISTERED', 'unchecked', /./],
      ['HYBRID', 'unchecked', /./],
      ['QUOTAS', 'unchecked', /how many administrators/],
      ['QUOTAS', 'unchecked', /how many locations/],
      ['QUOTAS', 'unchecked', /how many data cells filters/],
    ],
    code: 5,
  },
  {
    name: 'databases that cannot be read, in a lake full of what is foreign',
    lake: foreign,
    faults: [denied('GetDatabase'), { kind: 'short-pages', operation: 'ListPermissions' }],
    says: [
      ['READ_RIGHTS', 'error', /^glue:GetDatabase is refused/],
      ['READ_RIGHTS', 'unchecked', /^whether IAM allows glue:GetTables\n[^\n]*could not be read/],
      ['WRITE_RIGHTS', 'unchecked', /^whether IAM allows glue:GetTable\n[^\n]*could not be read/],
      ['OPEN_TO_IAM', 'error', /^IAM_ALLOWED_PRINCIPALS holds permissions on 1 table of stores \(shops\)/],
      ['OPEN_TO_IAM', 'unchecked', /^what else IAM_ALLOWED_PRINCIPALS holds, in 2 declared databases/],
      ...withoutDatabases,
    ],
    code: 5,
  },
  {
    name: 'databases that cannot be read, and nothing open in what was',
    faults: [{ ...denied('GetDatabase'), times: 1 }],
    says: [
      ['READ_RIGHTS', 'error', /^glue:GetDatabase is refused/],
      ['OPEN_TO_IAM', 'unchecked', /^what IAM_ALLOWED_PRINCIPALS holds, in 1 declared database /],
      ...withoutDatabases,
    ],
    code: 5,
  },
  {
    name: 'calls that break off',
    faults: [{ kind: 'internal', operation: 'ListResources' }],
    args: ['--trust-root', 'HEAD', '--tries', '1'],
    says: [
      [
        'REGISTERED',
        'unchecked',
        /ListResources answered InternalServiceException[\s\S]*unknown whether the call took effect/,
      ],
      ['HYBRID', 'unchecked', /./],
      ['QUOTAS', 'unchecked', /./],
    ],
    code: 5,
  },
  {
    name: 'defaults that open everything new, and a single administrator',
    lake: { settings: { ...settings, CreateDatabaseDefaultPermissions: iam, CreateTableDefaultPermissions: iam } },
    says: [
      [
        'DEFAULT_PERMISSIONS',
        'warning',
        /^every new database and every new table gives ALL[\s\S]*\.CreateDatabaseDefaultPermissions = \[\]/,
      ],
      ['LAST_ADMINISTRATOR', 'warning', /^the only data lake administrator is arn:aws:iam::111122223333:role\/admin/],
      [
        'DATABASE_DEFAULTS',
        'warning',
        /^database sales gives ALL on every new table[\s\S]*aws glue update-database .*--name sales/,
      ],
      ['DATABASE_DEFAULTS', 'warning', /^database stores gives ALL/],
    ],
    code: 2,
  },
  {
    name: 'tables that IAM alone decides about',
    lake: {
      grants: [
        byHand,
        openShops,
        { ...openShops, resource: { Database: { Name: 'stores' } } },
        { ...openShops, resource: { Table: { DatabaseName: 'sales', TableWildcard: {} } }, permissions: ['SELECT'] },
      ],
    },
    says: [
      [
        'OPEN_TO_IAM',
        'error',
        /^IAM_ALLOWED_PRINCIPALS holds permissions on all tables of sales\n[\s\S]*"TableWildcard":\{\}/,
      ],
      [
        'OPEN_TO_IAM',
        'error',
        /^IAM_ALLOWED_PRINCIPALS holds permissions on database stores and 1 table of stores \(shops\)\n[\s\S]*"Name":"shops"/,
      ],
    ],
    code: 2,
  },
  {
    name: 'a cross-account version below what the mesh grants',
    lake: { settings: { ...settings, ...sound.settings, Parameters: { CROSS_ACCOUNT_VERSION: '2' } } },
    says: [
      [
        'CROSS_ACCOUNT_VERSION',
        'error',
        /^the cross-account version is 2, and grants to IAM principals of other accounts need 3 \(arn:aws:iam::333344445555:role\/analysts\)[\s\S]*CROSS_ACCOUNT_VERSION = "4"/,
      ],
    ],
    code: 2,
  },
  {
    name: 'an old cross-account version that still does',
    lake: { settings: { ...sound.settings, Parameters: { CROSS_ACCOUNT_VERSION: '1' } } },
    prepare: async ({ git }) => {
      await git('rm', '--quiet', 'mesh/subscriptions/sales/orders/marketing.analysts.yaml');
      await git('commit', '--quiet', '--message', 'Analysts go');
    },
    says: [['CROSS_ACCOUNT_VERSION', 'warning', /^the cross-account version is 1\n/]],
    code: 2,
  },
  {
    name: 'a resource policy that forgets RAM',
    lake: { resourcePolicy: { Version: '2012-10-17', Statement: [{ ...share, Action: 'glue:GetTable' }] } },
    says: [
      [
        'RESOURCE_POLICY',
        'error',
        /^the catalog's resource policy does not let RAM share the catalog[\s\S]*aws glue put-resource-policy --enable-hybrid TRUE --policy-hash-condition /,
      ],
    ],
    code: 2,
  },
  {
    name: 'a resource policy that lets RAM share only the catalog, under a condition, or somebody else',
    lake: {
      resourcePolicy: {
        Statement: [
          { ...share, Resource: share.Resource.slice(0, 1) },
          { ...share, Condition: { Bool: { 'aws:SecureTransport': 'true' } } },
          { ...share, Principal: { Service: 's3.amazonaws.com' } },
        ],
      },
    },
    says: [['RESOURCE_POLICY', 'error', /does not let RAM share/]],
    code: 2,
  },
  {
    name: 'a resource policy that denies RAM',
    lake: { resourcePolicy: { Statement: [share, { ...share, Effect: 'Deny', Principal: '*', Action: ['glue:*'] }] } },
    says: [['RESOURCE_POLICY', 'error', /denies glue:ShareResource/]],
    code: 2,
  },
  { name: 'a resource policy that lets RAM share', lake: { resourcePolicy: { Statement: share } }, says: [], code: 0 },
  {
    name: 'a resource policy that nobody understands',
    lake: { resourcePolicy: { Statement: ['no statement'] } },
    says: [['RESOURCE_POLICY', 'unchecked', /no policy document that is understood here/]],
    code: 5,
  },
  {
    name: 'quotas that are near, or used up',
    lake: {
      settings: {
        ...settings,
        DataLakeAdmins: [
          'arn:aws:iam::111122223333:role/admin',
          ...many(29, (n) => `arn:aws:iam::111122223333:role/admin${n}`),
        ],
      },
      tags: { domain: many(40, (n) => `v${n}`) },
      filters: many(80, (n) => ({ database: 'sales', table: 'orders', name: `f${n}`, rows: `id = ${n}` })),
      grants: [
        ...many(40, (n) => ({ principal: reporting, resource: tagged(`v${n}`), permissions: ['DESCRIBE'] })),
        ...many(80, (n) => ({ principal: reporting, resource: filter(`f${n}`), permissions: ['SELECT'] })),
      ],
    },
    says: [
      ['QUOTAS', 'error', /^data lake administrators: 30 of 30: no more\n/],
      [
        'QUOTAS',
        'warning',
        /^data cells filters of one principal on one table: 80 of 100 \(\S+role\/reporting on sales\.orders\)\n/,
      ],
      [
        'QUOTAS',
        'warning',
        /^LF-Tag policies of one principal: 40 of 50 \(\S+role\/reporting for tables\)\n[\s\S]*service-quotas/,
      ],
    ],
    code: 2,
  },
  {
    name: 'what RAM does not bring, and what it brings and nobody is granted',
    lake: {
      grants: [given({ DatabaseName: 'stores', Name: 'shops' })],
      shares: [
        { receiver: '444455556666', kind: 'table', failed: ['table/stores/shops'], orphans: ['table/stores/gone'] },
        { receiver: '444455556666', kind: 'all-tables', orphans: ['database/stores'] },
        ...many(200, (n) => ({
          receiver: String(500_000_000_000 + n),
          kind: 'table' as const,
          orphans: ['table/stores/gone'],
          invitation: 'PENDING' as const,
        })),
      ],
    },
    says: [
      [
        'SHARES',
        'error',
        /^RAM does not bring table stores\.shops for 444455556666: FAILED: .*[\s\S]*next apply has RAM try again/,
      ],
      ['QUOTAS', 'warning', /^RAM invitations that wait: 200 of 250\n[\s\S]*service-code ram/],
    ],
    code: 2,
  },
  {
    name: 'RAM shares that may not be read',
    lake: { grants: [given({ DatabaseName: 'stores', Name: 'shops' })] },
    faults: [denied('GetResourceShares')],
    says: [['SHARES', 'unchecked', /^whether other accounts get what they are given\n.*GetResourceShares answered/]],
    code: 5,
  },
  {
    name: 'a database that is not there',
    lake: { databases: { sales: townLake.databases?.['sales'] ?? {} } },
    says: [
      [
        'DATABASES',
        'warning',
        /^database stores is not in the catalog[\s\S]*aws glue create-database .*"Name":"stores"/,
      ],
    ],
    code: 2,
  },
  {
    name: 'a catalog under the key that AWS manages',
    lake: { encryption: { mode: 'SSE-KMS' } },
    says: [
      [
        'CATALOG_KEY',
        'error',
        /alias\/aws\/glue, which AWS manages\n.*cannot share .* 333344445555.*[\s\S]*put-data-catalog-encryption-settings/,
      ],
    ],
    code: 2,
  },
  {
    name: 'a catalog under a key of which nobody knows who manages it',
    lake: { encryption: { mode: 'SSE-KMS', key: 'arn:aws:kms:eu-west-1:111122223333:key/1234' } },
    says: [['CATALOG_KEY', 'unchecked', /Glue names the key[\s\S]*aws kms describe-key --key-id arn:aws:kms:/]],
    code: 5,
  },
  {
    name: 'a role that may not write what the mesh keeps',
    seed: admin({ lacks: ['glue:UpdateDatabase', 'lakeformation:BatchGrantPermissions'] }),
    says: [
      [
        'WRITE_RIGHTS',
        'error',
        /^IAM allows the caller not glue:UpdateDatabase, lakeformation:BatchGrantPermissions\n[\s\S]*put-role-policy --role-name admin/,
      ],
    ],
    code: 2,
  },
  {
    name: 'an IAM that tells it nothing',
    seed: admin({ iam: false }),
    says: [
      ['ROLE_TRUST', 'unchecked', /^whom role meshgate-observe of central .*\nGetRole answered AccessDenied/],
      ['ROLE_TRUST', 'unchecked', /^whom role meshgate-apply of central/],
    ],
    code: 5,
  },
  {
    name: 'roles that a name lets in which may change hands, and somebody else',
    seed: (seed) => {
      const { principals = [], ...rest } = seed.accounts[central] ?? {};
      const old = {
        Effect: 'Allow',
        Action: 'sts:AssumeRoleWithWebIdentity',
        Principal: { Federated: 'arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com' },
        Condition: { StringLike: { 'token.actions.githubusercontent.com:sub': 'repo:acme/mesh:*' } },
      };
      const roles = ['observe', 'apply'].map((kind) => ({
        arn: `arn:aws:iam::${central}:role/meshgate-${kind}`,
        ...(kind === 'apply' ? { lacks: ['glue:PutResourcePolicy'] } : {}),
        trustPolicy: { Version: '2012-10-17', Statement: [old] },
      }));
      return { ...seed, accounts: { ...seed.accounts, [central]: { ...rest, principals: [...principals, ...roles] } } };
    },
    says: [
      [
        'ROLE_TRUST',
        'error',
        /^role meshgate-observe of central \(111122223333\) names no repository of GitHub by its ids/,
      ],
      ['ROLE_TRUST', 'error', /^role meshgate-apply [\s\S]*bootstrap central --repository OWNER@ID\/NAME@ID --deploy/],
      [
        'ROLE_RIGHTS',
        'error',
        /^IAM allows role meshgate-apply of central \(111122223333\) not glue:PutResourcePolicy\n/,
      ],
    ],
    code: 2,
  },
  {
    name: 'data that is not registered, and data in hybrid access mode',
    lake: {
      databases: {
        sales: {
          defaultTablePermissions: [],
          tables: { orders: at('s3://town/sales/orders'), items: at('s3a://town/sales/items/') },
        },
        stores: { tables: { shops: at('s3://guarded/shops'), visits: at('s3://open/stores/visits') } },
      },
      locations: [{ arn: 'arn:aws:s3:::guarded/', hybrid: true }, { arn: 'arn:aws:s3:::town/sales/order' }],
    },
    mesh: {
      'products/sales/stores.yaml': `${townMesh['products/sales/stores.yaml']}locations: ["s3://open/stores"]\n`,
    },
    says: [
      ['REGISTERED', 'warning', /^1 S3 path of product sales\/stores not registered [^\n]*: s3:\/\/open\/stores\n/],
      [
        'REGISTERED',
        'warning',
        /^2 S3 paths of database sales not registered [^\n]*: s3:\/\/town\/sales\/items, s3:\/\/town\/sales\/orders\n[\s\S]*register-resource --resource-arn arn:aws:s3:::town\/sales --use/,
      ],
      [
        'HYBRID',
        'warning',
        /^s3:\/\/guarded is in hybrid access mode[\s\S]*update-resource --resource-arn arn:aws:s3:::guarded --role-arn arn:aws:iam::111122223333:role\/aws-service-role\/\S+ --no-hybrid-access-enabled/,
      ],
    ],
    code: 2,
  },
  {
    name: 'hybrid access where a product says so, and where its data is not ready for it',
    lake: {
      databases: {
        sales: {
          defaultTablePermissions: [],
          tables: { orders: at('s3://town/sales/orders'), items: at('s3://plain/items') },
        },
        stores: { tables: { shops: { columns: { id: 'bigint' } }, visits: { columns: { id: 'bigint' } } } },
      },
      locations: [{ arn: 'arn:aws:s3:::town', hybrid: true }, { arn: 'arn:aws:s3:::plain' }],
      grants: [
        {
          principal: 'IAM_ALLOWED_PRINCIPALS',
          resource: { Table: { DatabaseName: 'sales', Name: 'orders' } },
          permissions: ['ALL'],
        },
      ],
    },
    mesh: {
      'products/sales/orders.yaml': `${townMesh['products/sales/orders.yaml']}iamAllowedPrincipals: hybrid\n`,
    },
    says: [
      [
        'HYBRID',
        'warning',
        /^s3:\/\/plain is not in hybrid access mode, though [\s\S]*update-resource --resource-arn arn:aws:s3:::plain --role-arn \S+ --hybrid-access-enabled/,
      ],
    ],
    code: 2,
  },
];
