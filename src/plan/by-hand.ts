import { apiResource } from '../core/api-resource.ts';
import { aws, type CatalogPlace, lakeformation } from '../core/aws-command.ts';
import { rawResource } from '../core/canonical.ts';
import { columnsText } from '../core/columns.ts';
import { type Acceptance, type Fact, type Grant, join, type LakeId, type ResourceLink } from '../core/fact.ts';
import type { ByHand, HandStep } from '../core/plan.ts';
import { compareText } from '../core/problem.ts';
import { resourceText } from '../core/resource.ts';
import type { Desired, DesiredFact, Proofs } from '../core/state.ts';

/** What decides what people have to do themselves. */
interface Hands {
  /** Whether a run enters a lake. */
  readonly isEntered: (lake: LakeId) => boolean;
  readonly proofs: Proofs;
}

/**
 * What is left to the administrators of the accounts that no run enters, step by step in the order in which it is done, as
 * far as the files that ask for it are proven. What is there already is not known.
 */
export function byHandOf({ facts }: Desired, { isEntered, proofs }: Hands): readonly ByHand[] {
  const places = new Map<LakeId, Wanted[]>();
  const entered = new Map<LakeId, boolean>();
  for (const desired of facts.values()) {
    const { lake } = desired.fact;
    if (!entered.has(lake)) entered.set(lake, isEntered(lake));
    if (entered.get(lake) === true) continue;
    const wanted = asFarAsProven(desired, proofs);
    if (wanted === undefined) continue;
    const known = places.get(lake);
    if (known === undefined) places.set(lake, [wanted]);
    else known.push(wanted);
  }
  return [...places]
    .sort(([a], [b]) => compareText(a, b))
    .map(([lake, wanted]) => {
      const [account = '', region = ''] = lake.split('/');
      return { account, region, steps: stepsOf(wanted, { account, region }) };
    });
}

/** What somebody has to see to, and which subscriptions ask for it. */
interface Wanted {
  readonly fact: Fact;
  readonly subscriptions: readonly string[];
}

function asFarAsProven({ wishes }: DesiredFact, proofs: Proofs): Wanted | undefined {
  const proven = wishes.filter(
    ({ cause }) => cause.refused === undefined && cause.files.every((file) => proofs.get(file)?.proven === true),
  );
  const [first, ...more] = proven;
  if (first === undefined) return undefined;
  const fact = more.reduce<Fact>((all, wish) => join(all, wish.fact) ?? all, first.fact);
  return { fact, subscriptions: proven.flatMap(({ cause }) => cause.subscription ?? []) };
}

function stepsOf(wanted: readonly Wanted[], place: CatalogPlace): readonly HandStep[] {
  const steps = new Map<string, { readonly step: HandStep; readonly rank: number }>();
  const groups = new Map<string, Wanted[]>();
  for (const one of wanted) {
    const key = groupOf(one.fact);
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [one]);
    else known.push(one);
  }
  for (const group of groups.values()) {
    const found = stepOf(
      group.map(({ fact }) => fact),
      place,
    );
    if (found === undefined) continue;
    const subscriptions = [...new Set(group.flatMap((one) => one.subscriptions))].sort(compareText);
    steps.set(found.command, { step: { what: found.what, command: found.command, subscriptions }, rank: found.rank });
  }
  return [...steps.values()]
    .sort((a, b) => a.rank - b.rank || compareText(a.step.what, b.step.what))
    .map(({ step }) => step);
}

/** What is done with one command. */
function groupOf(fact: Fact): string {
  if (fact.kind === 'acceptance') return `acceptance ${fact.catalog}`;
  if (fact.kind !== 'grant') return JSON.stringify(fact);
  const { principal, resource, columns } = fact;
  return JSON.stringify([principal, resource, fact.permission === 'SELECT' ? (columns ?? 'all') : 'all']);
}

interface Told {
  readonly what: string;
  readonly command: string;
  /** What has to be there before comes first. */
  readonly rank: number;
}

function stepOf(facts: readonly Fact[], place: CatalogPlace): Told | undefined {
  const [first] = facts;
  if (first?.kind === 'acceptance') return { ...acceptStep(first, place), rank: 0 };
  if (first?.kind === 'resource-link') return { ...linkStep(first, place), rank: 1 };
  const grants = facts.filter((fact): fact is Grant => fact.kind === 'grant');
  const [grant] = grants;
  return grant === undefined ? undefined : { ...grantStep(grant, grants, place), rank: 2 };
}

/** All that wait of Lake Formation there, for one share may carry several things; accepting none is no error. */
function acceptStep({ catalog }: Acceptance, place: CatalogPlace): Omit<Told, 'rank'> {
  const is = (text: string): string => `\`${JSON.stringify(text)}\``;
  const mine = `senderAccountId==${is(catalog)} && status==${is('PENDING')} && starts_with(resourceShareName, ${is('LakeFormation')})`;
  const query = `resourceShareInvitations[?${mine}].resourceShareInvitationArn`;
  const list = aws(place, 'ram', 'get-resource-share-invitations', '--output', 'text', '--query', query);
  const accept = aws(place, 'ram', 'accept-resource-share-invitation');
  return {
    what: `accept the invitations of account ${catalog}, which come where the two are not in one organization`,
    command: `for arn in $(${list}); do ${accept} --resource-share-invitation-arn "$arn"; done`,
  };
}

function linkStep({ database, target }: ResourceLink, place: CatalogPlace): Omit<Told, 'rank'> {
  const input = {
    Name: database,
    TargetDatabase: {
      CatalogId: target.catalog,
      DatabaseName: target.database,
      ...(target.region === place.region ? {} : { Region: target.region }),
    },
  };
  return {
    what: `make the resource link ${database} to ${target.database} of account ${target.catalog}`,
    command: aws(place, 'glue', 'create-database', '--database-input', JSON.stringify(input)),
  };
}

function grantStep(
  { principal, resource, columns = 'all' }: Grant,
  grants: readonly Grant[],
  place: CatalogPlace,
): Omit<Told, 'rank'> {
  const permissions = [...new Set(grants.map(({ permission }) => permission))].sort(compareText);
  const on = JSON.stringify(apiResource(rawResource(resource, columns)));
  // As JSON, for the short form ends at a comma, which a name may hold.
  const whose = JSON.stringify({ DataLakePrincipalIdentifier: principal });
  const limit = columns === 'all' ? '' : `, columns: ${columnsText(columns)}`;
  return {
    what: `grant ${permissions.join(', ')} on ${resourceText(resource)}${limit} to ${principal}`,
    command: lakeformation(
      place,
      ...['grant-permissions', '--principal', whose, '--resource', on, '--permissions', ...permissions],
    ),
  };
}
