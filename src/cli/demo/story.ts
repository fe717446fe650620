import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Ran, Stage } from './stage.ts';

/** One chapter: what is told, and what is done. */
export interface Chapter {
  readonly title: string;
  readonly tell: string;
  readonly scenes: readonly Scene[];
}

/** One thing that is done on stage, and what must come of it. */
export interface Scene {
  /** The command as a person would type it. */
  readonly typed: string;
  readonly act: (stage: Stage) => Promise<Ran>;
  /** The exit code that must come; null for a killed run. */
  readonly code: number | null;
  /** Texts that the output must hold. */
  readonly says: readonly RegExp[];
  /** How many lines are shown from the start, or from the first that fits, and the end; the rest is counted. */
  readonly show: { readonly from?: RegExp; readonly head: number; readonly tail: number };
}

const request = 'mesh/subscriptions/health/clinical/marketing.yaml';
const requestText = `apiVersion: meshgate/v1
kind: Subscription
purpose: Plan health campaigns by district.
access:
  - tables: [patients]
    columns: { include: [gender, city, zip] }
    permissions: read
expires: 2028-06-30
`;

const importText = `import:
  database: patients
  grants: [{ principals: [analysts], permissions: [SELECT, DESCRIBE] }]
`;
const runsAsText = 'runsAs: { observe: meshgate-observe, apply: meshgate-apply }\n';

const all = { head: 1000, tail: 0 };
const verdict = { head: 1, tail: 3 };

function command(typed: string, scene: Partial<Scene> = {}): Scene {
  const args = typed.split(' ').slice(1);
  return { typed, act: (stage) => stage.meshgate(args), code: 0, says: [], show: all, ...scene };
}

/** Asks the emulator whether the analyst can read columns of the table through the link. */
function asked(columns: readonly string[], says: RegExp): Scene {
  const principal = 'arn:aws:iam::012345678901:role/marketing-analysts';
  return {
    typed: `may marketing-analysts read ${columns.join(' and ')} of patients.patients, in account 012345678901?`,
    act: (stage) => stage.canRead({ principal, database: 'patients', table: 'patients', columns }),
    code: 0,
    says: [says],
    show: all,
  };
}

function aside(typed: string, act: (stage: Stage) => Promise<unknown>): Scene {
  return {
    typed,
    act: async (stage) => {
      await act(stage);
      return { code: 0, output: '' };
    },
    code: 0,
    says: [],
    show: all,
  };
}

