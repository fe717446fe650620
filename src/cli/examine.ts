import { connectInspector } from '../aws/inspect.ts';
import { connectLake } from '../aws/lake.ts';
import { patient } from '../aws/retry.ts';
import { siteOf } from '../bootstrap/site.ts';
import type { FilesState, OwnersState, TrustRootState } from '../core/diagnosis.ts';
import { toPrincipal } from '../core/principal.ts';
import { areBeyond } from '../core/sharing.ts';
import type { Observed } from '../core/state.ts';
import type { Declaration } from '../declare/declaration.ts';
import { declare } from '../declare/declare.ts';
import { readMesh } from '../declare/read.ts';
import { wholePart } from '../desire/part.ts';
import { principalsFrom } from '../desire/principals.ts';
import { scopeOf } from '../desire/scope.ts';
import type { Connection, Examination } from '../doctor/diagnose.ts';
import type { LakeReading } from '../doctor/reading.ts';
import { checkoutOf } from '../git/checkout.ts';
import { GitFailure } from '../git/git.ts';
import { TrustRootProblem, trustRoot } from '../git/trust-root.ts';
import { observe } from '../observe/observe.ts';
import { type Attempts, attempting, recorded } from './attempts.ts';
import { ownersProblems } from './codeowners.ts';
import { impatient } from './connect.ts';
import type { Console } from './console.ts';
import { accountsOf } from './examine-accounts.ts';
import { guardState } from './examine-github.ts';
import { rightsOfCaller, rolesAt } from './examine-roles.ts';
import type { DoctorOptions } from './options.ts';
import { progressOn } from './progress.ts';

/** Looks at everything that a mesh stands on; changes nothing, and throws for nothing that can be told instead. */
export async function examine(options: DoctorOptions, console: Console, now: Date): Promise<Examination> {
  const result = declare(await readMesh(options.mesh));
  const declaration = result.ok ? result.declaration : undefined;
  const owners = declaration === undefined ? undefined : await ownersState(options.mesh, declaration);
  return {
    mesh: declaration?.mesh.value.name ?? null,
    asOf: now.toISOString(),
    files: filesState(options.mesh, result),
    checkout: await checkoutOf(options.mesh),
    trustRoot: await trustRootState(options, console),
    owners,
    guarding: await guardState(options, console, owners),
    connection: declaration === undefined ? undefined : await connection(declaration, { options, console }),
  };
}

function filesState(directory: string, result: ReturnType<typeof declare>): FilesState {
  if (!result.ok) {
    const [first] = result.problems;
    const empty = { accounts: 0, products: 0, subscriptions: 0 };
    return { directory, problems: result.problems.length, ...(first && { first }), ...empty };
  }
  const { accounts, products, subscriptions } = result.declaration;
  return {
    directory,
    problems: 0,
    accounts: accounts.size,
    products: products.size,
    subscriptions: subscriptions.size,
  };
}

async function ownersState(directory: string, declaration: Declaration): Promise<OwnersState | undefined> {
  const problems = await ownersProblems(directory, declaration);
  const [first] = problems;
  if (first?.code === 'NO_REPOSITORY') return undefined;
  const isThere = first?.code !== 'CODEOWNERS_MISSING' || problems.length > 1;
  return { directory, isThere, problems: problems.length, ...(first && { first }) };
}

async function trustRootState(options: DoctorOptions, { env }: Console): Promise<TrustRootState | undefined> {
  const revision = options.trustRoot ?? (env.MESHGATE_TRUST_ROOT || undefined);
  if (revision === undefined) return undefined;
  try {
    await trustRoot(options.mesh, revision);
    return { revision };
  } catch (thrown) {
    if (thrown instanceof TrustRootProblem || thrown instanceof GitFailure) return { revision, wrong: thrown.message };
    throw thrown;
  }
}

interface Circumstances {
  readonly options: DoctorOptions;
  readonly console: Console;
}

