import { lastAllowed } from './approve/duration.ts';
import { askedFor, type Footing, type Reading } from './approve/rules.ts';
import type { Approver } from './core/approvals.ts';
import type { Asking, Missing } from './core/asking.ts';
import type { Problem } from './core/problem.ts';
import type { Desired } from './core/state.ts';
import type { Declaration, Declared } from './declare/declaration.ts';
import { approvalsOfProduct, approvalsOfSubscription } from './desire/asked.ts';
import { desire } from './desire/desire.ts';
import { narrows } from './desire/narrows.ts';
import { reclassified, sensitiveIn } from './desire/sensitive.ts';
import { declaredCatalog } from './desire/symbolic.ts';

/** The change of a mesh that a pull request makes. */
export interface Proposal {
  /** The files as they were; undefined where there was no mesh. */
  readonly before: Declaration | undefined;
  readonly after: Declaration;
  /** Paths inside the mesh directory that differ, sorted. */
  readonly files: readonly string[];
  readonly author?: Approver;
  /** Whether the author has pushed the version of a file that is proposed; where nobody asks, they will have. */
  readonly authorPushed?: (path: string) => boolean;
  /** Who has approved the version of a file that is proposed. */
  readonly approvedBy?: (path: string) => readonly Approver[];
  /** Whose newest verdict asks for changes. */
  readonly objecting?: readonly Approver[];
}

/**
 * Whose approval each changed file still needs, by the rules of its proof after the merge: judged by the files as they
 * were, for nobody becomes an owner on the way. Whether those are proven themselves is not asked here.
 */
export async function askingsOf(proposal: Proposal): Promise<readonly Asking[]> {
  const { after } = proposal;
  const desired = desire(after, { catalog: declaredCatalog(after), today: '0000-01-01', administrators: [] });
  return Promise.all(proposal.files.map((path) => askingOf(path, proposal, desired)));
}

async function askingOf(path: string, proposal: Proposal, desired: Desired): Promise<Asking> {
  const { before, after, author, approvedBy = () => [], objecting = [], authorPushed = () => true } = proposal;
  const [was, is] = [before && fileAt(before, path), fileAt(after, path)];
  const file = is?.file ?? was?.file ?? path;
  const what = is === undefined ? 'removed' : was === undefined ? 'added' : 'changed';
  const settled = (why: string): Asking => ({ file, what, missing: [], against: [], settled: why });
  if (is === undefined) return settled('what is gone asks for nothing');
  if (before === undefined) return settled('the mesh begins here, so its trust root decides');
  if (narrows(before, after, path)) return settled('it only narrows');
  const { need, mayObject } = await askedBy(is.reading, { before, after });
  const given = approvedBy(path).filter(({ id }) => id !== author?.id);
  const mayAsk = need.authorCounts && author !== undefined && need.anyOf.some(({ id }) => id === author.id);
  const asks = mayAsk && authorPushed(path);
  const speakers = asks ? [...given, author] : given;
  const unsaid = mayAsk && !asks ? [`@${author.login} has not pushed this version, as far as can be told`] : [];
  const owners = need.owners && { ...need.owners, role: `an owner of ${need.owners.of}` };
  // Where the same people are asked for both, one of the two says it all.
  const anyone = owners?.people === need.anyOf ? [] : [{ people: need.anyOf, count: 1, role: need.role }];
  const because = becauseOf(is.reading, was?.reading, { after, desired });
  const missing = [
    ...anyone.flatMap((one) =>
      stillFrom(
        { ...one, because: [...unsaid, ...(owners === undefined ? because : [])] },
        speakers,
        // Whoever asks can still say so, by pushing it.
        mayAsk ? undefined : author,
      ),
    ),
    ...(owners === undefined ? [] : stillFrom({ ...owners, because }, given, author)),
    ...(need.also ?? []).flatMap((one) => stillFrom({ ...one, because }, given, author)),
  ];
  const against = objecting.filter(({ id }) => mayObject.some((one) => one.id === id));
  if (missing.length + against.length > 0) return { file, what, missing, against };
  const by = speakers.map(({ login }) => `@${login}`).join(', ');
  return settled(given.length === 0 ? `${by} asks, as ${need.role}` : `approved by ${by}`);
}

