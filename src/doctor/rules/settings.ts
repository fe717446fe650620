import { changeSettings } from '../../core/aws-command.ts';
import type { Check } from '../../core/diagnosis.ts';
import { finding, ok, unread } from '../check.ts';
import type { LakeReading } from '../reading.ts';

/** What is said of what new databases and tables are open to. */
export function checkDefaults(lake: LakeReading): Check {
  const { settings } = lake;
  if (!settings.isRead)
    return unread('DEFAULT_PERMISSIONS', 'what new databases and tables are open to', settings.failure);
  const { opensNewDatabases, opensNewTables } = settings.value;
  if (!opensNewDatabases && !opensNewTables)
    return ok('DEFAULT_PERMISSIONS', 'new databases and tables are open to nobody');
  const what = [...(opensNewDatabases ? ['database'] : []), ...(opensNewTables ? ['table'] : [])].join(
    ' and every new ',
  );
  return finding('DEFAULT_PERMISSIONS', `every new ${what} gives ALL to IAM_ALLOWED_PRINCIPALS`, {
    severity: 'warning',
    means:
      'whomever IAM lets read reads what is created from now on, whatever the mesh files say, and it cannot be shared with other accounts',
    commands: [changeSettings(lake, "'.CreateDatabaseDefaultPermissions = [] | .CreateTableDefaultPermissions = []'")],
  });
}

/** What is said of how many administrators there are. */
export function checkLastAdministrator(lake: LakeReading): Check {
  const { settings } = lake;
  if (!settings.isRead) return unread('LAST_ADMINISTRATOR', 'how many administrators there are', settings.failure);
  const { administrators } = settings.value;
  if (administrators.length > 1) return ok('LAST_ADMINISTRATOR', `there are ${administrators.length} administrators`);
  return finding('LAST_ADMINISTRATOR', `the only data lake administrator is ${administrators[0] ?? 'nobody'}`, {
    severity: 'warning',
    means: 'if that role is deleted or locked out, nobody can grant, revoke or mend anything here',
    remedy: 'make a second role one, for emergencies; put its name for ROLE',
    commands: [
      changeSettings(
        lake,
        `--arg role arn:aws:iam::${lake.account}:role/ROLE '.DataLakeAdmins += [{DataLakePrincipalIdentifier: $role}]'`,
      ),
    ],
  });
}
