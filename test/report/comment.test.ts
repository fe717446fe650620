import { expect, test } from 'vitest';
import { commentOf } from '../../src/report/comment.ts';
import { outcomeComment } from '../../src/report/comment-outcome.ts';
import { expiringIssue, waitingIssue } from '../../src/report/issue-dates.ts';
import { driftIssue, withheldIssue } from '../../src/report/issue-drift.ts';
import { exampleNames, exampleOutcomes, examplePlan } from '../support/example-plan.ts';
import { edited, exampleMesh, pullReport } from '../support/example-pull.ts';

const mesh = exampleMesh();
const run = 'https://github.example/acme/mesh/actions/runs/7';

/** Everyday changes in one pull request: a request, a wider one, an end, a longer date, a flag. */
const everyday = edited(mesh, {
  'subscriptions/health/clinical/marketing.yaml':
    'apiVersion: meshgate/v1\nkind: Subscription\npurpose: Send reminders of checks.\naccess:\n  - { tables: [patients], columns: { include: [id, first, last, city] }, permissions: read }\n',
  'subscriptions/health/clinical/research.yaml': { 'exclude: pii': 'exclude: restricted', '2027-12-31': '2028-12-31' },
  'subscriptions/mobility/taxi/marketing.yaml': null,
  'subscriptions/retail/customers/research.yaml': null,
  'subscriptions/health/claims/research.yaml': { 'permissions: read': 'permissions: discover' },
  'products/civic/service-requests.yaml': { 'kind: DataProduct': 'kind: DataProduct\nreviewed: 2026-11-01' },
});
/** An account whose id changes: all that it has goes, and comes back for somebody else. */
const retargeted = edited(mesh, {
  'accounts/research.yaml': {
    '"555566667777"': '"555566667778"',
    '555566667777:role/research-notebook': '555566667778:role/research-notebook',
    '555566667777:role/feature': '555566667778:role/feature',
  },
});

const plan = examplePlan();
const told = { names: exampleNames, run };
const people = [
  { login: 'eve', id: 3 },
  { login: 'bob', id: 2 },
];

test.each<[file: string, text: () => Promise<string | undefined> | string | undefined]>([
  ['comment.md', async () => commentOf(await pullReport(mesh, everyday))],
  ['comment-retargeted.md', async () => commentOf(await pullReport(mesh, retargeted))],
  [
    'comment-problems.md',
    async () =>
      commentOf({
        ...(await pullReport(mesh, mesh)),
        plan: undefined,
        problems: [
          {
            code: 'UNKNOWN_TABLE',
            message: '"sales/orders" has no table "ordres"',
            hint: 'did you mean "orders"?',
            place: { file: 'mesh/subscriptions/sales/orders/marketing.yaml', line: 6, column: 14 },
          },
          { code: 'CODEOWNERS_MISSING', message: 'there is no .github/CODEOWNERS', hint: 'run meshgate codeowners' },
        ],
      }),
  ],
  [
    'comment-merged.md',
    () =>
      outcomeComment({
        commit: '3'.repeat(40),
        asOf: '2026-11-22T09:00:00Z',
        outcomes: exampleOutcomes(),
        withheld: plan.withheld,
        byHand: plan.byHand,
        ...told,
      }),
  ],
  ['issue-drift.md', () => driftIssue(plan, told)?.body],
  ['issue-withheld.md', () => withheldIssue(plan, told)?.body],
  [
    'issue-expiring.md',
    () =>
      expiringIssue(
        [
          {
            subscription: 'sales/orders/marketing',
            file: 'mesh/subscriptions/sales/orders/marketing.yaml',
            expires: '2026-12-24',
            consumers: [{ login: 'eve', id: 3 }],
            producers: people,
          },
          {
            subscription: 'sales/stores/research',
            file: 'mesh/subscriptions/sales/stores/research.yaml',
            expires: '2026-12-01',
            consumers: people,
            producers: [],
          },
        ],
        run,
      )?.body,
  ],
  [
    'issue-waiting.md',
    () =>
      waitingIssue([
        { pull: 12, title: 'Orders for marketing', days: 9, people },
        { pull: 7, title: 'Stores for <b>@everyone</b>', days: 21, people },
        { pull: 9, title: 'Items', days: 8, people: [] },
      ])?.body,
  ],
])('%s', async (file, text) => {
  await expect((await text()) ?? 'nothing\n').toMatchFileSnapshot(`../golden/${file}`);
});
