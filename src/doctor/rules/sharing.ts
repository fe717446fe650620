import { aws, changeSettings, partitionOf } from '../../core/aws-command.ts';
import type { Check } from '../../core/diagnosis.ts';
import { isForeignIamPrincipal, toPrincipal } from '../../core/principal.ts';
import { finding, ok, unchecked, unread } from '../check.ts';
import { letShare, mayShare, statementsOf } from '../policy.ts';
import type { LakeReading } from '../reading.ts';
import { listed } from '../words.ts';

/** What a grant to another account is refused without. Source: https://docs.aws.amazon.com/lake-formation/latest/dg/optimize-ram.html. */
interface Need {
  readonly version: number;
  readonly what: string;
}

/** What is said of the cross-account version. */
export function checkVersion(lake: LakeReading): Check {
  const { settings } = lake;
  const code = 'CROSS_ACCOUNT_VERSION';
  if (!settings.isRead) return unread(code, 'the cross-account version', settings.failure);
  const said = settings.value.crossAccountVersion;
  const needs = needsOf(lake);
  const version = Number(said);
  const raise = (to: number): string => changeSettings(lake, `'.Parameters.CROSS_ACCOUNT_VERSION = "${to}"'`);
  if (said === undefined || !Number.isInteger(version))
    return unchecked(code, 'the cross-account version', {
      why: said === undefined ? 'the settings name none' : `"${said}" is no version that is known here`,
      commands: [raise(4)],
    });
  const unmet = needs.filter((need) => need.version > version);
  if (unmet.length > 0)
    return finding(code, `the cross-account version is ${said}, and ${unmet.map(({ what }) => what).join('; ')}`, {
      severity: 'error',
      means: 'Lake Formation refuses these grants',
      remedy: 'what is shared already goes on as it is; only new grants are made the new way',
      commands: [raise(Math.max(4, ...unmet.map((need) => need.version)))],
    });
  if (version < 3)
    return finding(code, `the cross-account version is ${said}`, {
      severity: 'warning',
      means:
        'an old way of sharing: no grants to IAM principals of other accounts, and more RAM shares than are needed',
      commands: [raise(4)],
    });
  return ok(code, `the cross-account version is ${said}, which allows what the mesh grants`);
}

function needsOf({ principals, account, locations }: LakeReading): readonly Need[] {
  const foreign = [...principals].filter((id) => isForeignIamPrincipal(toPrincipal(id), account)).sort();
  const isHybrid = locations.isRead && locations.value.some((location) => location.isHybrid);
  return [
    ...(foreign.length === 0
      ? []
      : [
          {
            version: 3,
            what: `grants to IAM principals of other accounts need 3 (${listed(foreign)})`,
          },
        ]),
    ...(isHybrid ? [{ version: 4, what: 'hybrid access mode across accounts needs 4' }] : []),
  ];
}

/** What is said of the catalog's resource policy. */
export function checkPolicy(lake: LakeReading): Check {
  const { policy, policies } = lake;
  const code = 'RESOURCE_POLICY';
  if (!policy.isRead) return unread(code, "the catalog's resource policy", policy.failure);
  if (!policies.isRead) return unread(code, 'the resource policies that RAM made', policies.failure);
  const made = policies.value - (policy.value === undefined ? 0 : 1);
  const byRam = made === 0 ? 'RAM has made none' : `RAM has made ${made}`;
  if (policy.value === undefined) return ok(code, `the catalog has no resource policy of its own; ${byRam}`);
  const statements = statementsOf(policy.value.text);
  if (statements === undefined)
    return unchecked(code, "the catalog's resource policy", {
      why: 'it is no policy document that is understood here',
      commands: [aws(lake, 'glue', 'get-resource-policy')],
    });
  const resources = sharedResources(lake);
  const verdict = mayShare(statements, resources);
  const unattached = 'a grant to another account succeeds, but RAM cannot attach it, and the account never gets it';
  if (verdict.kind === 'shares') return ok(code, `the catalog's resource policy lets RAM share; ${byRam}`);
  if (verdict.kind === 'unclear')
    return unchecked(code, "whether the catalog's resource policy lets RAM share", {
      why: verdict.why,
      commands: [aws(lake, 'glue', 'get-resource-policy')],
    });
  if (verdict.kind === 'denied')
    return finding(code, "the catalog's resource policy denies glue:ShareResource", {
      severity: 'error',
      means: unattached,
      remedy: 'take glue:ShareResource out of its Deny, and put the policy back with --enable-hybrid TRUE',
      commands: [aws(lake, 'glue', 'get-resource-policy')],
    });
  return finding(code, "the catalog's resource policy does not let RAM share the catalog", {
    severity: 'error',
    means: unattached,
    remedy: 'the command adds the statement that is missing; the hash makes sure that nothing else changed meanwhile',
    commands: [
      aws(
        lake,
        'glue',
        'put-resource-policy',
        '--enable-hybrid',
        'TRUE',
        '--policy-hash-condition',
        policy.value.hash,
        '--policy-in-json',
        letShare(policy.value.text, resources),
      ),
    ],
  });
}

/** What RAM must be allowed to share. Source: https://docs.aws.amazon.com/lake-formation/latest/dg/hybrid-cross-account.html. */
function sharedResources({ account, region }: LakeReading): readonly string[] {
  return ['catalog', 'database/*', 'table/*/*'].map(
    (one) => `arn:${partitionOf(region)}:glue:${region}:${account}:${one}`,
  );
}
