/** One row of a tree object. */
export interface Row {
  readonly mode: string;
  readonly name: string;
  readonly id: string;
}

/** A tree object's rows (https://git-scm.com/docs/git-mktree). */
export function parseTree(bytes: Buffer): readonly Row[] {
  const rows: Row[] = [];
  for (let at = 0; at < bytes.length; ) {
    const blank = bytes.indexOf(32, at);
    const end = bytes.indexOf(0, blank);
    const id = bytes.toString('hex', end + 1, end + 21);
    rows.push({ mode: bytes.toString('latin1', at, blank), name: bytes.toString('utf8', blank + 1, end), id });
    at = end + 21;
  }
  return rows;
}

/** Rows as a tree object: in the order of their bytes, folders as if their names ended in a slash. */
export function formatTree(rows: readonly Row[]): Buffer {
  const key = ({ mode, name }: Row) => Buffer.from(isFolder(mode) ? `${name}/` : name);
  const sorted = rows.toSorted((one, other) => Buffer.compare(key(one), key(other)));
  return Buffer.concat(
    sorted.flatMap(({ mode, name, id }) => [Buffer.from(`${mode} ${name}\0`), Buffer.from(id, 'hex')]),
  );
}

export function isFolder(mode: string): boolean {
  return mode === '40000';
}

/** A change of one path: what is to stand there, or nothing. */
export interface Placed {
  readonly path: string;
  readonly mode: string;
  readonly id: string | undefined;
}

/** How trees are read and written. */
export interface Store {
  readonly read: (id: string) => readonly Row[];
  readonly write: (rows: readonly Row[]) => string;
}

/** A tree with paths changed; folders come and go with what is in them. */
export function changedTree(store: Store, tree: string | undefined, changes: readonly Placed[]): string {
  return store.write(changedRows(store, tree, changes));
}

function changedRows(store: Store, tree: string | undefined, changes: readonly Placed[]): readonly Row[] {
  const rows = new Map((tree === undefined ? [] : store.read(tree)).map((row) => [row.name, row]));
  const below = new Map<string, Placed[]>();
  for (const change of changes) {
    const [name = '', ...rest] = change.path.split('/');
    const { mode, id } = change;
    if (rest.length > 0) below.set(name, [...(below.get(name) ?? []), { ...change, path: rest.join('/') }]);
    else if (id === undefined) rows.delete(name);
    else rows.set(name, { mode: mode.replace(/^0/, ''), name, id });
  }
  for (const [name, inside] of below) {
    const old = rows.get(name);
    const made = changedRows(store, old && isFolder(old.mode) ? old.id : undefined, inside);
    if (made.length === 0) rows.delete(name);
    else rows.set(name, { mode: '40000', name, id: store.write(made) });
  }
  return [...rows.values()];
}
