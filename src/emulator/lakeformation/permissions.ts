import type { Call } from '../call.ts';
import { concurrentModification, invalidInput, ServiceFailure } from '../failure.ts';
import { type Entry, type EntryRequest, homeLake, readEntry } from '../grants/entry.ts';
import { grantEntry } from '../grants/grant.ts';
import { revokeEntry } from '../grants/revoke.ts';
import { struckEntry } from '../interruption.ts';
import type { Output } from '../wire/operation.ts';
import type { Decoded } from '../wire/shape.ts';
import type { batchShape, grantShape } from './shapes.ts';

type One = Decoded<typeof grantShape>;
type Batch = Decoded<typeof batchShape>;
type Verb = (call: Call, entry: Entry) => void;

const largestBatch = 20;

/** GrantPermissions. */
export function grantPermissions(call: Call, request: One): Output {
  return one(call, request, grantEntry);
}

/** RevokePermissions. */
export function revokePermissions(call: Call, request: One): Output {
  return one(call, request, revokeEntry);
}

/** BatchGrantPermissions. */
export function batchGrantPermissions(call: Call, request: Batch): Output {
  return batch(call, request, grantEntry);
}

/** BatchRevokePermissions. */
export function batchRevokePermissions(call: Call, request: Batch): Output {
  return batch(call, request, revokeEntry);
}

function one(call: Call, request: One, verb: Verb): Output {
  verb(call, readEntry(request, homeLake(call, request.CatalogId)));
  return {};
}

/**
 * Entries one after another, each for itself: the call succeeds whatever becomes of them, and what failed is echoed.
 * https://github.com/data-dot-all/dataall/issues/588. That 20 entries are the most stands in the API reference, the
 * text for more is not known; nor is what AWS does with two entries of one Id.
 */
function batch(call: Call, request: Batch, verb: Verb): Output {
  const home = homeLake(call, request.CatalogId);
  const entries = request.Entries;
  if (entries.length > largestBatch && call.switches.oversizeBatch === 'refuse') {
    throw invalidInput(`The number of entries exceeds the maximum of ${largestBatch}.`);
  }
  if (new Set(entries.map(({ Id }) => Id)).size < entries.length && call.switches.duplicateBatchIds === 'refuse') {
    throw invalidInput('The Ids of the entries must be distinct.');
  }
  const failures = entries.flatMap((entry) => {
    const failure = attempt(call, entry, (read) => verb(call, readEntry(read, home)));
    return failure ? [{ RequestEntry: entry, Error: { ErrorCode: failure.code, ErrorMessage: failure.message } }] : [];
  });
  call.log.failures = failures.length;
  return { Failures: failures };
}

function attempt(call: Call, entry: EntryRequest, act: (entry: EntryRequest) => void): ServiceFailure | undefined {
  const principal = entry.Principal?.DataLakePrincipalIdentifier ?? '';
  const struck = struckEntry(call, principal);
  if (struck) return struck;
  if (call.conflicts.has(principal)) return concurrentModification();
  try {
    act(entry);
    return undefined;
  } catch (error) {
    if (error instanceof ServiceFailure) return error;
    throw error;
  }
}
