import type { Call } from '../call.ts';
import { receiverTexts } from '../grants/received.ts';
import { reaching } from '../ram/reach.ts';
import { invitationStatus, patternOf, receiverStatus, sharedArn } from '../ram/share.ts';
import type { FoundTable } from './find-table.ts';
import { rowsOnTable } from './holding.ts';
import { givenToAccount } from './sight.ts';

/** Why nothing of another account's table is open to the caller: what was not accepted, not associated, not passed on. */
export function notHere(call: Call, { place, table }: FoundTable): readonly string[] {
  const { owner, sight } = place;
  const { account } = call.caller;
  if (sight.catalog === account) return [];
  if (givenToAccount(call, sight, table).cells.length > 0)
    return [`nobody has passed on to it what ${sight.catalog} gave to its account`];
  const isHere = reaching(owner, account, call.at);
  const kept = receiverTexts(call)
    .flatMap((text) => rowsOnTable(owner.grants, text, sight.catalog, table))
    .filter((row) => !isHere(row));
  if (kept.length === 0) return [`${sight.catalog} gave its account nothing to read of it`];
  const reasons = kept.flatMap((row) =>
    row.shareArns.flatMap((arn) => {
      const share = owner.shares.get(arn);
      if (!share) return [];
      const status = receiverStatus(share, call.at);
      const invitation = share.invitations.at(-1);
      if (status !== 'ASSOCIATED')
        return [
          `the share ${share.name} has not reached ${account}: ${invitation ? `its invitation is ${invitationStatus(share, invitation, call.at)}` : status}`,
        ];
      const resource = sharedArn(owner, row.resource);
      const fault = share.resources.faultOf(resource) ?? share.resources.faultOf(patternOf(resource));
      return [`RAM could not associate ${resource} with ${share.name}: ${fault ?? 'no reason'}`];
    }),
  );
  return [
    ...new Set(
      reasons.length > 0
        ? reasons
        : [`the resource policy of ${sight.catalog} does not open its LF-Tags to ${account}`],
    ),
  ];
}
