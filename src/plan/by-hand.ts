import { apiResource } from '../core/api-resource.ts';
import { aws, type CatalogPlace, lakeformation, quoted } from '../core/aws-command.ts';
import { rawResource } from '../core/canonical.ts';
import { columnsText, only } from '../core/columns.ts';
import {
  type Acceptance,
  covers,
  type Fact,
  type Grant,
  join,
  type LakeId,
  type OptIn,
  type ResourceLink,
} from '../core/fact.ts';
import type { ByHand, HandStep } from '../core/plan.ts';
import { compareText } from '../core/problem.ts';
import { resourceText } from '../core/resource.ts';
import type { AskedFact, Desired, DesiredFact, Proofs } from '../core/state.ts';

/** What decides what people have to do themselves. */
interface Hands {
  /** Whether a run enters a lake. */
  readonly isEntered: (lake: LakeId) => boolean;
  readonly proofs: Proofs;
  /** What was asked for once, or is not at the moment, and may be there still. */
  readonly former?: readonly AskedFact[];
}

/**
 * What is left to the administrators of the accounts that no run enters, step by step in the order in which it is done: what
 * is taken back first, then what is given, as far as the files that ask for it are proven. What is there already is not known.
 */
export function byHandOf(desired: Desired, { isEntered, proofs, former = [] }: Hands): readonly ByHand[] {
  const entered = new Map<LakeId, boolean>();
  const isOurs = (lake: LakeId): boolean => {
    if (!entered.has(lake)) entered.set(lake, isEntered(lake));
    return entered.get(lake) === true;
  };
  const given = [...desired.facts.values()].flatMap((one) =>
    isOurs(one.fact.lake) ? [] : (asFarAsProven(one, proofs) ?? []),
  );
  const taken = former.flatMap((one) => (isOurs(one.fact.lake) ? [] : (leftOver(one, desired, proofs) ?? [])));
  const lakes = new Set([...given, ...taken].map(({ fact }) => fact.lake));
  return [...lakes].sort(compareText).map((lake) => {
    const [account = '', region = ''] = lake.split('/');
    const here = ({ fact }: Wanted): boolean => fact.lake === lake;
    const place = { account, region };
    const taking = stepsOf(taken.filter(here), place, takeBack);
    return {
      ...place,
      steps: [
        ...taking.map((step) => ({ ...step, takes: true as const })),
        ...stepsOf(given.filter(here), place, give),
      ],
    };
  });
}

