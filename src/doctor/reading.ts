import type { Fact } from '../core/fact.ts';
import type {
  CatalogEncryption,
  CatalogPolicy,
  FullSettings,
  Read,
  RegisteredLocation,
  RoleState,
  Simulated,
} from '../core/inspection.ts';
import type { Caller, LakeFailure, LakeSettings, SharedResource } from '../core/lake.ts';
import type { HandStep } from '../core/plan.ts';
import type { Scope } from '../core/scope.ts';
import type { Gap, Observed } from '../core/state.ts';

/** Where a lake is. */
export interface Whereabouts {
  readonly account: string;
  readonly region: string;
  readonly endpoint: string;
}

/** All that was read of a lake, each thing read or with the reason why not. */
export interface LakeReading extends Whereabouts {
  readonly caller: Caller;
  readonly settings: Read<FullSettings>;
  readonly policy: Read<CatalogPolicy | undefined>;
  readonly policies: Read<number>;
  readonly locations: Read<readonly RegisteredLocation[]>;
  readonly encryption: Read<CatalogEncryption>;
  /** The buckets of declared locations, with the account whose products they hold, by the name of its file. */
  readonly buckets: readonly { readonly bucket: string; readonly site: string; readonly account: string }[];
  /** The roles of Meshgate in the central account. */
  readonly roles: readonly RoleReading[];
  /** What IAM says the caller may do of what apply does. */
  readonly rights: Read<readonly Simulated[]>;
  /** What is on the RAM shares; undefined where nothing that is declared is given to another account. */
  readonly shared: Read<readonly SharedResource[]> | undefined;
  readonly observed: Observed;
  readonly scope: Scope;
  /** The accounts into which subscriptions reach, by name. */
  readonly accounts: readonly AccountReading[];
  /** The principals to whom the mesh files give something. */
  readonly principals: ReadonlySet<string>;
  /** What came of each operation that was called: the first failure, or undefined. */
  readonly attempts: ReadonlyMap<string, LakeFailure | undefined>;
}

/** What was learned of an account into which subscriptions reach. */
export interface AccountReading {
  /** As its file is called. */
  readonly name: string;
  readonly id: string;
  /** Undefined where no run enters it. */
  readonly entry?: Entry;
  /** What its administrator does by hand, where no run enters it. */
  readonly steps: readonly HandStep[];
}

/** How far a role came in an account. */
export interface Entry {
  /** The ARN of the role that is taken on. */
  readonly role: string;
  /** Whether whoever asks runs as one of the roles that accounts are made to trust. */
  readonly isTrusted: boolean;
  readonly caller: Read<Caller>;
  readonly settings: Read<LakeSettings>;
  /** What others share with it. */
  readonly shares: Read<unknown>;
  /** What the mesh files ask for there, and is not there. */
  readonly missing: Read<readonly Fact[]>;
  readonly roles: readonly RoleReading[];
}

/** A role that Meshgate works with. */
export interface RoleReading {
  /** The account as `bootstrap` is told of it: the name of its file, or `central`. */
  readonly site: string;
  readonly account: string;
  readonly name: string;
  /** Whether runs are known to need it: nobody else's role can stand in for it. */
  readonly isNeeded: boolean;
  readonly state: Read<RoleState | undefined>;
  /** Whom `bootstrap` would let it trust; undefined where nobody says which repository the mesh is in. */
  readonly expected: readonly unknown[] | undefined;
  /** Undefined where there is no such role. */
  readonly rights: Read<readonly Simulated[]> | undefined;
}

/** Why the list of permissions may not be whole, where it may not. */
export function shortList({ observed }: LakeReading): Gap | undefined {
  const codes = ['NO_SETTINGS', 'NOT_ADMINISTRATOR', 'NO_PERMISSIONS_LIST', 'NO_FILTER_GRANTS', 'UNKNOWN_ROW'];
  return observed.gaps.find(({ code }) => codes.includes(code));
}
