import { connectLake } from '../aws/lake.ts';
import { type Lake, LakeFailure } from '../core/lake.ts';
import type { Declaration } from '../declare/declaration.ts';
import { SetupProblem } from './options.ts';

/** Connects to the central lake and makes sure that the caller is who it should be: an identity in the catalog's account. */
export async function connect(declaration: Declaration): Promise<Lake> {
  const { account, region } = declaration.mesh.value.central;
  const lake = await connectLake({ account, region });
  const caller = await identify(lake);
  if (caller.account !== account)
    throw new SetupProblem(
      'OTHER_ACCOUNT',
      `the AWS credentials belong to account ${caller.account} (${caller.arn}), but mesh.yaml says the central catalog is in ${account}`,
      `use credentials of a role in ${account}`,
    );
  return lake;
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
    return new SetupProblem('NO_CREDENTIALS', 'no AWS credentials were found', 'set AWS_PROFILE, or sign in, or set the usual AWS_* variables');
  if (/^(InvalidClientTokenId|UnrecognizedClient\w*|SignatureDoesNotMatch|InvalidSignature\w*|InvalidAccessKeyId|AuthFailure)$/.test(code))
    return new SetupProblem('WRONG_CREDENTIALS', `AWS does not accept these credentials (${code})`, 'check the access key, the secret and AWS_SESSION_TOKEN');
  if (/^ExpiredToken/.test(code)) return new SetupProblem('EXPIRED_CREDENTIALS', 'the AWS credentials have expired', 'sign in again');
  if (/^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH|ETIMEDOUT|ECONNRESET|TimeoutError)$/.test(code))
    return new SetupProblem('NO_CONNECTION', `${endpoint} cannot be reached (${code}: ${message})`, 'check the network, AWS_ENDPOINT_URL, and the region in mesh.yaml');
  return new SetupProblem('NO_IDENTITY', `STS does not say who is calling: ${code}: ${message}`);
}
