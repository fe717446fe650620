import { parse } from 'yaml';
import type { Content, Dump } from './town-hub.ts';

/**
 * A second opinion on which files are proven, that shares no code with the product: it reads what came to pass, not
 * git, works everything out anew, and knows only the few things that random sequences change.
 */
export function checkerOf({ main, pulls }: Dump, root = 0): Checker {
  const textAt = (place: number, path: string): string | undefined => textOf(main[place]?.files.get(path));
  /** The place of the commit that made a file what it is at a place. */
  const lastChange = (path: string, until: number): number => {
    let place = until;
    while (place > 0 && textAt(place - 1, path) === textAt(place, path)) place -= 1;
    return place;
  };
  const known = new Map<string, boolean>();
  const isProven = (path: string, until: number): boolean => {
    const place = lastChange(path, until);
    const key = `${path} ${place}`;
    const answer = known.get(key) ?? judge(path, place);
    known.set(key, answer);
    return answer;
  };
  const judge = (path: string, place: number): boolean => {
    if (place <= root) return true;
    const text = textAt(place, path);
    if (text === undefined) return path !== 'mesh.yaml';
    const before = textAt(place - 1, path);
    const isLess = before !== undefined && isNarrower(path, read(before), read(text));
    return (isLess && isProven(path, place - 1)) || isApproved(path, place);
  };
  /** What a file last said that was proven, before a place. */
  const standing = (path: string, before: number): Json | undefined => {
    for (let until = before - 1; until >= 0; until = lastChange(path, until) - 1)
      if (isProven(path, until)) {
        const text = textAt(until, path);
        return text === undefined ? undefined : read(text);
      }
    return undefined;
  };
  const firstOf = (place: number): number => {
    let first = place;
    while (main[first - 1]?.pull !== undefined && main[first - 1]?.pull === main[place]?.pull) first -= 1;
    return first;
  };
  const isApproved = (path: string, place: number): boolean => {
    const pull = pulls.get(main[place]?.pull ?? 0);
    if (pull === undefined) return false;
    const asked = asks(path, place, firstOf(place));
    const saying = (who: number): { says: string; isThis: boolean } | undefined => {
      const all = pull.reviews.filter(({ reviewer, verdict }) => reviewer.id === who && verdict !== 'comment');
      const newest = all.at(-1);
      if (newest === undefined || !newest.reviewer.isHuman || who === pull.author.id) return undefined;
      return { says: newest.verdict, isThis: textOf(newest.files?.get(path)) === textAt(place, path) };
    };
    const objects = (who: number): boolean => saying(who)?.says === 'changes requested';
    if ([...asked.any, ...asked.owners].some(objects)) return false;
    const isThis = (files: Dump['main'][number]['files'] | undefined): boolean =>
      files !== undefined && textOf(files.get(path)) === textAt(place, path);
    const bringing = pull.pushes.filter(({ before, files }) => isThis(files) && !isThis(before));
    const pusher = bringing.at(-1)?.by?.id;
    const approves = (who: number): boolean =>
      who !== pusher && saying(who)?.says === 'approved' && saying(who)?.isThis === true;
    const hasPushed = pusher === pull.author.id;
    const isAsking = asked.mayAsk && hasPushed && pull.author.isHuman && asked.any.includes(pull.author.id);
    if (!isAsking && !asked.any.some(approves)) return false;
    return new Set(asked.owners.filter(approves)).size >= asked.count;
  };
  const asks = (path: string, place: number, first: number): Asked => {
    const mesh = standing('mesh.yaml', first);
    const administrators: Asked = { any: idsIn(mesh, 'administrators'), mayAsk: false, owners: [], count: 0 };
    const [folder = '', ...rest] = path.replace('.yaml', '').split('/');
    const now = read(textAt(place, path) ?? '');
    const ownersOf = (product: Json | undefined): readonly number[] =>
      product?.['owners'] !== undefined
        ? idsIn(product, 'owners')
        : idsIn(standing(`accounts/${product?.['producer']}.yaml`, first), 'owners');
    const weight = (classes: readonly string[]): number => Math.max(0, ...classes.map((one) => countsOf(mesh, one)));
    if (folder === 'products') {
      const before = standing(path, first);
      if (before === undefined || before['database'] !== now['database'] || before['producer'] !== now['producer'])
        return administrators;
      const owners = ownersOf(before);
      return { any: owners, mayAsk: false, owners, count: Math.max(1, weight(classesIn(before, '*'))) };
    }
    if (folder !== 'subscriptions') return administrators;
    const [domain, product, file = ''] = rest;
    const account = standing(`accounts/${file.split('.')[0]}.yaml`, first);
    const offered = standing(`products/${domain}/${product}.yaml`, first);
    const today = read(textAt(main.length - 1, `products/${domain}/${product}.yaml`) ?? '{}');
    const access = now['access'] as readonly { readonly tables: readonly string[] }[];
    const touched = access.flatMap(({ tables }) =>
      tables.flatMap((table) => [...classesIn(offered, table), ...classesIn(today, table)]),
    );
    return { any: idsIn(account, 'owners'), mayAsk: true, owners: ownersOf(offered), count: weight(touched) };
  };
  return {
    isProven: (path) => isProven(path, main.length - 1),
    standing: (path) => standing(path, main.length),
  };
}

