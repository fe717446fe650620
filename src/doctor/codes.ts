import type { Topic } from '../core/diagnosis.ts';

/** Every check: what it looks at, and what it must find; the README's table is made from it. */
export const checkCodes = {
  MESH_FILES: { topic: 'files', sound: 'The mesh directory is there, and its files are valid.' },
  GIT_REPOSITORY: { topic: 'git', sound: 'The mesh files are in git, and are as they are committed.' },
  GIT_HISTORY: { topic: 'git', sound: 'The clone holds the full history, which tells what is managed and trusted.' },
  GIT_BRANCH: { topic: 'git', sound: 'A branch is checked out.' },
  TRUST_ROOT: { topic: 'git', sound: 'The trust root is given, and is on the first-parent history.' },
  CODEOWNERS: { topic: 'git', sound: 'GitHub asks the people to review who must approve by the mesh files.' },
  BRANCH_RULES: { topic: 'git', sound: "GitHub's rules guard the default branch, and it reads the code owners." },
  CLOCK: { topic: 'connection', sound: "This machine's clock agrees with AWS's." },
  IDENTITY: { topic: 'connection', sound: 'The credentials are accepted, and belong to the central account.' },
  ENDPOINT: { topic: 'connection', sound: 'The calls go to AWS.' },
  ADMINISTRATOR: { topic: 'rights', sound: 'The role is a data lake administrator, or a read-only one.' },
  READ_RIGHTS: { topic: 'rights', sound: 'IAM allows the role what plan and drift call.' },
  WRITE_RIGHTS: { topic: 'rights', sound: 'IAM allows the role what apply calls besides.' },
  ROLE_TRUST: {
    topic: 'rights',
    sound: "Meshgate's roles trust whom bootstrap would let them trust, and nobody else.",
  },
  ROLE_RIGHTS: { topic: 'rights', sound: "IAM allows Meshgate's roles what they are for, as it simulates it." },
  DEFAULT_PERMISSIONS: { topic: 'settings', sound: 'New databases and tables are not open to whomever IAM lets in.' },
  LAST_ADMINISTRATOR: { topic: 'settings', sound: 'There is more than one data lake administrator.' },
  OPEN_TO_IAM: { topic: 'openness', sound: 'IAM_ALLOWED_PRINCIPALS holds nothing on what the mesh declares.' },
  DATABASE_DEFAULTS: { topic: 'openness', sound: 'No declared database opens its new tables to IAM.' },
  CROSS_ACCOUNT_VERSION: { topic: 'sharing', sound: 'The cross-account version allows what the mesh grants.' },
  ACCOUNT_VERSIONS: {
    topic: 'sharing',
    sound: 'The cross-account versions of the accounts go together.',
  },
  CATALOG_KEY: {
    topic: 'sharing',
    sound: 'The catalog is not encrypted with a key that cannot be shared with others.',
  },
  RESOURCE_POLICY: { topic: 'sharing', sound: 'The catalog has no resource policy, or one that lets RAM share.' },
  SHARES: { topic: 'sharing', sound: 'RAM brings other accounts what they are given, and nothing else.' },
  ACCOUNTS: {
    topic: 'sharing',
    sound: 'Accounts into which subscriptions reach let the role in, as a data lake administrator.',
  },
  CONSUMER_STEPS: { topic: 'sharing', sound: 'Nothing is left to do in the accounts into which subscriptions reach.' },
  DATABASES: { topic: 'catalog', sound: 'The declared databases are in the catalog.' },
  REGISTERED: { topic: 'catalog', sound: 'The declared locations, and the data of declared tables, are registered.' },
  HYBRID: {
    topic: 'catalog',
    sound: 'Such locations are in hybrid access mode where their products say so, and nowhere else.',
  },
  BUCKET_POLICIES: {
    topic: 'catalog',
    sound: 'No declared location lies in a bucket whose policy only another account may read.',
  },
  QUOTAS: { topic: 'quotas', sound: 'What can be counted stays under four fifths of its quota.' },
} as const satisfies Readonly<Record<string, { readonly topic: Topic; readonly sound: string }>>;

/** The code of a check. */
export type CheckCode = keyof typeof checkCodes;
