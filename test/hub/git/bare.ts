import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatCommit, parseCommit } from './commits.ts';
import { type GitInput, git, type Signature, tryGit } from './git.ts';
import { type Kind, readObject, readRef, writeObject, writeRef } from './objects.ts';
import { changedTree, formatTree, isFolder, type Placed, parseTree, type Row } from './trees.ts';

/** A commit as git holds it. */
export interface Commit {
  readonly id: string;
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: Signature;
  readonly committer: Signature;
  readonly message: string;
}

/** What stands at a path. */
export interface Entry {
  readonly mode: string;
  readonly type: 'blob' | 'tree' | 'commit';
  readonly id: string;
  readonly path: string;
}

/** What a new commit is made of. */
export interface NewCommit {
  readonly tree: string;
  readonly parents: readonly string[];
  readonly message: string;
  readonly author: Signature;
  readonly committer?: Signature;
}

/** A bare repository on disk, the only truth for code. Objects never change, so each is read once. */
export class Bare {
  readonly directory: string;
  /** Commits that are collected garbage, although their files are still there. */
  readonly forgotten = new Set<string>();
  readonly #answers = new Map<string, unknown>();

  constructor(directory: string) {
    this.directory = directory;
  }

  /** Makes an empty repository. */
  static create(directory: string): Bare {
    for (const folder of ['objects/info', 'objects/pack', 'refs/heads', 'hooks'])
      mkdirSync(join(directory, folder), { recursive: true });
    writeFileSync(join(directory, 'HEAD'), 'ref: refs/heads/main\n');
    // What a pull request once held can be fetched by its id, as from GitHub.
    const settings = '[core]\n\tbare = true\n[uploadpack]\n\tallowAnySHA1InWant = true\n[gc]\n\tauto = 0\n';
    writeFileSync(join(directory, 'config'), settings);
    // Whoever pushes past the hub would move refs that it hears nothing of.
    const refuse = '#!/bin/sh\necho "push through the hub" >&2\nexit 1\n';
    writeFileSync(join(directory, 'hooks/update'), refuse, { mode: 0o755 });
    return new Bare(directory);
  }

  run(args: readonly string[], given?: GitInput): string {
    return git(this.directory, args, given);
  }

  /** What a question about objects is answered with; asked once, for by its ids it can have no other answer. */
  once<Answer>(question: string, ask: () => Answer): Answer {
    if (!this.#answers.has(question)) this.#answers.set(question, ask());
    return this.#answers.get(question) as Answer;
  }

  /** The id of an object that a ref, an id or a shortened id stands for; of a commit, its tree where that is asked. */
  resolve(name: string, kind: Kind = 'commit'): string | undefined {
    const id = /^[0-9a-f]{40}$/.test(name) ? name : this.#named(name);
    const found = id === undefined || this.forgotten.has(id) ? undefined : readObject(this.directory, id);
    if (found?.kind === kind) return id;
    return found?.kind === 'commit' && kind === 'tree' && id !== undefined ? this.commit(id).tree : undefined;
  }

  #named(name: string): string | undefined {
    if (name.startsWith('-')) return undefined;
    const { code, out } = tryGit(this.directory, ['rev-parse', '--verify', '--quiet', name]);
    return code === 0 ? out.toString().trim() : undefined;
  }

  /** Whether there is such an object, of whatever kind. */
  has(id: string): boolean {
    return readObject(this.directory, id) !== undefined;
  }

  /** The id of a commit that a ref points to; undefined where there is no such ref. */
  ref(name: string): string | undefined {
    return isRefName(name) ? readRef(this.directory, name) : undefined;
  }

  /** Refs whose full name begins with a text, sorted. */
  refs(prefix: string): readonly { readonly name: string; readonly id: string }[] {
    return this.run(['for-each-ref', '--format=%(objectname) %(refname)'])
      .split('\n')
      .filter((line) => line.slice(41).startsWith(prefix) && line !== '')
      .map((line) => ({ id: line.slice(0, 40), name: line.slice(41) }));
  }

  /** Sets a ref, or deletes it where no id is given. */
  setRef(name: string, id: string | undefined): void {
    if (!isRefName(name)) throw new Error(`${name} is no name of a ref`);
    writeRef(this.directory, name, id);
  }

  commit(id: string): Commit {
    return this.once(`commit ${id}`, () => parseCommit(id, this.#bytes(id, 'commit')));
  }

  blob(id: string): Buffer {
    return this.once(`blob ${id}`, () => this.#bytes(id, 'blob'));
  }

  #rows(tree: string): readonly Row[] {
    return this.once(`tree ${tree}`, () => parseTree(this.#bytes(tree, 'tree')));
  }

  #bytes(id: string, kind: Kind): Buffer {
    const found = readObject(this.directory, id);
    if (found?.kind !== kind) throw new Error(`${id} is no ${kind}`);
    return found.bytes;
  }

  /** The rows of a tree; with everything below where asked. */
  tree(tree: string, recursive = false, folder = ''): readonly Entry[] {
    return this.#rows(tree).flatMap(({ mode, name, id }) => {
      const path = `${folder}${name}`;
      const type = isFolder(mode) ? 'tree' : mode === '160000' ? 'commit' : 'blob';
      const entry: Entry = { mode: mode.padStart(6, '0'), type, id, path };
      return recursive && type === 'tree' ? [entry, ...this.tree(id, true, `${path}/`)] : [entry];
    });
  }

  /** What a commit holds at a path. */
  at(commit: string, path: string): Entry | undefined {
    let tree = this.commit(commit).tree;
    const names = path.split('/');
    for (const [index, name] of names.entries()) {
      const row = this.tree(tree).find((one) => one.path === name);
      if (row === undefined || index === names.length - 1) return row && { ...row, path };
      if (row.type !== 'tree') return undefined;
      tree = row.id;
    }
    return undefined;
  }

  /** The bytes of a regular file in a commit. */
  file(commit: string, path: string): Buffer | undefined {
    const entry = this.at(commit, path);
    return entry?.type === 'blob' && entry.mode !== '120000' ? this.blob(entry.id) : undefined;
  }

  writeBlob(bytes: string | Uint8Array): string {
    return writeObject(this.directory, 'blob', Buffer.from(bytes));
  }

  /** A tree with paths of another one replaced, added, or taken away where a change has no id. */
  writeTree(base: string | undefined, changes: readonly Placed[]): string {
    const write = (rows: readonly Row[]) => writeObject(this.directory, 'tree', formatTree(rows));
    return changedTree({ read: (id) => this.#rows(id), write }, base, changes);
  }

  writeCommit(commit: NewCommit): string {
    return writeObject(this.directory, 'commit', formatCommit(commit));
  }

  /** Brings a commit of another repository here. */
  fetch(from: Bare, id: string): void {
    if (from === this || this.has(id)) return;
    this.run(['fetch', '--quiet', '--no-tags', '--no-write-fetch-head', from.directory, id]);
  }
}

/** As git has it (https://git-scm.com/docs/git-check-ref-format), and nothing that leads out of the folder. */
export function isRefName(name: string): boolean {
  return /^refs\/[^/]+\/./.test(name) && !/\.\.|\/\/|\/\.|\.lock$|[\x00- ~^:?*[\\\x7f]|@\{|[./]$/.test(name);
}