/** What the second opinion tells of main's newest commit. */
export interface Checker {
  readonly isProven: (path: string) => boolean;
  /** What a file last said that was proven. */
  readonly standing: (path: string) => Json | undefined;
}

/** What a file says. */
export type Json = Readonly<Record<string, unknown>>;

interface Asked {
  readonly any: readonly number[];
  /** Whether having asked is as good as approving. */
  readonly mayAsk: boolean;
  readonly owners: readonly number[];
  readonly count: number;
}

function textOf(content: Content | undefined): string | undefined {
  return typeof content === 'string' ? content : undefined;
}

function read(text: string): Json {
  return (parse(text) ?? {}) as Json;
}

/** The ids of the people that a file lists. */
export function idsIn(file: Json | undefined, field: string): readonly number[] {
  return ((file?.[field] ?? []) as readonly { readonly id: number }[]).map(({ id }) => id);
}

function countsOf(mesh: Json | undefined, name: string): number {
  const classes = (mesh?.['classes'] ?? []) as readonly { readonly name: string; readonly approvals?: number }[];
  return classes.find((one) => one.name === name)?.approvals ?? (name === 'pii' ? 1 : 0);
}

type Columns = Readonly<Record<string, string | null>>;

/** The classes of a table's columns, `*` for all tables. */
function classesIn(product: Json | undefined, table: string): readonly string[] {
  const tables = (product?.['tables'] ?? {}) as Readonly<Record<string, { readonly columns?: Columns } | null>>;
  return Object.entries(tables).flatMap(([name, one]) =>
    table === '*' || name === table ? Object.values(one?.columns ?? {}).flatMap((value) => value ?? []) : [],
  );
}

/** Whether all that differs takes something away, of the few things that differ here. */
function isNarrower(path: string, before: Json, after: Json): boolean {
  const [folder] = path.split('/');
  const differing = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]),
  );
  return differing.every((key) => {
    if (key === 'reviewed') return true;
    if (key === 'owners' || key === 'administrators')
      return idsIn(after, key).length > 0 && idsIn(after, key).every((id) => idsIn(before, key).includes(id));
    if (key === 'access' && folder === 'subscriptions') return isFewer(tablesIn(before), tablesIn(after));
    if (key === 'classes') return ['pii', 'secret'].every((name) => countsOf(after, name) >= countsOf(before, name));
    if (key === 'tables') return isStricter(before, after);
    return false;
  });
}

function tablesIn(file: Json): readonly string[] {
  return (file['access'] as readonly { readonly tables: readonly string[] }[]).flatMap(({ tables }) => tables);
}

function isFewer(before: readonly string[], after: readonly string[]): boolean {
  return after.every((one) => before.includes(one));
}

/** Whether only classes went up. */
function isStricter(before: Json, after: Json): boolean {
  const rank = (name: string | null | undefined): number => ['pii', 'secret'].indexOf(name ?? '');
  const columns = (file: Json) => file['tables'] as Readonly<Record<string, { readonly columns: Columns }>>;
  const [old, now] = [columns(before), columns(after)];
  if (Object.keys(old).join() !== Object.keys(now).join()) return false;
  return Object.entries(old).every(([table, one]) => {
    const is = now[table]?.columns ?? {};
    return (
      Object.keys(one.columns).join() === Object.keys(is).join() &&
      Object.entries(one.columns).every(([name, value]) => rank(is[name]) >= rank(value))
    );
  });
}
