import { type Columns, coversColumns, isSameColumns, joinColumns } from '../core/columns.ts';
import type { Grant } from '../core/fact.ts';
import { type Stage, type Step, stages } from '../core/plan.ts';
import type { Departure } from './replaced.ts';

/** The two cells of one permission on one resource: the permission itself and the grant option on it. */
export interface Cells {
  readonly plain: Cell | undefined;
  readonly option: Cell | undefined;
}

/** A cell's grant, with the column lists under which the service stores it. */
export interface Cell {
  readonly grant: Grant;
  readonly parts: readonly Columns[];
}

/** What is sent for each cell, and why access is interrupted meanwhile, where it is. */
export interface CellSteps {
  readonly plain: readonly Step[];
  readonly option: readonly Step[];
  readonly interrupts?: string;
}

/**
 * The calls that turn one pair of cells into another.
 *
 * Three habits of Lake Formation shape them. A grant only adds, so a change of columns is a grant of
 * the new list and a revoke of the stored one. All columns and a list of columns do not stand side by
 * side, so there the revoke comes first. And the grant option cannot be relied on to go alone
 * (https://github.com/hashicorp/terraform-provider-aws/issues/36580), so the permission goes with it
 * and is granted again without. In the last two cases access is interrupted, and the plan says so.
 */
export function cellSteps(before: Cells, after: Cells, departure: Departure | 'at once' | undefined): CellSteps {
  const old = storedParts(before);
  if (after.plain === undefined) {
    return departed(before, old, departure);
  }
  const target = { plain: columnsOf(after.plain), option: after.option && columnsOf(after.option) };
  const isKept = (part: Columns): boolean =>
    (target.plain === 'all') === (part === 'all') &&
    coversColumns(target.plain, part) &&
    (!has(old.option, part) || (target.option !== undefined && coversColumns(target.option, part)));
  const out = { plain: old.plain.filter((part) => !isKept(part)), option: old.option.filter((part) => !isKept(part)) };
  const kept = { plain: old.plain.filter(isKept), option: old.option.filter(isKept) };
  const isMissing = {
    plain: !isCovered(target.plain, kept.plain),
    option: target.option !== undefined && !isCovered(target.option, kept.option),
  };
  const removed = [...out.plain, ...out.option];
  const clash = removed.length === 0 ? undefined : clashOf(removed, target, isMissing);
  const isAtOnce = departure === 'at once' && removed.length > 0;
  const interrupts = isAtOnce && (isMissing.plain || isMissing.option) ? atOnce : clash;
  // A list beside all columns gives nothing, and is only in the way of what else may come.
  const isIdle = kept.plain.includes('all') && !isMissing.plain && !isMissing.option;
  const stage = isAtOnce
    ? stages.revoke
    : clash !== undefined
      ? stages.makeRoom
      : isIdle
        ? stages.revoke
        : stages.revokeReplaced;
  return {
    plain: [...revokes(before.plain, out.plain, stage), ...(isMissing.plain ? [grantStep(after.plain.grant)] : [])],
    option: [
      ...revokes(before.option, out.option, stage),
      ...(isMissing.option && after.option !== undefined ? [grantStep(after.option.grant)] : []),
    ],
    ...(interrupts === undefined ? {} : { interrupts }),
  };
}

/** A pair of cells that leaves for good, or for one that does not go together with it. */
function departed(
  cells: Cells,
  old: ReturnType<typeof storedParts>,
  departure: Departure | 'at once' | undefined,
): CellSteps {
  // A list beside all columns gives nothing, and is only in the way of what comes: it need not wait.
  const idle = (parts: readonly Columns[]): readonly Columns[] =>
    parts.includes('all') ? parts.filter((part) => part !== 'all') : [];
  const of = (cell: Cell | undefined, parts: readonly Columns[], stage: Stage): readonly Step[] => [
    ...revokes(cell, idle(parts), stages.revoke),
    ...revokes(cell, without(parts, idle(parts)), stage),
  ];
  const revoked = (stage: Stage): Pick<CellSteps, 'plain' | 'option'> => ({
    plain: of(cells.plain, old.plain, stage),
    option: of(cells.option, old.option, stage),
  });
  if (departure === undefined || departure === 'at once') return revoked(stages.revoke);
  if (departure === 'after the new') return revoked(stages.revokeReplaced);
  const interrupts =
    'Lake Formation refuses SELECT on a list of columns beside permissions that modify: the old goes before the new comes';
  return { ...revoked(stages.makeRoom), interrupts };
}

const atOnce = 'a hold takes effect before what it leaves is given anew';

function storedParts(cells: Cells): { plain: readonly Columns[]; option: readonly Columns[] } {
  return { plain: cells.plain?.parts ?? [], option: cells.option?.parts ?? [] };
}

function columnsOf({ grant }: Cell): Columns {
  return grant.columns ?? 'all';
}

function without(parts: readonly Columns[], some: readonly Columns[]): readonly Columns[] {
  return parts.filter((part) => !some.includes(part));
}

function has(parts: readonly Columns[], part: Columns): boolean {
  return parts.some((one) => isSameColumns(one, part));
}

function isCovered(target: Columns, parts: readonly Columns[]): boolean {
  const [first, ...rest] = parts;
  return first !== undefined && coversColumns(rest.reduce(joinColumns, first), target);
}

/** Why the old must go before the new can come; undefined where the two may stand side by side. */
function clashOf(
  removed: readonly Columns[],
  target: { readonly plain: Columns; readonly option: Columns | undefined },
  isMissing: { readonly plain: boolean; readonly option: boolean },
): string | undefined {
  const arriving = [
    ...(isMissing.plain ? [target.plain] : []),
    ...(isMissing.option && target.option ? [target.option] : []),
  ];
  if (arriving.some((columns) => has(removed, columns)))
    return 'the grant option cannot be revoked alone: the permission goes with it and is granted again';
  if (arriving.some((columns) => removed.some((part) => (part === 'all') !== (columns === 'all'))))
    return 'Lake Formation refuses SELECT on all columns beside SELECT on a list: the old goes before the new comes';
  return undefined;
}

function revokes(cell: Cell | undefined, parts: readonly Columns[], stage: Stage): readonly Step[] {
  if (cell === undefined) return [];
  return parts.map((part) => ({
    stage,
    action: 'revoke' as const,
    fact: cell.grant.columns === undefined ? cell.grant : { ...cell.grant, columns: part },
  }));
}

function grantStep(grant: Grant): Step {
  return { stage: stages.grant, action: 'grant', fact: grant };
}
