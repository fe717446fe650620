import type { Note } from '../core/plan.ts';
import type { Gap } from '../core/state.ts';
import type { Access, Account, DataProduct, Mesh, Subscription } from './files.ts';
import { isLeftOut, type Layout, layoutOf } from './layout.ts';
import { parse } from './parse.ts';

/** The mesh files of the first-parent history, and what is to be said of its reading. */
export interface History {
  /** Oldest first. */
  readonly commits: readonly PastCommit[];
  /** Old versions that the repository lacks. */
  readonly gaps: readonly Omit<Gap, 'lake'>[];
  readonly notes: readonly Note[];
}

/** A commit of the first-parent history, as far as it changed mesh files. */
export interface PastCommit {
  readonly changes: readonly PastFile[];
}

/** What a path said after a commit. */
export interface PastFile {
  readonly layout: Layout;
  readonly file: Recalled | 'deleted' | 'unreadable';
}

/** What an old version of a mesh file says of resources and principals: ids and names alone. */
export type Recalled =
  | {
      readonly kind: 'Mesh';
      readonly value: Pick<Mesh, 'central' | 'principals' | 'publicReader' | 'protected' | 'grants'>;
    }
  | { readonly kind: 'Account'; readonly value: Pick<Account, 'id' | 'principals'> }
  | {
      readonly kind: 'DataProduct';
      readonly value: Pick<
        DataProduct,
        'producer' | 'database' | 'tables' | 'allowFuture' | 'locations' | 'grants' | 'enforce' | 'iamAllowedPrincipals'
      >;
    }
  | { readonly kind: 'Subscription'; readonly value: Pick<Subscription, 'principals' | 'access' | 'import'> };

/** What a path of the history says about its file; undefined where it is none of a mesh. */
export function pastLayout(path: string): Layout | undefined {
  if (path.split('/').some(isLeftOut)) return undefined;
  const layout = layoutOf(path);
  return 'kind' in layout ? layout : undefined;
}

/** An old version that is not YAML, or does not say what its kind must. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';
}

/** Reads old versions of mesh files, throwing `Unreadable`; what versions have in common is read once. */
export function recaller(): (kind: Layout['kind'], text: string) => Recalled {
  const known = new Map<string, Fields>();
  const read = (entry: string): Fields => {
    const fields = known.get(entry) ?? partsOf(entry, read) ?? fieldsOf(entry);
    known.set(entry, fields);
    return fields;
  };
  return (kind, text) => {
    const entries = entriesOf(text, looked[kind]);
    // Of a subscription's access only the names of data cells filters count, and what an import limits: few have either.
    const counting = entries.some((entry) => entry.startsWith('import:')) ? /filter|rows|columns|\\/ : /filter|\\/;
    const isIdle = (entry: string): boolean => entry.startsWith('access:') && !counting.test(entry);
    const fields = entries.map((entry) => (isIdle(entry) ? { access: [] } : read(entry)));
    return shapes[kind](Object.assign(Object.create(null), ...fields));
  };
}

/** What an old version of mesh.yaml calls its mesh; throws `Unreadable`. */
export function pastName(text: string): string | undefined {
  const { name }: Fields = Object.assign(Object.create(null), ...entriesOf(text, ['name']).map(fieldsOf));
  return typeof name === 'string' ? name : undefined;
}

type Fields = Readonly<Record<string, unknown>>;

const looked: Readonly<Record<Layout['kind'], readonly string[]>> = {
  Mesh: ['central', 'principals', 'publicReader', 'protected', 'grants'],
  Account: ['id', 'principals'],
  DataProduct: [
    'producer',
    'database',
    'tables',
    'allowFuture',
    'locations',
    'grants',
    'enforce',
    'iamAllowedPrincipals',
  ],
  Subscription: ['principals', 'access', 'import'],
};

/**
 * The entries of a file's top mapping that are looked at, each with its text; the whole text where it
 * is not laid out in plain lines. A history has thousands of versions, which differ in few entries.
 */
