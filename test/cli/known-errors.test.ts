import {
  CreateLFTagCommand,
  GrantPermissionsCommand,
  type GrantPermissionsRequest,
  LakeFormationClient,
  ListPermissionsCommand,
  PutDataLakeSettingsCommand,
  RegisterResourceCommand,
  RevokePermissionsCommand,
} from '@aws-sdk/client-lakeformation';
import { describe, expect, test } from 'vitest';
import { failureOf } from '../../src/aws/failure.ts';
import { explain } from '../../src/core/explain.ts';
import { knownErrors } from '../../src/core/known-errors/known-errors.ts';
import type { Fault } from '../../src/emulator/faults.ts';
import type { SeedRegion } from '../../src/emulator/seed.ts';
import { runHere } from '../support/run-here.ts';
import { setStage } from '../support/stage.ts';
import { byHand, keysOf, openShops, region, townLake } from '../support/town.ts';

function meaning(id: string): string {
  return knownErrors.find((known) => known.id === id)?.means ?? `there is no ${id}`;
}

interface Refused {
  readonly id: string;
  readonly faults?: readonly Fault[];
  readonly lake?: Partial<SeedRegion>;
  /** What the outcome says the service answered. */
  readonly reason: RegExp;
}

const grant = 'BatchGrantPermissions';
/** What makes a column list clash. */
const held = {
  principal: 'arn:aws:iam::111122223333:role/reporting',
  resource: { Table: { DatabaseName: 'sales', Name: 'orders' } },
  permissions: ['ALTER'],
};

