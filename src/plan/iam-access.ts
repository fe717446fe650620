import type { Fact } from '../core/fact.ts';
import { isIamGrant, type Parting, partingBy, wordsOn } from '../core/iam-access.ts';
import type { Note } from '../core/plan.ts';
import type { Resource } from '../core/resource.ts';
import type { Scope } from '../core/scope.ts';
import type { Desired, IamAccess, Observed, Proofs } from '../core/state.ts';
import { unproven } from './target.ts';
import { enforcementOf, isLeftOut, type Verdict } from './verdict.ts';

/** What product files say of IAM, as it bears on one lake. */
interface Bearing {
  readonly verdict: (fact: Fact) => Verdict;
  readonly parting: Parting;
  /** As `Observed.openedByIam`, once that has come about. */
  readonly openedByIam: ReadonlySet<string>;
  readonly notes: readonly Note[];
}

/** What product files say of IAM, weighed against what is observed of a lake and how that is judged. */
export function withIam(
  known: {
    readonly desired: Desired;
    readonly observed: Observed;
    readonly scope: Scope;
    readonly proofs: Proofs;
  },
  judged: (fact: Fact) => Verdict,
): Bearing {
  const { desired, observed, scope, proofs } = known;
  const words = desired.iamAccess;
  const parting = partingBy(words, observed.catalog);
  const verdict = withClosing(judged, { scope, parting });
  const isClosing = (fact: Fact): boolean =>
    parting(fact).every(({ cause }) => unproven(cause.files, proofs) === undefined) &&
    verdict(fact).kind === 'managed' &&
    !isLeftOut(verdict(fact));
  const openedByIam = stillOpen(observed, { words, isClosing });
  const isCentral = observed.lake.startsWith(`${scope.centralAccount}/`);
  return { verdict, parting, openedByIam, notes: isCentral ? openingDatabases(observed, words) : [] };
}

/** Verdicts by which what IAM_ALLOWED_PRINCIPALS holds is managed where its products ask that it goes; elsewhere it stays protected. */
function withClosing(
  verdict: (fact: Fact) => Verdict,
  { scope, parting }: { readonly scope: Scope; readonly parting: Parting },
): (fact: Fact) => Verdict {
  return (fact) => {
    const judged = verdict(fact);
    if (judged.kind !== 'protected' || !isIamGrant(fact) || !('database' in fact.resource)) return judged;
    const ids = new Set(parting(fact).map(({ product }) => product));
    const products = (scope.databases.get(fact.resource.database) ?? []).filter(({ id }) => ids.has(id));
    const [first, ...more] = products;
    if (first === undefined) return judged;
    return {
      kind: 'managed',
      product: first.id,
      ...(more.length > 0 ? { products: products.map(({ id }) => id) } : {}),
      enforce: enforcementOf(products),
    };
  };
}

/** What is to be said of databases that open their new tables to IAM, while all that is in them is to be closed to it. */
function openingDatabases({ catalog }: Observed, words: readonly IamAccess[]): readonly Note[] {
  const revoking = new Set(words.flatMap(({ says, database }) => (says === 'revoke' ? [database] : [])));
  return [...catalog.databases.values()].flatMap(({ database: { name, opensNewTables } }) =>
    opensNewTables === true && revoking.has(name)
      ? [
          {
            code: 'NEW_TABLES_OPEN',
            message: `database ${name} gives ALL on every new table to IAM_ALLOWED_PRINCIPALS, which only the next run takes away`,
            hint: 'empty what the database gives by default: `meshgate doctor` prints the command',
          },
        ]
      : [],
  );
}

/**
 * The tables on which IAM_ALLOWED_PRINCIPALS makes a limit to columns or rows mean nothing: not those that this run closes to
 * it, nor those with hybrid access, where those who are limited are opted in.
 */
function stillOpen(
  observed: Observed,
  { words, isClosing }: { readonly words: readonly IamAccess[]; readonly isClosing: (fact: Fact) => boolean },
): ReadonlySet<string> {
  if (observed.openedByIam.size === 0 || words.every(({ says }) => says === 'keep')) return observed.openedByIam;
  const on = wordsOn(words);
  const isHybrid = (resource: Resource): boolean => {
    const said = on(resource);
    return said.length > 0 && said.every(({ says }) => says === 'hybrid');
  };
  const open = new Set<string>();
  for (const { fact } of observed.facts.values()) {
    if (!isIamGrant(fact) || fact.grantOption || (fact.permission !== 'ALL' && fact.permission !== 'SELECT')) continue;
    const { resource } = fact;
    if (isClosing(fact)) continue;
    if (resource.kind === 'table' && !isHybrid(resource)) open.add(`${resource.database}.${resource.table}`);
    if (resource.kind !== 'all-tables') continue;
    const { catalog, database } = resource;
    const tables = [...(observed.catalog.databases.get(database)?.tables.keys() ?? [])];
    const closed = tables.filter((table) => !isHybrid({ kind: 'table', catalog, database, table }));
    if (closed.length === tables.length) open.add(`${database}.*`);
    else for (const table of closed) open.add(`${database}.${table}`);
  }
  return open;
}
