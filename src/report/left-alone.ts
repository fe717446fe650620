import type { Fact } from '../core/fact.ts';
import { hybridNote, isIamGrant } from '../core/iam-access.ts';
import type { LeftAlone, Plan } from '../core/plan.ts';
import { visible } from './excerpt.ts';
import { objectText } from './lines.ts';
import { changedBy, nameOf, type Pen } from './pen.ts';
import { counted } from './words.ts';

/** The heading over what is open past the mesh. */
export const openedHeading =
  'Open past the mesh: IAM alone decides here, since IAM_ALLOWED_PRINCIPALS holds permissions';

/** How that is ended. */
export const openedRemedy =
  'once everyone who needs access has a grant of their own, say `iamAllowedPrincipals: revoke` in the product file';

/** The protected facts apart: those that let whoever IAM lets in past the mesh, and the others. */
export function openedPast(facts: readonly LeftAlone[]): {
  readonly opened: readonly LeftAlone[];
  readonly others: readonly LeftAlone[];
} {
  const isOpened = ({ fact, note }: LeftAlone): boolean => isIamGrant(fact) && note !== hybridNote;
  return { opened: facts.filter(isOpened), others: facts.filter((one) => !isOpened(one)) };
}

/** What was seen and left alone, and how much concerns the mesh not at all. */
export function leftAloneText(plan: Plan, pen: Pen): readonly string[] {
  const { opened, others } = openedPast(plan.protected);
  return [
    ...leftAlone(pen.paint.yellow(openedHeading), opened, pen),
    ...(opened.length === 0 ? [] : [`    ${pen.paint.yellow(openedRemedy)}`]),
    ...leftAlone(
      'Unmanaged: on a declared product, and left alone',
      plan.unmanaged.filter((one) => !isTagged(one)),
      pen,
    ),
    ...leftAlone('On or through LF-Tags: shown, and not compared', plan.unmanaged.filter(isTagged), pen),
    ...leftAlone('Protected: never revoked', others, pen),
    ...outsideText(plan).flatMap((text) => ['', pen.paint.dim(text)]),
    '',
  ];
}

/** How much concerns the mesh not at all, as far as that is known. */
function outsideText({ outside, scope }: Plan): readonly string[] {
  if (outside === 0 || (outside === null && scope !== undefined)) return [];
  return outside === null
    ? ['The lake was read resource by resource: how much in it concerns nothing this mesh declares was not counted']
    : [`${counted(outside, 'other permission')} in the lake concern nothing this mesh declares`];
}

/** LF-Tags may open what the mesh declares, but no mesh file can say so yet. */
function isTagged({ fact }: LeftAlone): boolean {
  return fact.kind === 'grant' && fact.resource.kind.startsWith('lf-tag');
}

function leftAlone(heading: string, facts: readonly LeftAlone[], pen: Pen): readonly string[] {
  if (facts.length === 0) return [];
  const groups = new Map<string, LeftAlone[]>();
  for (const one of facts) {
    const key = [holderOf(one.fact), objectText(one.fact), one.note].join('\n');
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return ['', pen.paint.bold(heading), ...[...groups.values()].flatMap((group) => leftAloneGroup(group, pen))];
}

function leftAloneGroup(group: readonly LeftAlone[], pen: Pen): readonly string[] {
  const [first] = group;
  if (first === undefined) return [];
  const permissions = [...new Set(group.flatMap(({ fact }) => whatOf(fact)))].join(', ');
  const holder = holderOf(first.fact);
  const whose = holder === '' ? '' : ` for ${nameOf(holder, pen)}`;
  const changed = first.updatedAt === undefined ? [] : [`    ${pen.paint.dim(visible(changedBy(first)))}`];
  return [
    `  ${visible(`${permissions === '' ? '' : `${permissions} on `}${objectText(first.fact)}${whose}`)}`,
    `    ${pen.paint.dim(visible(first.note))}`,
    ...changed,
  ];
}

function holderOf(fact: Fact): string {
  return fact.kind === 'grant' || fact.kind === 'opt-in' ? fact.principal : '';
}

function whatOf(fact: Fact): readonly string[] {
  if (fact.kind === 'opt-in') return ['opt-in'];
  return fact.kind === 'grant' ? [fact.permission] : [];
}