/** What apply is refused, and by whose doing. */
const refused: readonly Refused[] = [
  {
    id: 'illegal-combination',
    lake: { grants: [openShops] },
    reason: /AccessDeniedException: Insufficient Lake Formation permissions: Illegal/,
  },
  {
    id: 'lake-formation-denied',
    lake: {
      databases: {
        ...townLake.databases,
        sales: { ...townLake.databases?.['sales'], createdBy: 'arn:aws:iam::111122223333:role/nobody' },
      },
    },
    reason:
      /^UpdateDatabase answered AccessDeniedException: Insufficient Lake Formation permission\(s\): Required Alter on sales/,
  },
  {
    id: 'hidden-or-missing',
    faults: [{ kind: 'access-denied', operation: grant }],
    reason: /is not authorized to access requested/,
  },
  {
    id: 'invalid-principal',
    faults: [{ kind: 'invalid-principal', operation: grant }],
    reason: /InvalidInputException: Invalid principal/,
  },
  { id: 'throttled', faults: [{ kind: 'throttle', operation: grant }], reason: /ThrottlingException: Rate exceeded/ },
  {
    id: 'throttled-inside',
    faults: [{ kind: 'throttle-wrapped', operation: grant }],
    reason: /InvalidInputException: Rate exceeded \(Service/,
  },
  {
    id: 'conflict',
    faults: [{ kind: 'concurrent-modification', operation: grant }],
    reason: /ConcurrentModificationException: /,
  },
  { id: 'expired-session', faults: [{ kind: 'expired-token', operation: grant }], reason: /ExpiredTokenException: / },
  { id: 'unknown-outcome', faults: [{ kind: 'internal', operation: grant }], reason: /InternalServiceException: / },
];

describe('apply explains what it is refused', { timeout: 60_000 }, () => {
  test.each(refused)('$id', async ({ id, faults = [], lake = {}, reason }) => {
    const stage = await setStage({ lake });
    stage.emulator.setFaults(faults);
    const args = ['apply', '--trust-root', 'HEAD', '--tries', '1'];
    const ran = await runHere(stage, [...args, '--format', 'json']);
    const outcomes: readonly { readonly reason?: string; readonly hint?: string }[] = JSON.parse(ran.out).outcomes;
    const found = outcomes.filter((outcome) => reason.test(outcome.reason ?? ''));
    expect(found.length).toBeGreaterThan(0);
    for (const { hint } of found) expect(hint).toMatch(new RegExp(`^${meaning(id)}: `));
    expect(ran.code).toBe(5);
  });

  test('in text, under what was answered', async () => {
    const stage = await setStage();
    stage.emulator.setFaults([{ kind: 'concurrent-modification', operation: grant }]);
    const ran = await runHere(stage, ['apply', '--trust-root', 'HEAD', '--tries', '1']);
    expect(ran.out).toMatch(
      / {4}BatchGrantPermissions answered ConcurrentModification[^\n]*\n {4}another change of the same principal or resource was under way: /,
    );
  });
});

test('a gap of a plan is explained', { timeout: 60_000 }, async () => {
  const stage = await setStage();
  const ran = await runHere(stage, ['plan', '--format', 'json'], keysOf.outsider);
  const gaps: readonly { readonly code: string; readonly hint?: string }[] = JSON.parse(ran.out).gaps;
  expect(gaps.find(({ code }) => code === 'NO_SETTINGS')?.hint).toMatch(/^IAM does not allow the role this action: /);
});

const orders = { Table: { DatabaseName: 'sales', Name: 'orders' } };
const columns = { TableWithColumns: { DatabaseName: 'sales', Name: 'orders', ColumnNames: ['id'] } };
const who = (text: string) => ({ DataLakePrincipalIdentifier: text });
const reporting = who('arn:aws:iam::111122223333:role/reporting');
const entry = (more: Partial<GrantPermissionsRequest>): GrantPermissionsRequest => ({
  Principal: reporting,
  Resource: orders,
  Permissions: ['SELECT'],
  ...more,
});

type Direct = readonly [
  id: string,
  call: (client: LakeFormationClient) => Promise<unknown>,
  keys?: keyof typeof keysOf,
];

/** What the emulator refuses those who call it directly. */
const direct: readonly Direct[] = [
  ['settings-denied', (client) => client.send(new PutDataLakeSettingsCommand({ DataLakeSettings: {} })), 'outsider'],
  ['iam-denied', (client) => client.send(new ListPermissionsCommand({})), 'outsider'],
  [
    'organization',
    (client) =>
      client.send(
        new GrantPermissionsCommand(
          entry({
            Principal: who('arn:aws:organizations::111122223333:organization/o-abcdefghij'),
            PermissionsWithGrantOption: ['SELECT'],
          }),
        ),
      ),
  ],
  ['nothing-revoked', (client) => client.send(new RevokePermissionsCommand(entry({})))],
  [
    'dead-administrator',
    (client) =>
      client.send(
        new PutDataLakeSettingsCommand({
          DataLakeSettings: { DataLakeAdmins: [who('arn:aws:iam::111122223333:role/gone')] },
        }),
      ),
  ],
  [
    'invalid-principal',
    (client) =>
      client.send(new GrantPermissionsCommand(entry({ Principal: who('arn:aws:iam::111122223333:role/gone') }))),
  ],
  ['columns-clash', (client) => client.send(new GrantPermissionsCommand(entry({ Resource: columns })))],
  [
    'permissions-not-valid',
    (client) => client.send(new GrantPermissionsCommand(entry({ Permissions: ['CREATE_TABLE'] }))),
  ],
  ['principal-without-resource', (client) => client.send(new ListPermissionsCommand({ Principal: reporting }))],
  ['no-resource', (client) => client.send(new ListPermissionsCommand({ Resource: {} }))],
  ['tag-exists', (client) => client.send(new CreateLFTagCommand({ TagKey: 'domain', TagValues: ['sales'] }))],
  [
    'not-found',
    (client) =>
      client.send(
        new GrantPermissionsCommand(entry({ Resource: { Database: { Name: 'nowhere' } }, Permissions: ['DESCRIBE'] })),
      ),
  ],
  [
    'already-exists',
    (client) =>
      client.send(new RegisterResourceCommand({ ResourceArn: 'arn:aws:s3:::town', UseServiceLinkedRole: true })),
  ],
  ['hidden-or-missing', (client) => client.send(new GrantPermissionsCommand(entry({}))), 'nobody'],
];

describe('what the emulator answers is explained', () => {
  test.each(direct.map(([id, call, keys = 'admin']) => ({ id, call, keys })))('$id', async ({ id, call, keys }) => {
    const lake = { tags: { domain: ['sales'] }, locations: [{ arn: 'arn:aws:s3:::town' }], grants: [byHand, held] };
    const { emulator } = await setStage({ lake });
    const { AWS_ACCESS_KEY_ID: accessKeyId = '', AWS_SECRET_ACCESS_KEY: secretAccessKey = '' } = keysOf[keys];
    const client = new LakeFormationClient({
      endpoint: emulator.url,
      region,
      maxAttempts: 1,
      credentials: { accessKeyId, secretAccessKey },
    });
    const failure = await call(client).then(
      () => undefined,
      (thrown: unknown) => failureOf('it', thrown),
    );
    expect(failure).toBeDefined();
    expect([
      failure?.code,
      failure?.message,
      explain({ code: failure?.code ?? '', text: failure?.message ?? '' })?.id,
    ]).toEqual([expect.any(String), expect.any(String), id]);
  });
});
