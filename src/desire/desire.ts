import { Bug } from '../core/bug.ts';
import { type Fact, type FactKey, isSameFact, join, keyOf } from '../core/fact.ts';
import type { Hold } from '../core/hold.ts';
import { toPrincipal } from '../core/principal.ts';
import { compareText } from '../core/problem.ts';
import type { Catalog, Cause, Desired, DesiredFact, ObservedFact, Refused, Undecided, Wish } from '../core/state.ts';
import type { Declaration } from '../declare/declaration.ts';
import type { Asked, Setting, Unresolved } from './access.ts';
import { classesOf, type SensitivityClass } from './classes.ts';
import { withoutHeld } from './holds.ts';
import { iamAccessOf } from './iam-access.ts';
import { withoutIdle } from './imports.ts';
import { administratorsIn, endless, limitsOf } from './obstacles.ts';
import { type Request, requestsOf } from './requests.ts';
import { weigh } from './sensitivity.ts';
import { withAssociations } from './sharing.ts';

/** What desire needs beside the files: the catalog, the clock and the administrators. */
export interface Circumstances {
  readonly catalog: Catalog;
  /** Today, `YYYY-MM-DD` in UTC. */
  readonly today: string;
  /** Identifiers of the data lake administrators, who need no grants and cannot be revoked any. */
  readonly administrators: readonly string[];
  /** What is live: where the same is asked it is one object with that, for a large lake has millions. */
  readonly live?: ReadonlyMap<FactKey, ObservedFact>;
  /** The holds in force. */
  readonly holds?: readonly Hold[];
}

/** The facts that the mesh files ask for, each with every reason for it. */
export function desire(declaration: Declaration, circumstances: Circumstances): Desired {
  const settings = settingsOf(declaration, circumstances.catalog);
  const classes = classesOf(declaration.mesh.value);
  const facts = new Map<FactKey, Builder>();
  const ended = new Map<FactKey, Cause>();
  const refused: Refused[] = [];
  const undecided: Undecided[] = [];
  const touched = new Map<string, Set<string>>();
  const administrators = new Set(circumstances.administrators.map((one) => toPrincipal(one).id));
  const beside = { today: circumstances.today, administrators, classes };
  const answered = requestsOf(declaration).map((request) => answer(request, settings, beside));
  const stopped = firstObstacles(answered);
  for (const { request, asked, obstacles, isOver, unresolved } of answered) {
    if (isOver) {
      for (const { fact } of asked) ended.set(keyOf(fact), request.cause);
      continue;
    }
    refused.push(...obstacles);
    const stop = obstacles[0] ?? stopped.get(request.cause.subscription ?? '');
    if (unresolved !== undefined) undecided.push({ ...unresolved, principals: request.principals.map(({ id }) => id) });
    const cause = stop === undefined ? request.cause : { ...request.cause, refused: stop };
    for (const one of asked) {
      const { key, fact } = shared(one.fact, circumstances.live);
      add(facts, { key, wish: { cause, fact }, classes: one.classes });
      noteTouched(touched, request, one);
    }
  }
  const built = finish(facts);
  refused.push(...built.refused);
  const all = {
    facts: built.facts,
    ended: new Map([...ended].filter(([key]) => !built.facts.has(key))),
    iamAccess: iamAccessOf(declaration),
    refused,
    undecided,
    asksForAccess: answered.some(({ request, asked, isOver }) => !isOver && asksForAccess(request, asked, settings)),
    touched: new Map([...touched].map(([subscription, classes]) => [subscription, [...classes].sort(compareText)])),
  };
  const left = withoutHeld(all, circumstances.holds ?? [], { declaration, catalog: circumstances.catalog });
  return withAssociations(withoutIdle(left), circumstances.live);
}

/** A request with what it comes to. */
interface Answered {
  readonly request: Request;
  readonly asked: readonly Asked[];
  readonly obstacles: readonly Refused[];
  readonly isOver: boolean;
  readonly unresolved: Unresolved | undefined;
}

function answer(
  request: Request,
  settings: ReadonlyMap<string, Setting>,
  {
    today,
    administrators,
    classes,
  }: Pick<Circumstances, 'today'> & {
    readonly administrators: ReadonlySet<string>;
    readonly classes: readonly SensitivityClass[];
  },
): Answered {
  const { asked, obstacles, unresolved } = request.ask(settings.get(request.product ?? ''));
  const isUnread = request.product !== undefined && !settings.has(request.product);
  const own = isUnread ? [] : administratorsIn(request, administrators);
  const all = [...obstacles, ...own, ...limitsOf(asked, classes), ...endless(request, asked, classes)];
  return {
    request,
    asked,
    obstacles: all.map((obstacle) => ({ ...obstacle, place: request.cause.place })),
    isOver: request.expires !== undefined && today > request.expires,
    unresolved,
  };
}