/** What of a fact that was asked for nobody asks for any more: nothing where it is asked for as it was. */
function leftOver({ key, fact, cause }: AskedFact, { facts }: Desired, proofs: Proofs): Wanted | undefined {
  const asked = facts.get(key);
  const now = asked?.fact;
  const subscriptions = cause.subscription === undefined ? [] : [cause.subscription];
  if (asked === undefined || now === undefined) return { fact, subscriptions };
  if (fact.kind !== 'grant' || now.kind !== 'grant' || covers(now, fact)) return undefined;
  // Of two lists what is in one alone; of anything else all goes, and what is asked for is given anew after it.
  const [before, after] = [fact.columns ?? 'all', now.columns ?? 'all'];
  const isList = before !== 'all' && 'only' in before && after !== 'all' && 'only' in after;
  // That comes with a proof; until then nothing goes of what is still asked for.
  if (!isList && asFarAsProven(asked, proofs) === undefined) return undefined;
  const columns = isList ? only(before.only.filter((name) => !after.only.includes(name))) : before;
  return columns === undefined ? undefined : { fact: { ...fact, columns }, subscriptions };
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

function stepsOf(
  wanted: readonly Wanted[],
  place: CatalogPlace,
  stepOf: (facts: readonly Fact[], place: CatalogPlace) => Told | undefined,
): readonly HandStep[] {
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

function give(facts: readonly Fact[], place: CatalogPlace): Told | undefined {
  const [first] = facts;
  if (first?.kind === 'acceptance') return { ...acceptStep(first, place), rank: 0 };
  if (first?.kind === 'resource-link') return { ...linkStep(first, place), rank: 1 };
  if (first?.kind === 'opt-in') return { ...optInStep(first, place), rank: 3 };
  const grants = facts.filter((fact): fact is Grant => fact.kind === 'grant');
  const [grant] = grants;
  return grant === undefined ? undefined : { ...grantStep(grant, grants, place), rank: 2 };
}

/** The same backwards; what was accepted ends with its share. */
function takeBack(facts: readonly Fact[], place: CatalogPlace): Told | undefined {
  const [first] = facts;
  if (first?.kind === 'resource-link') return { ...unlinkStep(first, place), rank: 2 };
  if (first?.kind === 'opt-in') return { ...optInStep(first, place, 'delete'), rank: 1 };
  const grants = facts.filter((fact): fact is Grant => fact.kind === 'grant');
  const [grant] = grants;
  if (grant === undefined) return undefined;
  const step = grantStep(grant, grants, place, 'revoke');
  if (grant.resource.catalog === place.account) return { ...step, rank: 1 };
  // Nobody may touch there what the account does not hold any more.
  const until = 'as long as the account holds it: after that Lake Formation refuses, and the grant gives nothing';
  return { ...step, what: `${step.what}, ${until}`, rank: 0 };
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

/** Deletes what is the link still: by its name alone somebody's own database would go, with all its tables. */
function unlinkStep({ database, target }: ResourceLink, place: CatalogPlace): Omit<Told, 'rank'> {
  const to = 'Database.TargetDatabase';
  // A link within its own region need not name that.
  const where = `not_null(${to}.Region, '${place.region}')`;
  const query = `join(':', [${to}.CatalogId, ${to}.DatabaseName, ${where}])`;
  const look = aws(place, 'glue', 'get-database', '--name', database, '--output', 'text', '--query', query);
  const is = quoted(`${target.catalog}:${target.database}:${target.region}`);
  return {
    what: `delete the resource link ${database} to ${target.database} of account ${target.catalog}, which nobody needs any more`,
    command: `[ "$(${look})" = ${is} ] && ${aws(place, 'glue', 'delete-database', '--name', database)}`,
  };
}

function optInStep(
  { principal, resource }: OptIn,
  place: CatalogPlace,
  verb: 'create' | 'delete' = 'create',
): Omit<Told, 'rank'> {
  const on = JSON.stringify(apiResource(rawResource(resource)));
  const whose = JSON.stringify({ DataLakePrincipalIdentifier: principal });
  return {
    what: `opt ${principal} ${verb === 'create' ? 'in to' : 'out of'} ${resourceText(resource)}`,
    command: aws(place, 'lakeformation', `${verb}-lake-formation-opt-in`, '--principal', whose, '--resource', on),
  };
}

function grantStep(
  { principal, resource, columns = 'all' }: Grant,
  grants: readonly Grant[],
  place: CatalogPlace,
  verb: 'grant' | 'revoke' = 'grant',
): Omit<Told, 'rank'> {
  const permissions = [...new Set(grants.map(({ permission }) => permission))].sort(compareText);
  const on = JSON.stringify(apiResource(rawResource(resource, columns)));
  // As JSON, for the short form ends at a comma, which a name may hold.
  const whose = JSON.stringify({ DataLakePrincipalIdentifier: principal });
  const limit = columns === 'all' ? '' : `, columns: ${columnsText(columns)}`;
  return {
    what: `${verb} ${permissions.join(', ')} on ${resourceText(resource)}${limit} ${verb === 'grant' ? 'to' : 'from'} ${principal}`,
    command: lakeformation(
      place,
      ...[`${verb}-permissions`, '--principal', whose, '--resource', on, '--permissions', ...permissions],
    ),
  };
}
