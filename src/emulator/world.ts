import type { Account } from './account.ts';
import type { Clock } from './clock.ts';
import { Credentials } from './credentials.ts';
import { type Fault, Faults } from './faults.ts';
import type { Journal } from './journal.ts';
import { Lake, type Settings } from './lake.ts';
import { iamAllowedPrincipals } from './principal.ts';
import { type Random, seededRandom } from './random.ts';
import type { Switches } from './switches.ts';

/** What a world is made with. */
export interface WorldParts {
  readonly clock: Clock;
  readonly journal: Journal;
  readonly switches: Switches;
  readonly faults: readonly Fault[];
  readonly random: number;
}

/** How much RAM takes: https://docs.aws.amazon.com/general/latest/gr/ram.html. */
export interface Limits {
  readonly shares: number;
  readonly resourcesPerShare: number;
  /** Invitations of one sender that nobody has answered. */
  readonly pendingInvitations: number;
}

/** Everything one emulator holds: accounts, their lakes, keys, and the knobs. */
export class World {
  readonly accounts = new Map<string, Account>();
  readonly credentials: Credentials;
  readonly clock: Clock;
  readonly journal: Journal;
  readonly faults: Faults;
  readonly random: Random;
  readonly seed: number;
  /** Principals with a write in flight, by lake: overlapping writes conflict. */
  readonly busy = new Map<string, number>();
  /** Organizations in which nobody has turned sharing on, by ARN. */
  readonly closedOrganizations = new Set<string>();
  limits: Limits = { shares: 25_000, resourcesPerShare: 5_000, pendingInvitations: 250 };
  switches: Switches;
  readonly #lakes = new Map<string, Lake>();

  constructor(parts: WorldParts) {
    this.clock = parts.clock;
    this.journal = parts.journal;
    this.switches = parts.switches;
    this.seed = parts.random;
    this.random = seededRandom(parts.random);
    this.faults = new Faults(parts.faults, this.random);
    this.credentials = new Credentials(this.random);
  }

  /** Says whether sharing is on in an organization. */
  sharesWithin(organization: string): boolean {
    return !this.closedOrganizations.has(organization);
  }

  /** The lake of an account and region; an account starts in every region with the settings of a new account. */
  lake(account: string, region: string): Lake {
    const key = `${account}/${region}`;
    const known = this.#lakes.get(key);
    if (known) return known;
    const lake = new Lake(account, region, newAccountSettings(this.switches));
    this.#lakes.set(key, lake);
    return lake;
  }
}

/**
 * The settings of an account that has never used Lake Formation: everything is left to IAM.
 * https://docs.aws.amazon.com/lake-formation/latest/dg/change-settings.html
 */
function newAccountSettings(switches: Switches): Settings {
  const defaults = [{ principal: iamAllowedPrincipals, permissions: ['ALL'] }];
  return {
    admins: [],
    readOnlyAdmins: [],
    createDatabaseDefaults: defaults,
    createTableDefaults: defaults,
    parameters: { CROSS_ACCOUNT_VERSION: switches.defaultCrossAccountVersion, SET_SOURCE_IDENTITY: 'TRUE' },
    trustedResourceOwners: [],
    allowExternalDataFiltering: false,
    allowFullTableExternalDataAccess: false,
    externalDataFilteringAllowList: [],
    authorizedSessionTagValueList: [],
  };
}
