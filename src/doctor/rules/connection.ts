import { quoted } from '../../core/aws-command.ts';
import type { Check } from '../../core/diagnosis.ts';
import { explain } from '../../core/explain.ts';
import type { ClockReading, Read } from '../../core/inspection.ts';
import type { Caller, LakeFailure } from '../../core/lake.ts';
import { finding, ok, unread } from '../check.ts';
import type { Whereabouts } from '../reading.ts';
import { counted } from '../words.ts';

/** AWS refuses a signature that is more than five minutes off: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html. */
const refused = 300;
/** More than an answer's way and the whole seconds of its Date explain. */
const noticed = 30;

/** What is said of this machine's clock. */
export function checkClock(clock: Read<ClockReading>): Check {
  if (!clock.isRead) return unread('CLOCK', "this machine's clock beside the service's", clock.failure);
  const { ahead } = clock.value;
  const off = Math.abs(ahead);
  if (off < noticed) return ok('CLOCK', "this machine's clock agrees with the service's");
  const message = `this machine's clock is ${counted(off, 'second')} ${ahead > 0 ? 'behind' : 'ahead of'} the service's`;
  const commands = ['sudo timedatectl set-ntp true'];
  return off >= refused
    ? finding('CLOCK', message, { severity: 'error', means: 'AWS refuses every signed call', commands })
    : finding('CLOCK', message, {
        severity: 'warning',
        means: 'at five minutes AWS refuses every call; and expiry is judged by this clock',
        commands,
      });
}

/** What is said of the caller. */
export function checkIdentity({ account, endpoint }: Whereabouts, caller: Read<Caller>): Check {
  if (!caller.isRead) return checkRefusal(endpoint, caller.failure);
  const { arn } = caller.value;
  if (caller.value.account === account) return ok('IDENTITY', `the caller is ${arn}`);
  return finding('IDENTITY', `the credentials belong to account ${caller.value.account} (${arn})`, {
    severity: 'error',
    means: `mesh.yaml says the central catalog is in ${account}, and credentials of another account are refused`,
    remedy: `use a profile of a role in ${account}`,
    commands: ['aws configure list-profiles', 'aws sts get-caller-identity'],
  });
}

function checkRefusal(endpoint: string, { operation, code, message }: LakeFailure): Check {
  const known = explain({ code, text: message });
  const isCredentials = /Credentials|TokenProvider/.test(code);
  return finding('IDENTITY', `${operation} through ${endpoint} answered ${code}: ${message}`, {
    severity: 'error',
    means: known?.means ?? (isCredentials ? 'no AWS credentials were found' : 'nobody tells who is calling'),
    remedy:
      known?.remedy ??
      (isCredentials
        ? 'set AWS_PROFILE to a profile that can sign in, or the usual AWS_* variables'
        : 'check the network, AWS_ENDPOINT_URL, and the region in mesh.yaml'),
    commands: ['aws configure list', 'aws sts get-caller-identity'],
  });
}

/** What is said of where the calls go. */
export function checkEndpoint({ endpoint, region }: Whereabouts): Check {
  const host = /^https:\/\/([^/:]+)$/.exec(endpoint)?.[1] ?? '';
  const isAws = ['.amazonaws.com', '.amazonaws.com.cn', '.api.aws'].some((end) => host.endsWith(end));
  if (isAws) return ok('ENDPOINT', `the calls go to ${endpoint}`);
  return finding('ENDPOINT', `the calls go to ${endpoint}, not to AWS in ${region}`, {
    severity: 'note',
    means: 'what is said below holds for that service, an emulator for instance',
    commands: [`unset AWS_ENDPOINT_URL # now ${quoted(endpoint)}`],
  });
}
