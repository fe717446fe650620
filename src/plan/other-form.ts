import { covers, type DataCellsFilter, type Fact, type FactKey, type Grant, keyOf } from '../core/fact.ts';
import type { Desired, Observed } from '../core/state.ts';

/**
 * Whether SELECT on some columns is live by a list and waits to be given through a data cells filter, or the other
 * way round: then it stays, for the files still ask for it and only say it otherwise. What gives less in its new
 * form is not meant: that goes without proof.
 */
export function staysInOtherForm(
  waiting: readonly Fact[],
  { desired, observed }: { readonly desired: Desired; readonly observed: Observed },
): (live: Fact) => boolean {
  const asked = waiting.flatMap((fact) => formOf(fact, desired.facts) ?? []).filter(({ rows }) => rows === null);
  if (asked.length === 0) return () => false;
  return (live) => {
    const held = formOf(live, observed.facts);
    if (held?.rows !== null) return false;
    return asked.some((one) => one.isByFilter !== held.isByFilter && covers(one.grant, held.grant));
  };
}

/** SELECT on columns of a table, however it is given. */
interface Form {
  /** The grant as if it were by a list. */
  readonly grant: Grant;
  readonly rows: string | null;
  readonly isByFilter: boolean;
}

function formOf(fact: Fact, facts: ReadonlyMap<FactKey, { readonly fact: Fact }>): Form | undefined {
  if (fact.kind !== 'grant' || fact.permission !== 'SELECT') return undefined;
  const { resource, lake } = fact;
  if (resource.kind === 'table') return { grant: fact, rows: null, isByFilter: false };
  if (resource.kind !== 'data-cells-filter') return undefined;
  const { catalog, database, table, filter: name } = resource;
  const named: DataCellsFilter = {
    kind: 'data-cells-filter',
    lake,
    catalog,
    database,
    table,
    name,
    rows: null,
    columns: 'all',
  };
  const filter = facts.get(keyOf(named))?.fact;
  if (filter?.kind !== 'data-cells-filter') return undefined;
  const grant: Grant = { ...fact, resource: { kind: 'table', catalog, database, table }, columns: filter.columns };
  return { grant, rows: filter.rows, isByFilter: true };
}
