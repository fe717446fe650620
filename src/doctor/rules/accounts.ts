import type { Check } from '../../core/diagnosis.ts';
import { isCaller } from '../../core/principal.ts';
import { finding, ok, unchecked, unread } from '../check.ts';
import type { AccountReading, Entry } from '../reading.ts';

const code = 'ACCOUNTS';

/** What is said of each account into which subscriptions reach. */
export function checkAccounts(accounts: readonly AccountReading[]): readonly Check[] {
  if (accounts.length === 0) return [ok(code, "no subscription reaches into a consumer's own catalog")];
  return accounts.map((account) =>
    account.entry === undefined ? notEntered(account) : entered(account, account.entry),
  );
}

function notEntered({ name, id }: AccountReading): Check {
  return finding(code, `no run enters ${name} (${id})`, {
    severity: 'note',
    means: 'its administrator accepts invitations, makes links and grants, and takes them back',
    remedy:
      'the plan lists what there is to give; or let runs do it all, with `runsAs` in the account file and the roles of bootstrap',
    commands: ['meshgate plan --verbose', `meshgate bootstrap ${name}`],
  });
}

function entered({ name, id }: AccountReading, { role, isTrusted, caller, settings, shares }: Entry): Check {
  const commands = [`meshgate bootstrap ${name} --deploy`];
  const means = 'what subscriptions bring there waits, and what has ended stays';
  if (!caller.isRead) {
    const { operation, code: answered, message } = caller.failure;
    if (!answered.startsWith('AccessDenied')) return unread(code, `the lake of ${name} (${id})`, caller.failure);
    const said = `${operation} answered ${answered}: ${message}`;
    if (isTrusted)
      return finding(code, `${role} does not let the run in: ${said}`, { severity: 'error', means, commands });
    const why = `${said}; accounts let in the roles of the central account that runs have, and the caller is none of them`;
    return unchecked(code, `whether ${name} (${id}) lets runs in`, { why });
  }
  if (!settings.isRead) return unread(code, `who administers the lake of ${name} (${id})`, settings.failure);
  const { administrators, readOnlyAdministrators } = settings.value;
  if (![...administrators, ...readOnlyAdministrators].some((one) => isCaller(caller.value.arn, one)))
    return finding(code, `${role} is no data lake administrator of ${name} (${id})`, {
      severity: 'error',
      means: `it sees a part of the permissions there, and so ${means}`,
      commands,
    });
  if (!shares.isRead) return unread(code, `what is shared with ${name} (${id})`, shares.failure);
  return ok(code, `${name} (${id}) lets ${role} in, which reads its lake`);
}
