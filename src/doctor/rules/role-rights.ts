import type { Check } from '../../core/diagnosis.ts';
import type { Simulated } from '../../core/inspection.ts';
import { finding, ok, unchecked, unread } from '../check.ts';
import type { LakeReading, RoleReading } from '../reading.ts';
import { listed } from '../words.ts';

const code = 'ROLE_RIGHTS';

/** What IAM says of what each role of Meshgate may do. */
export function checkRoleRights({ roles, accounts }: LakeReading): readonly Check[] {
  const all = [...roles, ...accounts.flatMap(({ entry }) => entry?.roles ?? [])];
  const checks = all.flatMap((role) => checkRole(role));
  if (checks.length > 0) return checks;
  return [
    finding(code, 'there is no role of bootstrap whose rights could be simulated', {
      severity: 'note',
      means: 'what runs may do is what the rights of the caller tell',
    }),
  ];
}

function checkRole({ site, account, name, rights }: RoleReading): readonly Check[] {
  if (rights === undefined) return [];
  const who = `role ${name} of ${site} (${account})`;
  if (!rights.isRead) return [unread(code, `what ${who} may do`, rights.failure)];
  const { denied, unsaid } = outcome(rights.value);
  return [
    ...(denied.length === 0
      ? []
      : [
          finding(code, `IAM allows ${who} not ${listed(denied)}`, {
            severity: 'error',
            means: 'runs that need it fail at it',
            commands: [`meshgate bootstrap ${site} --deploy`],
          }),
        ]),
    ...(unsaid.length === 0
      ? []
      : [
          unchecked(code, `whether IAM allows ${who} ${listed(unsaid)}`, {
            why: 'its policies hang on what a simulation does not know',
          }),
        ]),
    ...(denied.length + unsaid.length > 0
      ? []
      : [
          ok(
            code,
            `IAM allows ${who} what it is for, ${new Set(rights.value.map(({ action }) => action)).size} actions`,
          ),
        ]),
  ];
}

/** The actions that IAM allows not on all that was asked, and those on which a simulation cannot tell. */
export function outcome(simulated: readonly Simulated[]): {
  readonly denied: readonly string[];
  readonly unsaid: readonly string[];
} {
  const not = simulated.filter(({ isAllowed }) => !isAllowed);
  const names = (list: readonly Simulated[]): readonly string[] =>
    [...new Set(list.map(({ action }) => action))].sort();
  return {
    denied: names(not.filter(({ missing }) => missing.length === 0)),
    unsaid: names(not.filter(({ missing }) => missing.length > 0)),
  };
}
