import { author, type Call } from '../call.ts';
import { cedarFault } from '../expressions/cedar.ts';
import { invalidInput, ServiceFailure } from '../failure.ts';
import { noPermissions } from '../permission.ts';
import { whyUnshared } from '../ram/trouble.ts';
import { checkAuthority } from './authority.ts';
import { checkColumnRules } from './column-rules.ts';
import { checkCrossAccount, checkPrincipalExists, checkSharing } from './cross-account.ts';
import type { Entry } from './entry.ts';
import { checkColumns, type Found, findResource } from './existence.ts';
import { checkLegal } from './legality.ts';
import { type Author, storeGrant } from './store-grant.ts';

/** Carries out one grant of a request; throws what AWS answers where it may not be. */
export function grantEntry(call: Call, entry: Entry): void {
  checkAuthority(call, entry, findQuietly(call, entry));
  const found = findResource(call.world, call.region, entry.resource);
  if (entry.permissions === noPermissions) throw invalidInput('Permissions cannot be empty.');
  checkPrincipalExists(call.world, entry.principal);
  checkGrantable(entry, found);
  checkCrossAccount(entry, found);
  checkSharing(call, entry);
  checkColumnRules(call, entry);
  checkCondition(call, entry);
  storeGrant(entry, found, authorOf(call));
}

/** Refuses a condition that is no Cedar, where the switch has it so. The text AWS uses for this is not known. */
function checkCondition({ switches }: Call, { condition }: Entry): void {
  if (condition === undefined || switches.brokenExpressions === 'accept') return;
  const fault = cedarFault(condition);
  if (fault !== undefined) throw invalidInput(`The condition is not valid: ${fault}.`);
}

/** Refuses permissions, grant options and columns that cannot be granted on the resource to anyone. */
export function checkGrantable(entry: Entry, found: Found): void {
  checkLegal(entry, found);
  // https://docs.aws.amazon.com/lake-formation/latest/APIReference/API_GrantPermissions.html: a subset of Permissions.
  if ((entry.options & ~entry.permissions) !== noPermissions) {
    throw invalidInput('Permissions with grant option must be a subset of the permissions granted.');
  }
  if (entry.columns && found.table) checkColumns(entry.columns, found.table);
}

/** The author of the changes that a call makes. */
export function authorOf(call: Call): Author {
  return {
    world: call.world,
    at: call.at,
    by: author(call),
    switches: call.switches,
    record: (change) => call.changes.push(change),
    remembers: true,
    whyUnshared: (principal) => whyUnshared(call, principal),
  };
}

/** What a resource is, or undefined where it does not exist: who may not grant is not told which. */
export function findQuietly(call: Call, entry: Entry): Found | undefined {
  try {
    return findResource(call.world, call.region, entry.resource);
  } catch (error) {
    if (error instanceof ServiceFailure) return undefined;
    throw error;
  }
}