async function connection(declaration: Declaration, circumstances: Circumstances): Promise<Connection> {
  const { tries, timeout } = circumstances.options;
  const { account, region } = declaration.mesh.value.central;
  const patience = { account, region, retry: { ...patient, retries: tries - 1 }, timeout: timeout * 1000 };
  const first = await connectLake(impatient(patience));
  const attempts: Attempts = new Map();
  const clock = await attempting(attempts, 'GetCallerIdentity', connectInspector(impatient(patience)).clock());
  // Where nobody answered, asking again would only wait as long again.
  const caller = clock.isRead ? await attempting(attempts, 'GetCallerIdentity', first.caller()) : clock;
  const base = { account, region, endpoint: first.endpoint, clock, caller };
  if (!caller.isRead || caller.value.account !== account) return { ...base, lake: undefined };
  const reader = recorded(await connectLake(patience), attempts);
  const inspector = connectInspector(patience);
  const scope = scopeOf(declaration);
  const progress = progressOn(circumstances.console, circumstances.options.quiet);
  try {
    const onProgress = (rows: number): void => progress.show(`reading permissions: ${rows} rows`);
    const [observed, settings, policy, policies, locations, encryption] = await Promise.all([
      observe(reader, {
        part: wholePart(scope.ever),
        isPartOnly: false,
        isShared: areBeyond(account, scope.ever.principals),
        onProgress,
      }),
      attempting(attempts, 'GetDataLakeSettings', inspector.settings()),
      attempting(attempts, 'GetResourcePolicy', inspector.policy()),
      attempting(attempts, 'GetResourcePolicies', inspector.policies()),
      attempting(attempts, 'ListResources', inspector.locations()),
      attempting(attempts, 'GetDataCatalogEncryptionSettings', inspector.encryption()),
      attempting(attempts, 'GetCatalog', inspector.catalog()),
    ]);
    const shared = observed.sharing && (await attempting(attempts, 'GetResourceShareAssociations', inspector.shared()));
    const examined = { declaration, observed, caller: caller.value, patience, ...circumstances };
    const [accounts, roles, rights] = await Promise.all([
      accountsOf(examined),
      rolesAt('central', examined, patience),
      rightsOfCaller(examined),
    ]);
    const table = someTable(observed);
    if (table !== undefined) await attempting(attempts, 'GetTable', inspector.table(table));
    const principals = receiversOf(declaration);
    const lake = { account, region, endpoint: first.endpoint, caller: caller.value, attempts, principals };
    return {
      ...base,
      lake: {
        ...lake,
        ...{ scope, accounts, roles, rights, observed, shared, buckets: bucketsOf(declaration) },
        ...{ settings, policy, policies, locations, encryption },
      },
    };
  } finally {
    progress.end();
  }
}

function bucketsOf(declaration: Declaration): LakeReading['buckets'] {
  return [...declaration.accounts.keys()].flatMap((site) => {
    const { account = '', buckets = new Map() } = siteOf(declaration, site) ?? {};
    return [...buckets.keys()].map((bucket) => ({ bucket, site, account }));
  });
}

function someTable({ catalog }: Observed): { readonly database: string; readonly table: string } | undefined {
  for (const { database, tables } of catalog.databases.values())
    for (const { name, kind } of tables.values()) if (kind === 'table') return { database: database.name, table: name };
  return undefined;
}

/** To whom the mesh files give something, whatever the catalog says. */
function receiversOf(declaration: Declaration): ReadonlySet<string> {
  const { publicReader, principals = {} } = declaration.mesh.value;
  const reader = publicReader === undefined ? undefined : principals[publicReader];
  const receivers = [
    ...[...declaration.subscriptions.values()].flatMap(({ consumer, value }) =>
      principalsFrom(declaration, consumer, value.principals),
    ),
    ...[...declaration.products.values()].flatMap(({ value }) =>
      (value.grants ?? []).flatMap((grant) => principalsFrom(declaration, value.producer, grant.principals)),
    ),
    ...(reader === undefined ? [] : [toPrincipal(reader)]),
  ];
  return new Set(receivers.map(({ id }) => id));
}
