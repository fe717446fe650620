import {
  grantorReads,
  optInActions,
  optInReads,
  parameterActions,
  readActions,
  shareActions,
  writeActions,
} from '../../core/actions.ts';
import { changeSettings } from '../../core/aws-command.ts';
import type { Check } from '../../core/diagnosis.ts';
import type { LakeFailure } from '../../core/lake.ts';
import { isCaller, toPrincipal } from '../../core/principal.ts';
import type { Scope } from '../../core/scope.ts';
import { finding, ok, onlyByDoing, unchecked, unread } from '../check.ts';
import type { CheckCode } from '../codes.ts';
import { allow, principalArn, simulate } from '../commands.ts';
import type { LakeReading } from '../reading.ts';
import { listed } from '../words.ts';
import { outcome } from './role-rights.ts';

/** What is said of the caller's standing in the data lake. */
export function checkAdministrator(lake: LakeReading): Check {
  const { settings, caller } = lake;
  if (!settings.isRead)
    return unread('ADMINISTRATOR', 'whether the role is a data lake administrator', settings.failure);
  const isAmong = (names: readonly string[]): boolean => names.some((name) => isCaller(caller.arn, name));
  if (isAmong(settings.value.administrators)) return ok('ADMINISTRATOR', 'the role is a data lake administrator');
  const add = (list: string): string =>
    changeSettings(lake, `--arg role ${principalArn(caller.arn)} '.${list} += [{DataLakePrincipalIdentifier: $role}]'`);
  if (isAmong(settings.value.readOnlyAdministrators))
    return finding('ADMINISTRATOR', 'the role is a read-only administrator', {
      severity: 'note',
      means: 'plan and drift see everything with it; apply may not grant or revoke, and needs a role of its own',
      commands: [],
    });
  return finding('ADMINISTRATOR', 'the role is no data lake administrator', {
    severity: 'error',
    means:
      'Lake Formation shows it a part of the permissions and of the catalog, without a word, so that nothing is revoked; and it may not grant',
    remedy: 'the first command is for apply, the second for plan and drift; run one as an administrator',
    commands: [add('DataLakeAdmins'), add('ReadOnlyAdmins')],
  });
}

/** What is said of the rights to read. */
export function checkReadRights(lake: LakeReading): readonly Check[] {
  return tried(lake, 'READ_RIGHTS', [...readActions, ...(isHybrid(lake.scope) ? optInReads : [])]);
}

/** Whether any product has hybrid access now, or ever had: then opt-ins are read. */
function isHybrid({ ever }: Scope): boolean {
  return [...ever.databases.values()].flat().some((product) => product.isHybrid);
}

/** What is said of the rights to write: what can be tried is, and of the rest it is said that it was not. */
export function checkWriteRights(lake: LakeReading): readonly Check[] {
  const { scope, principals, account } = lake;
  const isForeign = (id: string): boolean => toPrincipal(id).account !== account;
  const actions = [
    ...writeActions,
    ...(isHybrid(scope) ? optInActions : []),
    ...(scope.parameters.size > 0 ? parameterActions : []),
    ...([...principals].some(isForeign) ? shareActions : []),
  ];
  return [...tried(lake, 'WRITE_RIGHTS', grantorReads), simulated(lake, actions)];
}

/** What IAM says of the actions that nobody tries. */
function simulated({ rights, caller, settings }: LakeReading, actions: readonly string[]): Check {
  const what = `the ${actions.length} actions by which apply changes something`;
  const asking = { commands: [simulate(caller.arn, actions)] };
  if (!rights.isRead)
    return onlyByDoing('WRITE_RIGHTS', `whether IAM allows ${what}`, { ...asking, unread: rights.failure });
  const { denied, unsaid } = outcome(rights.value.filter(({ action }) => actions.includes(action)));
  const untold = actions.filter((action) => !rights.value.some((one) => one.action === action));
  if (denied.length > 0) {
    const isReader =
      settings.isRead && settings.value.readOnlyAdministrators.some((name) => isCaller(caller.arn, name));
    return finding('WRITE_RIGHTS', `IAM allows the caller not ${listed(denied)}`, {
      severity: isReader ? 'note' : 'error',
      means: isReader ? 'with this role apply would fail; it is one that reads' : 'apply fails at it',
      commands: isReader ? [] : [allow(caller.arn, denied)],
    });
  }
  if (unsaid.length + untold.length > 0) {
    const why = `what that hangs on IAM cannot simulate: ${listed([...new Set([...unsaid, ...untold])])}`;
    return unchecked('WRITE_RIGHTS', `whether IAM allows ${what}`, { why, ...asking });
  }
  return ok('WRITE_RIGHTS', `IAM allows ${what}, as it simulates them`);
}

function tried(
  { attempts, caller, observed }: LakeReading,
  code: CheckCode,
  actions: readonly string[],
): readonly Check[] {
  const cameOf = (action: string): LakeFailure | 'allowed' | 'untried' => {
    const operation = action.slice(action.indexOf(':') + 1);
    return attempts.has(operation) ? (attempts.get(operation) ?? 'allowed') : 'untried';
  };
  const untried = observed.catalog.unread.size > 0 ? onUnread : onNothing;
  const outcomes = actions.map((action) => ({ action, came: cameOf(action) }));
  const allowed = outcomes.filter(({ came }) => came === 'allowed').map(({ action }) => action);
  return [
    ...(allowed.length === 0 ? [] : [ok(code, `IAM allows ${allowed.join(', ')}`)]),
    ...outcomes.flatMap(({ action, came }): readonly Check[] => {
      if (came === 'allowed') return [];
      if (came === 'untried') return [unchecked(code, `whether IAM allows ${action}`, { why: untried })];
      if (came.code !== 'AccessDeniedException') return [unread(code, `whether IAM allows ${action}`, came)];
      return [
        finding(code, `${action} is refused: ${came.message}`, {
          severity: 'error',
          means: 'what it reads is unknown, and everything that depends on it is left as it is',
          commands: [allow(caller.arn, [action])],
        }),
      ];
    }),
  ];
}

const onNothing = 'the catalog has nothing that the mesh declares, on which it could be tried';

const onUnread =
  'of the databases that the mesh declares some could not be read, and nothing is known on which it could be tried';