function entriesOf(text: string, keys: readonly string[]): readonly string[] {
  const entries: string[][] = [];
  let isLooked = false;
  for (const line of text.replace(/^\uFEFF/, '').split('\n')) {
    const key = /^([A-Za-z][A-Za-z0-9-]*):(?:\s|$)/.exec(line)?.[1];
    if (key !== undefined) {
      isLooked = keys.includes(key);
      if (isLooked) entries.push([line]);
    } else if (/^(?:$|[\s#]|-\s|---)/.test(line)) {
      if (isLooked) entries.at(-1)?.push(line);
    } else return [text];
  }
  return entries.map((lines) => lines.join('\n').trimEnd());
}

/** A mapping of names, such as a product's tables, read name by name; undefined where it is not laid out in plain lines. */
function partsOf(entry: string, read: (entry: string) => Fields): Fields | undefined {
  const [head = '', ...lines] = entry.split('\n');
  const key = /^(tables|principals):\s*$/.exec(head)?.[1];
  const indent = /^ +(?=[^ \t#-])/.exec(lines[0] ?? '')?.[0];
  if (key === undefined || indent === undefined) return undefined;
  const parts: string[][] = [];
  for (const line of lines)
    if (line.startsWith(indent) && !/[ \t#]/.test(line.charAt(indent.length))) parts.push([head, line]);
    else parts.at(-1)?.push(line);
  if (parts.length < 2) return undefined;
  try {
    return { [key]: Object.assign(Object.create(null), ...parts.map((part) => mappingIn(read(part.join('\n'))[key]))) };
  } catch (thrown) {
    if (thrown instanceof Unreadable) return undefined;
    throw thrown;
  }
}

function fieldsOf(entry: string): Fields {
  const { value, problems } = parse({ file: '', path: '', blob: '', text: entry });
  const [problem] = problems;
  if (problem !== undefined) throw new Unreadable(problem.message);
  return value as Fields;
}

type Shaped<K extends Layout['kind']> = Extract<Recalled, { kind: K }>;

const shapes: { readonly [K in Layout['kind']]: (fields: Fields) => Shaped<K> } = {
  Mesh: (fields) => {
    const central = mappingIn(fields['central']);
    return {
      kind: 'Mesh',
      value: {
        central: { account: needed(central, 'account'), region: needed(central, 'region') },
        principals: namesIn(fields['principals']),
        protected: textsIn(fields['protected']),
        grants: listIn(fields['grants']).map((grant) => ({
          principals: textsIn(grant['principals']),
          permissions: [],
        })),
        ...(typeof fields['publicReader'] === 'string' ? { publicReader: fields['publicReader'] } : {}),
      },
    };
  },
  Account: (fields) => ({
    kind: 'Account',
    value: { id: needed(fields, 'id'), principals: namesIn(fields['principals']) },
  }),
  DataProduct: (fields) => {
    const { enforce = 'full' } = fields;
    if (enforce !== 'full' && enforce !== 'additive' && enforce !== 'exclusive')
      throw new Unreadable('its `enforce` is none that is known');
    return {
      kind: 'DataProduct',
      value: {
        producer: needed(fields, 'producer'),
        database: needed(fields, 'database'),
        tables: Object.fromEntries(Object.keys(mappingIn(fields['tables'])).map((name) => [name, null])),
        allowFuture: fields['allowFuture'] === true,
        locations: textsIn(fields['locations']),
        grants: listIn(fields['grants']).map((grant) => ({ ...principalsIn(grant), access: accessIn(grant) })),
        enforce,
        ...(fields['iamAllowedPrincipals'] === 'hybrid' ? { iamAllowedPrincipals: 'hybrid' as const } : {}),
      },
    };
  },
  Subscription: (fields) => {
    if (!Array.isArray(fields['access'])) throw new Unreadable('it has no `access`');
    const brought = importIn(fields);
    const access = accessIn(fields, brought.import !== undefined);
    return { kind: 'Subscription', value: { ...principalsIn(fields), access, ...brought } };
  },
};

function needed(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value !== 'string') throw new Unreadable(`it has no \`${name}\``);
  return value;
}

/** Without names the account itself is meant; names that cannot be read mean nobody. */
function principalsIn({ principals }: Fields): { readonly principals?: readonly string[] } {
  return principals === undefined ? {} : { principals: textsIn(principals) };
}

/** The entries that name a data cells filter; of an import those, too, that limit rows or columns. */
function accessIn({ access }: Fields, isImported = false): readonly Access[] {
  return listIn(access).flatMap(({ filter, tables, rows, columns }) => {
    const counting = {
      ...(typeof filter === 'string' && { filter }),
      ...(isImported && typeof rows === 'string' && { rows }),
      ...(isImported && columns !== undefined && { columns: {} }),
    };
    return Object.keys(counting).length === 0 ? [] : [{ ...counting, tables: textsIn(tables) }];
  });
}

function importIn(fields: Fields): Pick<Subscription, 'import'> {
  const { database, region, grants } = mappingIn(fields['import']);
  if (typeof database !== 'string') return {};
  const listed = listIn(grants).map((grant) => ({ principals: textsIn(grant['principals']), permissions: [] }));
  return { import: { database, ...(typeof region === 'string' ? { region } : {}), grants: listed } };
}

function mappingIn(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

function listIn(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.map(mappingIn) : [];
}

function textsIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}

function namesIn(value: unknown): Readonly<Record<string, string>> {
  const texts = Object.entries(mappingIn(value)).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return Object.fromEntries(texts);
}
