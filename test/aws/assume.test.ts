import { afterEach, describe, expect, test, vi } from 'vitest';
import { assuming } from '../../src/aws/assume.ts';
import { clientsOf, connectLake } from '../../src/aws/lake.ts';
import { central, consumer, consumerAdmin, keysOf, principal, start } from '../emulator/fixture.ts';

const runner = `arn:aws:iam::${central}:role/meshgate-apply`;
const retry = { retries: 0, minimum: 1, maximum: 2 };
const minute = 60_000;

afterEach(() => {
  vi.useRealTimers();
});

describe('a run longer than the session that it was lent', () => {
  test.each([0, 10, -10])('takes the role on again, with a clock that is %i minutes behind', async (behind) => {
    const seed = {
      accounts: {
        [central]: { principals: [principal(runner)] },
        [consumer]: { principals: [principal(consumerAdmin, { trusts: [runner] })] },
      },
    };
    vi.useFakeTimers({ toFake: ['Date'] });
    const emulator = await start({ seed, now: () => Date.now() + behind * minute });
    vi.stubEnv('AWS_ENDPOINT_URL', emulator.url);
    const options = { region: 'eu-west-1', retry };
    const lender = { ...options, account: central, credentials: keysOf(runner) };
    const role = { account: consumer, arn: consumerAdmin, session: 'meshgate-1' };
    const { credentials } = assuming(role, clientsOf(lender));
    const lake = await connectLake({ ...options, account: consumer, credentials });
    const begun = Date.now();
    const sessions = () => emulator.journal().filter(({ operation }) => operation === 'AssumeRole').length;
    for (const after of [0, 40, 54, 56, 61, 65, 69, 71, 118, 125]) {
      vi.setSystemTime(begun + after * minute);
      expect(await lake.caller()).toMatchObject({ account: consumer });
    }
    expect(sessions()).toBe(3);
  });
});

test('a role is taken on once for all that is asked, and tells who calls without asking', async () => {
  const seed = {
    accounts: {
      [central]: { principals: [principal(runner)] },
      [consumer]: { principals: [principal(consumerAdmin, { trusts: [runner] })] },
    },
  };
  const emulator = await start({ seed });
  vi.stubEnv('AWS_ENDPOINT_URL', emulator.url);
  const options = { region: 'eu-west-1', retry };
  const role = { account: consumer, arn: consumerAdmin, session: 'meshgate-1' };
  const lender = clientsOf({ ...options, account: central, credentials: keysOf(runner) });
  const { credentials, caller } = assuming(role, lender);
  const lake = await connectLake({ ...options, account: consumer, credentials });
  const [told, asked] = await Promise.all([
    caller(),
    lake.caller(),
    lake.settings(),
    lake.accepted(),
    lake.database('x'),
  ]);
  expect(told).toEqual(asked);
  expect(emulator.journal().filter(({ operation }) => operation === 'AssumeRole')).toHaveLength(1);
});
