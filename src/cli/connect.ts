import { type LakeOptions as Connection, connectLake } from '../aws/lake.ts';
import { patient } from '../aws/retry.ts';
import { explain } from '../core/explain.ts';
import { type Lake, LakeFailure } from '../core/lake.ts';
import type { Declaration } from '../declare/declaration.ts';
import { type LakeOptions, SetupProblem } from './options.ts';

/** A connection with all that is needed to try it. */
type Located = Omit<Required<Connection>, 'credentials' | 'caller'>;

/** How patiently a lake is spoken to. */
export type Patience = Pick<LakeOptions, 'tries' | 'timeout'>;

/** Connects to the lake of whoever calls, where no mesh file says yet which it is. */
export async function connectOwn(region: string, patience: Patience): Promise<Lake> {
  const connection = connectionTo('', region, patience);
  const { account } = await identify(await connectLake(impatient(connection)));
  return connectLake({ ...connection, account });
}

/** A connection to the lake of an account, whoever calls. */
export function connectionTo(account: string, region: string, { tries, timeout }: Patience): Located {
  return { account, region, retry: { ...patient, retries: tries - 1 }, timeout: timeout * 1000 };
}

/** Connects to the central lake and makes sure that the caller is who it should be: an identity in the catalog's account. */
export async function connect(declaration: Declaration, patience: Patience): Promise<Lake> {
  const { account, region } = declaration.mesh.value.central;
  const connection = connectionTo(account, region, patience);
  const caller = await identify(await connectLake(impatient(connection)));
  if (caller.account !== account)
    throw new SetupProblem(
      'OTHER_ACCOUNT',
      `the AWS credentials belong to account ${caller.account} (${caller.arn}), but mesh.yaml says the central catalog is in ${account}`,
      `use credentials of a role in ${account}`,
    );
  // Nobody becomes somebody else in the course of a run: STS is asked once.
  return { ...(await connectLake(connection)), caller: async () => caller };
}

/** The first call says soon that nobody answers: three tries of ten seconds at most. */
export function impatient(connection: Located): Connection {
  const { retry, timeout } = connection;
  return {
    ...connection,
    retry: { ...retry, retries: Math.min(2, retry.retries) },
    timeout: Math.min(10_000, timeout),
  };
}

async function identify(lake: Lake): Promise<{ readonly account: string; readonly arn: string }> {
  try {
    return await lake.caller();
  } catch (thrown) {
    if (thrown instanceof LakeFailure) throw toSetupProblem(lake, thrown);
    throw thrown;
  }
}

/** What is wrong when not even the caller's identity can be learned, in a sentence that helps. */
function toSetupProblem({ endpoint }: Lake, failure: LakeFailure): SetupProblem {
  const { code, message } = failure;
  if (/CredentialsProvider|CredentialsError|TokenProvider/.test(code))
    return new SetupProblem(
      'NO_CREDENTIALS',
      `no AWS credentials were found: ${message}`,
      'set AWS_PROFILE to a profile that can sign in, or the usual AWS_* variables',
    );
  if (explain({ code, text: message })?.id === 'clock')
    return new SetupProblem('WRONG_CLOCK', `AWS refuses the signature for its time: ${message}`, 'set the clock right');
  if (
    /^(InvalidClientTokenId|UnrecognizedClient\w*|SignatureDoesNotMatch|InvalidSignature\w*|InvalidAccessKeyId|AuthFailure)$/.test(
      code,
    )
  )
    return new SetupProblem(
      'WRONG_CREDENTIALS',
      `AWS does not accept these credentials (${code})`,
      'check the access key, the secret and AWS_SESSION_TOKEN',
    );
  if (/^ExpiredToken/.test(code))
    return new SetupProblem('EXPIRED_CREDENTIALS', 'the AWS credentials have expired', 'sign in again');
  if (code === 'ERR_INVALID_URL')
    return new SetupProblem(
      'BAD_ENDPOINT',
      `the endpoint that AWS_ENDPOINT_URL or the profile names is no address: ${message}`,
      'write it as http://127.0.0.1:4599',
    );
  if (/^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH|ETIMEDOUT|ECONNRESET|TimeoutError)$/.test(code))
    return new SetupProblem(
      'NO_CONNECTION',
      `${endpoint} cannot be reached (${code}: ${message})`,
      'check the network, AWS_ENDPOINT_URL, and the region in mesh.yaml',
    );
  return new SetupProblem('NO_IDENTITY', `STS does not say who is calling: ${code}: ${message}`);
}
