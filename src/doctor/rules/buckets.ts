import { quoted } from '../../core/aws-command.ts';
import type { Check } from '../../core/diagnosis.ts';
import { finding, ok } from '../check.ts';
import type { LakeReading } from '../reading.ts';

const code = 'BUCKET_POLICIES';

/**
 * What is said of the buckets that hold the declared locations. The policy of a bucket is shown to its own account alone
 * (https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketPolicy.html), and that of the central account needs none.
 */
export function checkBuckets({ buckets, account }: LakeReading): readonly Check[] {
  const foreign = buckets.filter((one) => one.account !== account);
  if (foreign.length === 0) return [ok(code, "no declared location lies in another account's bucket")];
  return foreign.map(({ bucket, site, account: owner }) =>
    finding(code, `whether the policy of bucket ${bucket} of ${site} (${owner}) lets Lake Formation in was not read`, {
      severity: 'note',
      means:
        'S3 shows it to its own account alone; without the statements readers are refused, though they hold SELECT',
      remedy: 'the first command, in that account, shows the policy, the second what it must hold',
      commands: [
        `aws s3api get-bucket-policy --bucket ${quoted(bucket)} --query Policy --output text`,
        `meshgate bootstrap ${quoted(site)}`,
      ],
    }),
  );
}
