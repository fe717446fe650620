import type { Answer } from './question.ts';
import { beyond, questions } from './run.ts';

/** Where and as whom the probe ran. */
export interface Setting {
  readonly account: string;
  readonly region: string;
  readonly caller: string;
  readonly principal: string;
  readonly endpoint: string;
  readonly at: Date;
}

/** The IAM actions that the probe's calls need, of the caller. */
export const actions: readonly string[] = [
  'glue:CreateDatabase',
  'glue:CreateTable',
  'glue:DeleteDatabase',
  'glue:DeleteTable',
  'glue:GetDatabase',
  'glue:GetDatabases',
  'glue:GetTable',
  'glue:GetTables',
  'glue:UpdateDatabase',
  'glue:UpdateTable',
  'lakeformation:BatchGrantPermissions',
  'lakeformation:CreateDataCellsFilter',
  'lakeformation:DeleteDataCellsFilter',
  'lakeformation:GetDataLakeSettings',
  'lakeformation:GrantPermissions',
  'lakeformation:ListDataCellsFilter',
  'lakeformation:ListPermissions',
  'lakeformation:RevokePermissions',
  'sts:AssumeRole',
  'sts:GetCallerIdentity',
];

/** What would be done, for a person to read before it is. */
export function listingText(
  { account, region, caller, principal, endpoint }: Setting,
  { database, left }: { readonly database: string; readonly left: readonly string[] },
): string {
  const asked = questions.map(({ does, switches }) => `  ${does}\n    settles ${switches.join(', ')}`);
  const open = Object.entries(beyond).map(([name, why]) => `  ${name}: ${why}`);
  return `The probe would, in account ${account}, region ${region}, through ${endpoint},
as ${caller},
make the database ${database} with tables without data, grant on it and revoke from
${principal}, and remove it again. It writes nothing outside that database, but for a
second one, ${database}_other, which the principal makes where it may.
${left.length === 0 ? '' : leftText(left)}
${asked.join('\n')}

Not settled by one account:
${open.join('\n')}

IAM actions that this takes: ${actions.join(', ')}.
The caller must be a data lake administrator, and the principal none.

Nothing was done. Run again with --yes to do it.
`;
}

/** The report to commit: Markdown with the observed switches as YAML, in the form that the emulator's seed takes. */
export function reportText(answers: Readonly<Record<string, Answer>>, setting: Setting): string {
  const sorted = Object.entries(answers).sort(([a], [b]) => (a < b ? -1 : 1));
  const settled = sorted.flatMap(([name, answer]) => ('value' in answer ? [{ name, ...answer }] : []));
  const open = sorted.flatMap(([name, answer]) => ('open' in answer ? [{ name, why: answer.open }] : []));
  const lines = settled.map(
    ({ name, value, note }) => `  ${name}: ${JSON.stringify(value)}${note === undefined ? '' : ` # ${note}`}`,
  );
  return `# How Lake Formation behaves

Observed on ${setting.at.toISOString().slice(0, 10)} in region ${setting.region} through ${setting.endpoint}
by \`npm run probe\`: ${settled.length} switches settled, ${open.length} left open.

\`\`\`yaml
switches:
${lines.join('\n')}
\`\`\`

| not settled | why, or what it would take |
|---|---|
${open.map(({ name, why }) => `| ${name} | ${why.replaceAll('|', '\\|')} |`).join('\n')}
`;
}

/** What is said of the sandboxes of other runs. */
export function leftText(left: readonly string[]): string {
  const are = left.length === 1 ? 'is' : 'are';
  return `${left.join(', ')} ${are} of another run: where none goes on, they are what a run that was killed has left, and --clean --yes removes them.\n`;
}
