import { ramLimits, waitingIn } from '../../core/sharing.ts';
import type { LakeReading } from '../reading.ts';
import type { Count } from './quotas.ts';

/** What the account has of RAM's shares, against what RAM takes; nothing where it was not read. */
export function ramCounts({ observed: { sharing }, shared }: LakeReading): readonly Count[] {
  if (sharing === undefined || shared?.isRead !== true) return [];
  const shares = [...sharing.shares.values()];
  const onEach = new Map<string, number>();
  const there = shared.value.filter(({ status }) => status !== 'DISASSOCIATED');
  for (const { share } of there) onEach.set(share, (onEach.get(share) ?? 0) + 1);
  const [fullest] = [...onEach].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  const on = shares.find(({ arn }) => arn === fullest?.[0]);
  const joined = shares.filter(({ receiver, status }) => receiver !== undefined && status !== 'DISASSOCIATED');
  const counts = [
    { what: 'RAM shares', used: shares.length, most: ramLimits.shares },
    { what: 'accounts on RAM shares', used: joined.length, most: ramLimits.principals },
    { what: 'databases and tables on RAM shares', used: there.length, most: ramLimits.resources },
    {
      what: 'databases and tables on one RAM share',
      used: fullest?.[1] ?? 0,
      most: ramLimits.resourcesOnOne,
      ...(on === undefined ? {} : { where: `${on.name} with ${on.receiver}` }),
    },
  ].map((count) => ({ ...count, remedy: fewer, service: 'ram' }));
  const invitations = { what: 'RAM invitations that wait', used: waitingIn(sharing), most: ramLimits.invitations };
  return [...counts, { ...invitations, remedy: accepted, service: 'ram' }];
}

const fewer =
  'ask for all tables, where the product allows the tables to come, instead of for many by name; or share with the organization';
const accepted = 'have them accepted, or turn sharing with the organization on in RAM, so that none are needed';