/** The story that the demo tells, with what each step must do for it to be true. */
export const story: readonly Chapter[] = [
  {
    title: 'A mesh in git, a lake in AWS',
    tell: 'The files are checked offline; then the plan compares them with what Lake Formation says.',
    scenes: [
      aside('git add mesh && git commit --message "The mesh"', async ({ git }) => {
        await git('add', 'mesh');
        await git('commit', '--quiet', '--message', 'The mesh');
        await git('tag', 'trusted');
      }),
      command('meshgate validate', { says: [/is valid: 6 accounts, 15 products/] }),
      command('meshgate plan --trust-root HEAD', {
        says: [/\+ grant .*\[pii\]/, /Plan: \d+ to grant/],
        show: { head: 17, tail: 3 },
      }),
    ],
  },
  {
    title: 'Apply, and nothing is left to do',
    tell: 'What was planned is granted in batches and read back.',
    scenes: [
      command('meshgate apply --trust-root HEAD', { says: [/Done: \d+ applied\.\n/], show: { head: 0, tail: 1 } }),
      command('meshgate plan --trust-root HEAD --exit-code', { says: [/Plan: nothing to do\./], show: verdict }),
    ],
  },
  {
    title: 'Somebody grants by hand',
    tell: 'An administrator opens a table of patients to the marketing account, in the console.',
    scenes: [
      aside('aws lakeformation grant-permissions --principal DataLakePrincipalIdentifier=012345678901 …', (stage) =>
        stage.grantByHand('012345678901', { database: 'health_clinical', table: 'conditions' }),
      ),
      command('meshgate drift --trust-root HEAD', {
        code: 2,
        says: [/Extra/, /SELECT on table health_clinical\.conditions/, /by .*analytics-platform-admin/],
        show: { head: 6, tail: 1 },
      }),
      command('meshgate apply --trust-root HEAD', {
        says: [/- revoke +SELECT/, /Done: \d+ applied\.\n/],
        show: { head: 6, tail: 1 },
      }),
      command('meshgate drift --trust-root HEAD', { says: [/No drift/], show: verdict }),
    ],
  },
  {
    title: 'A request for personal data waits for its owner',
    tell: 'Marketing asks for columns of patients, one of which is pii. It is merged, but nobody who may has approved it.',
    scenes: [
      aside(`git add ${request} && git commit --message "Marketing asks for patients"`, async ({ git, write }) => {
        await write(request, requestText);
        await git('add', request);
        await git('commit', '--quiet', '--message', 'Marketing asks for patients');
      }),
      command('meshgate apply --trust-root trusted', {
        code: 4,
        says: [/Withheld/, /\[pii\]/, /changed after the trust root/, /withheld\.\n/],
        show: { head: 9, tail: 1 },
      }),
      aside(
        'approvals.yaml arrives: the clinical data steward approved exactly this version',
        async ({ git, write }) => {
          const blob = await git('hash-object', request);
          await write('approvals.yaml', approvalsText(blob));
        },
      ),
      command('meshgate apply --trust-root trusted --approvals approvals.yaml', {
        says: [/\+ grant +SELECT on table health_clinical\.patients/, /Done: \d+ applied\.\n/],
        show: { head: 7, tail: 1 },
      }),
    ],
  },
  {
    title: 'Into the account of the analysts',
    tell: 'An analyst of marketing reads through a link in the catalog of their own account. The roles that bootstrap makes let Meshgate make it, and the subscription says who gets which part.',
    scenes: [
      command('meshgate bootstrap marketing', { says: [/RoleName: meshgate-apply/], show: { head: 5, tail: 0 } }),
      asked(['city'], /^no: /),
      aside('marketing lets Meshgate in, and its subscription says `import:`; both are committed', async (stage) => {
        await stage.append('mesh/accounts/marketing.yaml', runsAsText);
        await stage.append(request, importText);
        await stage.git('commit', '--quiet', '--all', '--message', 'Marketing reads patients in its own account');
      }),
      command('meshgate apply --trust-root HEAD', {
        says: [/create .*on resource link patients, in account 012345678901/, /Done: \d+ applied\.\n/],
        show: { from: /^health/, head: 9, tail: 1 },
      }),
      asked(['city', 'zip'], /^yes: /),
      asked(['birthdate'], /^no: /),
      aside('the last day of the subscription passes', async ({ directory, git, write }) => {
        const text = await readFile(join(directory, request), 'utf8');
        await write(request, text.replace(/^expires: .*$/m, 'expires: 2026-01-31'));
        await git('commit', '--quiet', '--all', '--message', 'Marketing has ended');
      }),
      command('meshgate apply --trust-root HEAD', {
        says: [/delete .*on resource link patients/, /Done: \d+ applied\.\n/],
        show: { from: /^health/, head: 9, tail: 1 },
      }),
      asked(['city'], /^no: /),
    ],
  },
  {
    title: 'A run is killed half-way',
    tell: 'All access of the research account ends: its files are removed. A guard stops so large a cut, until a reviewed override in mesh.yaml lets it through; then the run is killed while it revokes.',
    scenes: [
      aside("git rm 'mesh/subscriptions/*/*/research*.yaml' && git commit", async ({ git }) => {
        await git('rm', '--quiet', 'mesh/subscriptions/*/*/research*.yaml');
        await git('commit', '--quiet', '--message', 'Research has ended');
      }),
      command('meshgate plan --trust-root HEAD', {
        code: 3,
        says: [/Refused: TOO_MANY_REVOKES/, /overrides:/],
        show: { from: /^Refused/, head: 7, tail: 1 },
      }),
      aside('the override goes into mesh.yaml, with a reason and a last day', async ({ git, append }) => {
        await append('mesh/mesh.yaml', overrideText(new Date()));
        await git('commit', '--quiet', '--all', '--message', 'Research may be cut off');
      }),
      {
        ...command('meshgate apply --trust-root HEAD'),
        typed: 'meshgate apply --trust-root HEAD   # kill -9 after the third batch',
        act: killedApply,
        code: null,
        says: [/to revoke/],
        show: { head: 1, tail: 1 },
      },
      command('meshgate apply --trust-root HEAD', { says: [/Done: \d+ applied\.\n/], show: verdict }),
      command('meshgate plan --trust-root HEAD --exit-code', {
        says: [/Plan: nothing to do\./],
        show: { head: 0, tail: 1 },
      }),
    ],
  },
];

function overrideText(now: Date): string {
  const until = new Date(now.getTime() + 7 * 24 * 3600 * 1000).toISOString().slice(0, 10);
  return `
overrides:
  - guard: TOO_MANY_REVOKES
    scope: { mesh: true }
    reason: The research account has left the mesh.
    until: ${until}
`;
}

function approvalsText(blob: string): string {
  return `apiVersion: meshgate/v1
kind: Approvals
approvals:
  - path: ${request.replace('mesh/', '')}
    blob: ${blob}
    author: { login: marketing-data-lead, id: 90000041 }
    approvers: [{ login: clinical-data-steward, id: 90000033 }]
`;
}

/** Lets three batches through, leaves the fourth without an answer, and kills the process there. */
async function killedApply(stage: Stage): Promise<Ran> {
  const before = await stage.calls('BatchRevokePermissions');
  await stage.faults([{ kind: 'hang', operation: 'BatchRevokePermissions', after: 3 }]);
  const ran = await stage.meshgate(['apply', '--trust-root', 'HEAD'], async (kill) => {
    for (let wait = 0; wait < 200 && (await stage.calls('BatchRevokePermissions')) < before + 3; wait += 1)
      await sleep(25);
    await sleep(50);
    kill();
  });
  await stage.faults([]);
  return ran;
}
