import type { Check } from '../../core/diagnosis.ts';
import { isForeignIamPrincipal, toPrincipal } from '../../core/principal.ts';
import { finding, ok, unchecked, unread } from '../check.ts';
import { aws, changeSettings } from '../commands.ts';
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
  const denial = statements.find((one) => one['Effect'] === 'Deny' && concernsShare(one));
  if (denial !== undefined)
    return finding(code, "the catalog's resource policy denies glue:ShareResource", {
      severity: 'error',
      means: 'a grant to another account succeeds, but RAM cannot attach it, and the account never gets it',
      remedy: 'take glue:ShareResource out of its Deny, and put the policy back with --enable-hybrid TRUE',
      commands: [aws(lake, 'glue', 'get-resource-policy')],
    });
  const resources = sharedResources(lake);
  const allowed = statements.filter((one) => one['Effect'] === 'Allow' && concernsShare(one) && isForRam(one));
  const isCovered = (resource: string): boolean =>
    allowed.some((one) => one['Condition'] === undefined && namesResource(one, resource));
  if (resources.every(isCovered)) return ok(code, `the catalog's resource policy lets RAM share; ${byRam}`);
  const mended = JSON.stringify({ Version: '2012-10-17', Statement: [...statements, ramStatement(resources)] });
  return finding(code, "the catalog's resource policy does not let RAM share the catalog", {
    severity: 'error',
    means: 'a grant to another account succeeds, but RAM cannot attach it, and the account never gets it',
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
        mended,
      ),
    ],
  });
}

type Statement = Readonly<Record<string, unknown>>;

function statementsOf(text: string): readonly Statement[] | undefined {
  try {
    const { Statement: found } = JSON.parse(text) as { readonly Statement?: unknown };
    const list: readonly unknown[] = Array.isArray(found) ? found : [found];
    const isStatement = (one: unknown): one is Statement =>
      typeof one === 'object' && one !== null && !Array.isArray(one);
    return list.every(isStatement) ? list : undefined;
  } catch {
    return undefined;
  }
}

function concernsShare({ Action }: Statement): boolean {
  return listOf(Action).some((action) => ['glue:shareresource', 'glue:*', '*'].includes(action.toLowerCase()));
}

function isForRam({ Principal }: Statement): boolean {
  if (Principal === '*') return true;
  if (typeof Principal !== 'object' || Principal === null) return false;
  return 'Service' in Principal && listOf(Principal.Service).includes('ram.amazonaws.com');
}

function namesResource({ Resource }: Statement, resource: string): boolean {
  return listOf(Resource).some(
    (one) => one === '*' || one === resource || (one.endsWith('*') && resource.startsWith(one.slice(0, -1))),
  );
}

function listOf(value: unknown): readonly string[] {
  return (Array.isArray(value) ? value : [value]).filter((one) => typeof one === 'string');
}

/** Source: https://docs.aws.amazon.com/lake-formation/latest/dg/hybrid-cross-account.html. */
function sharedResources({ account, region }: LakeReading): readonly string[] {
  const partition = region.startsWith('cn-') ? 'aws-cn' : region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
  return ['catalog', 'database/*', 'table/*/*'].map((one) => `arn:${partition}:glue:${region}:${account}:${one}`);
}

function ramStatement(resources: readonly string[]): Statement {
  const Principal = { Service: ['ram.amazonaws.com'] };
  return { Effect: 'Allow', Action: ['glue:ShareResource'], Principal, Resource: resources };
}