/** Whose approval a version takes, by the files as they were. */
function askedBy(reading: Reading, { before, after }: { readonly before: Declaration; readonly after: Declaration }) {
  return askedFor(reading, footingOn(before), {
    ofSubscription: (key, value, among) =>
      approvalsOfSubscription({ key, value }, among, { declaration: after, catalog: declaredCatalog(after) }),
    ofProduct: (product) => approvalsOfProduct(product, before.mesh.value),
  });
}

/**
 * The subscriptions that ask for longer than a class lets access last. No approval could prove them; a later merge
 * allows a later day, so what may be asked for today may be merged.
 */
export async function overlongIn(
  { before, after, files }: Pick<Proposal, 'before' | 'after' | 'files'>,
  today: string,
): Promise<readonly Problem[]> {
  const problems: Problem[] = [];
  for (const [key, one] of after.subscriptions) {
    const { path, product, consumer, value } = one;
    if (before === undefined || !files.includes(path) || narrows(before, after, path)) continue;
    const layout = { kind: 'Subscription', key, product, consumer } as const;
    const { longest } = await askedBy({ layout, value }, { before, after });
    const last = longest === undefined ? undefined : lastAllowed(value.expires, { asked: today, longest });
    if (last === undefined) continue;
    const message = `${value.expires} is more than ${longest} days from today, and a class that this asks for lets access last no longer`;
    const hint = `ask until ${last} at the latest`;
    problems.push({ code: 'CLASS_DURATION', message, hint, place: one.at(['expires']) });
  }
  return problems;
}

/** What is missing of some people's approvals; the author's own never counts among them. */
function stillFrom(
  { people, count, role, because }: Missing,
  given: readonly Approver[],
  author: Approver | undefined,
): readonly Missing[] {
  const isGiven = ({ id }: Approver): boolean => given.some((one) => one.id === id);
  const left = count - new Set(people.filter(isGiven).map(({ id }) => id)).size;
  if (left <= 0) return [];
  return [{ count: left, people: people.filter((one) => !isGiven(one) && one.id !== author?.id), role, because }];
}

interface Asks {
  readonly after: Declaration;
  readonly desired: Desired;
}

/** What is sensitive of what a subscription asks, what a product classes otherwise; of the rest, the fields that change. */
function becauseOf({ layout, value }: Reading, was: Reading | undefined, { after, desired }: Asks): readonly string[] {
  if (layout.kind === 'Subscription') return sensitiveIn(after, desired, layout.key);
  if (was === undefined) return [];
  const classed =
    value.kind === 'DataProduct' && was.value.kind === 'DataProduct' ? reclassified(was.value, value) : [];
  return classed.length > 0 ? classed : changedFields(was.value, value);
}

function changedFields(was: object, is: object): readonly string[] {
  const [old, now] = [new Map(Object.entries(was)), new Map(Object.entries(is))];
  const fields = [...new Set([...old.keys(), ...now.keys()])];
  const changed = fields.filter((field) => JSON.stringify(old.get(field)) !== JSON.stringify(now.get(field)));
  return changed.length === 0 ? [] : [`changes ${changed.join(', ')}`];
}

function footingOn({ mesh, accounts, products }: Declaration): Footing {
  return {
    mesh: async () => mesh.value,
    account: async (name) => accounts.get(name)?.value,
    product: async (id) => products.get(id)?.value,
  };
}

interface Found {
  readonly file: string;
  readonly reading: Reading;
}

function fileAt({ mesh, accounts, products, subscriptions }: Declaration, path: string): Found | undefined {
  const found = (one: Declared<Reading['value']>, layout: Reading['layout']): Found | undefined =>
    one.path === path ? { file: one.file, reading: { layout, value: one.value } } : undefined;
  for (const [account, one] of accounts) {
    const file = found(one, { kind: 'Account', account });
    if (file !== undefined) return file;
  }
  for (const [product, one] of products) {
    const file = found(one, { kind: 'DataProduct', domain: product.split('/')[0] ?? '', product });
    if (file !== undefined) return file;
  }
  for (const [key, one] of subscriptions) {
    const file = found(one, { kind: 'Subscription', key, product: one.product, consumer: one.consumer });
    if (file !== undefined) return file;
  }
  return found(mesh, { kind: 'Mesh' });
}