/** What a request asks of a catalog that was not read is unknown, and counts as asking. */
function asksForAccess(request: Request, asked: readonly Asked[], settings: ReadonlyMap<string, Setting>): boolean {
  const isUnread = request.product !== undefined && !settings.has(request.product) && request.principals.length > 0;
  return isUnread || asked.some(({ fact }) => fact.kind === 'grant');
}

/** A subscription is given whole or not at all, so what stops one of its entries stops the others. */
function firstObstacles(answered: readonly Answered[]): ReadonlyMap<string, Refused> {
  const first = new Map<string, Refused>();
  for (const { request, obstacles, isOver } of answered) {
    const { subscription } = request.cause;
    const [obstacle] = obstacles;
    // What stops somebody in the consumer's own lake stops nothing of what the account is given.
    if (
      request.isImport !== true &&
      subscription !== undefined &&
      obstacle !== undefined &&
      !isOver &&
      !first.has(subscription)
    )
      first.set(subscription, obstacle);
  }
  return first;
}

function settingsOf(declaration: Declaration, catalog: Catalog): ReadonlyMap<string, Setting> {
  const mesh = declaration.mesh.value;
  const { account, region } = mesh.central;
  const classes = classesOf(mesh);
  // What an unread database would answer is unknown: nothing is asked of it, and the gap keeps what is there.
  const readable = [...declaration.products].filter(([, { value }]) => !catalog.unread.has(value.database));
  return new Map(
    readable.map(([id, { value }]) => {
      const entry = catalog.databases.get(value.database);
      const sensitivity = weigh(value, entry);
      const view = { id, product: value, entry, isDeclared: catalog.isDeclared === true, sensitivity, classes };
      const { presets = {}, columnsBy = 'list' } = mesh;
      return [id, { lake: `${account}/${region}`, catalog: account, view, presets, columnsBy, known: new Map() }];
    }),
  );
}

/** A desired fact in the making; a pair of wishes that contradict each other leaves it without a value. */
interface Builder {
  fact: Fact;
  readonly wishes: Wish[];
  classes: readonly string[];
  conflict?: Wish;
}

/** A fact with its key; the live one where it is the same. */
function shared(fact: Fact, live: Circumstances['live']): { readonly key: FactKey; readonly fact: Fact } {
  const key = keyOf(fact);
  const found = live?.get(key);
  return found !== undefined && isSameFact(found.fact, fact) ? found : { key: found?.key ?? key, fact };
}

interface Added {
  readonly key: FactKey;
  readonly wish: Wish;
  readonly classes: readonly string[];
}

function add(facts: Map<FactKey, Builder>, { key, wish, classes }: Added): void {
  const known = facts.get(key);
  if (known === undefined) {
    facts.set(key, { fact: wish.fact, wishes: [wish], classes });
    return;
  }
  const joined = join(known.fact, wish.fact);
  if (joined === undefined) known.conflict ??= wish;
  else known.fact = joined;
  known.wishes.push(wish);
  if (classes.some((one) => !known.classes.includes(one)))
    known.classes = [...new Set([...known.classes, ...classes])].sort(compareText);
}

function finish(builders: Map<FactKey, Builder>): { facts: Map<FactKey, DesiredFact>; refused: Refused[] } {
  const refused: Refused[] = [];
  const facts = new Map<FactKey, DesiredFact>();
  // Sorted as text is by default, by code unit: with a comparison of our own it takes three times as long.
  for (const key of [...builders.keys()].sort()) {
    const builder = builders.get(key);
    if (builder === undefined) throw new Bug('a fact that was built is gone');
    // A large mesh has hundreds of thousands: none is kept twice.
    builders.delete(key);
    const { fact, wishes, classes, conflict } = builder;
    const contradiction = conflict === undefined ? undefined : contradicts(conflict, wishes[0]);
    if (contradiction !== undefined) refused.push(contradiction);
    const kept =
      contradiction === undefined
        ? wishes
        : wishes.map((wish) => ({ ...wish, cause: { ...wish.cause, refused: contradiction } }));
    facts.set(key, { key, fact, wishes: kept, classes });
  }
  return { facts, refused };
}

function contradicts(wish: Wish, first: Wish | undefined): Refused {
  const other = first === undefined ? '' : ` at ${first.cause.place.file}:${first.cause.place.line}`;
  return {
    code: 'CONTRADICTION',
    message: `asks for another value of what is asked${other}`,
    hint:
      wish.fact.kind === 'data-cells-filter'
        ? 'give the two data cells filters different names, or make them alike'
        : 'one database carries one value: let one product keep it',
    place: wish.cause.place,
  };
}

function noteTouched(touched: Map<string, Set<string>>, request: Request, { classes }: Asked): void {
  const { subscription } = request.cause;
  if (subscription === undefined) return;
  const known = touched.get(subscription) ?? new Set<string>();
  for (const one of classes) known.add(one);
  touched.set(subscription, known);
}
