import type {
  Check,
  CheckoutState,
  Diagnosis,
  FilesState,
  GuardState,
  NoCheckout,
  OwnersState,
  TrustRootState,
} from '../core/diagnosis.ts';
import type { ClockReading, Read } from '../core/inspection.ts';
import type { Caller } from '../core/lake.ts';
import { unchecked } from './check.ts';
import { type CheckCode, checkCodes } from './codes.ts';
import type { LakeReading, Whereabouts } from './reading.ts';
import { checkAccounts } from './rules/accounts.ts';
import { checkKey, checkVersions } from './rules/between.ts';
import { checkBranch } from './rules/branch.ts';
import { checkBuckets } from './rules/buckets.ts';
import { checkClock, checkEndpoint, checkIdentity } from './rules/connection.ts';
import { checkSteps } from './rules/consumer-steps.ts';
import { checkDatabases } from './rules/databases.ts';
import { checkCheckout, checkFiles, checkOwners, checkTrustRoot } from './rules/files.ts';
import { checkHybrid, checkRegistered } from './rules/locations.ts';
import { checkDatabaseDefaults, checkOpenToIam } from './rules/openness.ts';
import { checkQuotas } from './rules/quotas.ts';
import { checkAdministrator, checkReadRights, checkWriteRights } from './rules/rights.ts';
import { checkRoleRights } from './rules/role-rights.ts';
import { checkDefaults, checkLastAdministrator } from './rules/settings.ts';
import { checkShares } from './rules/shares.ts';
import { checkPolicy, checkVersion } from './rules/sharing.ts';
import { checkTrusts } from './rules/trust.ts';

/** All that was looked at. */
export interface Examination {
  readonly mesh: string | null;
  readonly asOf: string;
  readonly files: FilesState;
  readonly checkout: CheckoutState | NoCheckout;
  readonly trustRoot: TrustRootState | undefined;
  /** Undefined where the mesh files or git do not tell. */
  readonly owners: OwnersState | undefined;
  readonly guarding: GuardState;
  /** Undefined where the mesh files do not say which lake it is. */
  readonly connection: Connection | undefined;
}

/** What was learned of the lake. */
export interface Connection extends Whereabouts {
  readonly clock: Read<ClockReading>;
  readonly caller: Read<Caller>;
  /** Undefined where the caller is unknown, or of another account. */
  readonly lake: LakeReading | undefined;
}

/** Each check of a lake by its code. */
const lakeChecks: Partial<Record<CheckCode, (lake: LakeReading) => Check | readonly Check[]>> = {
  ADMINISTRATOR: checkAdministrator,
  READ_RIGHTS: checkReadRights,
  WRITE_RIGHTS: checkWriteRights,
  ROLE_TRUST: checkTrusts,
  ROLE_RIGHTS: checkRoleRights,
  DEFAULT_PERMISSIONS: checkDefaults,
  LAST_ADMINISTRATOR: checkLastAdministrator,
  OPEN_TO_IAM: checkOpenToIam,
  DATABASE_DEFAULTS: checkDatabaseDefaults,
  CROSS_ACCOUNT_VERSION: checkVersion,
  ACCOUNT_VERSIONS: checkVersions,
  CATALOG_KEY: checkKey,
  RESOURCE_POLICY: checkPolicy,
  SHARES: checkShares,
  ACCOUNTS: ({ accounts }) => checkAccounts(accounts),
  CONSUMER_STEPS: ({ accounts }) => checkSteps(accounts),
  DATABASES: checkDatabases,
  REGISTERED: checkRegistered,
  HYBRID: checkHybrid,
  BUCKET_POLICIES: checkBuckets,
  QUOTAS: checkQuotas,
};

/** Judges all that was looked at: every check has found all sound, or something, or says why it could not be made. */
export function diagnose(examination: Examination): Diagnosis {
  const { mesh, asOf, files, checkout, trustRoot, owners, guarding, connection } = examination;
  return {
    format: 1,
    mesh,
    asOf,
    lake:
      connection === undefined
        ? null
        : { account: connection.account, region: connection.region, endpoint: connection.endpoint },
    caller: connection?.caller.isRead === true ? connection.caller.value.arn : null,
    checks: [
      checkFiles(files),
      ...checkCheckout(checkout),
      checkTrustRoot(trustRoot),
      owners === undefined ? unmade('CODEOWNERS', noOwners) : checkOwners(owners),
      ...checkBranch(guarding),
      ...connectionChecks(connection),
      ...checksOf(connection),
    ],
  };
}

function connectionChecks(connection: Connection | undefined): readonly Check[] {
  if (connection !== undefined)
    return [checkClock(connection.clock), checkIdentity(connection, connection.caller), checkEndpoint(connection)];
  const codes: readonly CheckCode[] = ['CLOCK', 'IDENTITY', 'ENDPOINT'];
  return codes.map((code) => unmade(code, noMesh));
}

function checksOf(connection: Connection | undefined): readonly Check[] {
  return Object.entries(lakeChecks).flatMap(([code, check]) => {
    const lake = connection?.lake;
    if (lake !== undefined) return check(lake);
    return [
      unmade(code as CheckCode, connection === undefined ? noMesh : 'the credentials do not open the central account'),
    ];
  });
}

const noOwners = 'without valid mesh files in git it is unknown who must approve what';
const noMesh = 'without valid mesh files it is unknown which lake to look at';

function unmade(code: CheckCode, why: string): Check {
  return unchecked(code, checkCodes[code].sound, { why });
}
