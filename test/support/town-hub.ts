import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FileHistory, PastVersion } from '../../src/core/file-history.ts';
import { type Forge, ForgeFailure, type Person, type Pull, type Review } from '../../src/core/forge.ts';

/** A file of a commit: its content, or where a symbolic link or submodule leads. */
export type Content = string | { readonly link: string } | { readonly submodule: string };
export type Files = ReadonlyMap<string, Content>;
/** What a review says. */
export type Said = Review['verdict'];
/** Which commit of the branch a review is about; by default its head. */
export type Place = number | 'gone';
type Done = void | Promise<void>;

/** What came to pass: main, commit by commit, and what was said of the pull requests. */
export interface Dump {
  readonly main: readonly { readonly files: Files; readonly pull?: number }[];
  readonly pulls: ReadonlyMap<
    number,
    {
      readonly author: Person;
      readonly pushes: readonly {
        readonly by: Person | undefined;
        readonly before: Files | undefined;
        readonly files: Files;
      }[];
      readonly reviews: readonly {
        readonly reviewer: Person;
        readonly verdict: Said;
        readonly files: Files | undefined;
      }[];
    }
  >;
}

/** Where a scenario takes place. */
export interface Stand {
  /** Requests that are answered. */
  budget: number;
  /** The files of main, or of a pull request's head. */
  files(name?: string): Files;
  /** The place of main's newest commit on it. */
  place(): number;
  open(name: string, pull: { by: Person; files: Files; base?: string }): Done;
  /** Another commit on the branch, by its author where nobody else is named. */
  push(name: string, files: Files, by?: Person): Done;
  /** Another head for a pull request, on main's newest commit: the old ones are gone. */
  forcePush(name: string, files: Files): Done;
  /** Merges main into the branch. */
  update(name: string): Done;
  review(name: string, review: { by: Person; says: Said; at?: Place }): Done;
  /** Dismisses the newest verdict of somebody. */
  dismiss(name: string, by: Person): Done;
  /** Closes a pull request and opens it again, or turns it to main. */
  renew(name: string, by: Person): Done;
  merge(name: string, how: Merging, result?: Files): Done;
  /** A commit straight on main. */
  direct(files: Files): Done;
  /** A commit of a pull request's branch, pushed to main by itself. */
  pushCommitOf(name: string, at: number, isForced?: boolean): Done;
  /** Main's head is pushed to a merge whose first parent is a branch: what main was is its second. */
  foxtrot(files: Files): Done;
  /** Main goes forward to another branch, into which pull requests were merged. */
  forward(branch: string): Done;
  /** Main goes back to an older place. */
  force(place: number): Done;
  /** GitHub does not know yet what main's newest commit came from. */
  forget(): Done;
  remember(): Done;
  /** Makes a repository of it in a directory. */
  write(directory: string): { readonly forge: Forge };
}

interface Commit {
  readonly parents: readonly number[];
  readonly files: Files;
}

interface Opened {
  readonly number: number;
  readonly author: Person;
  readonly branch: number[];
  /** Who pushed which commit. */
  readonly pushes: { by: Person | undefined; before: number | undefined; at: number; time: number }[];
  base: string;
  readonly reviews: { reviewer: Person; verdict: Review['verdict']; at: number | undefined; time: number }[];
  renewal?: { readonly by: Person; readonly time: number };
  merge?: number;
  readonly landed: Set<number>;
}

/** What a merge makes of the files that both sides changed. */
export type Merging = 'merge' | 'squash' | 'rebase';

const home = { repository: 4711, branch: 'main' };

/**
 * Git and reviews as a sequence of events. Commits become real ones by `git fast-import`; what GitHub tells of them is
 * kept beside: which commits of main a pull request brought, and who reviewed which commit.
 */
export class TownHub implements Stand {
  readonly #commits: Commit[] = [];
  readonly #main: number[] = [];
  readonly #pulls = new Map<string, Opened>();
  /** The tips of other branches that pull requests are merged into. */
  readonly #others = new Map<string, number>();
  readonly #unknown = new Set<number>();
  #next = 1;
  #time = 0;
  /** Requests that are answered before the forge falls silent. */
  budget = Number.POSITIVE_INFINITY;

  readonly #isLenient: boolean;

  /** With lenience a merge that conflicts is refused, as GitHub does, and nothing else happens. */
  constructor(files: Files, isLenient = false) {
    this.#isLenient = isLenient;
    this.#main.push(this.#add({ parents: [], files }));
  }

  #add(commit: Commit): number {
    this.#commits.push(commit);
    return this.#commits.length - 1;
  }

  #commit(at: number): Commit {
    const commit = this.#commits[at];
    if (commit === undefined) throw new Error(`no commit ${at}`);
    return commit;
  }

  #tip(): number {
    return this.#main.at(-1) ?? 0;
  }

  #pull(name: string): Opened {
    const pull = this.#pulls.get(name);
    if (pull === undefined) throw new Error(`no pull request ${name}`);
    return pull;
  }

  /** The files of main, or of a pull request's head. */
  files(name?: string): Files {
    const at = name === undefined ? this.#tip() : (this.#pull(name).branch.at(-1) ?? this.#tip());
    return this.#commit(at).files;
  }

  /** The place of main's newest commit on it. */
  place(): number {
    return this.#main.length - 1;
  }

  open(name: string, { by, files, base = home.branch }: { by: Person; files: Files; base?: string }): void {
    const from = this.#tip();
    const at = this.#add({ parents: [from], files });
    const own = {
      branch: [at],
      pushes: [{ by, before: undefined, at, time: this.#tick() }],
      reviews: [],
      landed: new Set<number>(),
    };
    this.#pulls.set(name, { number: this.#next++, author: by, base, ...own });
  }

  push(name: string, files: Files, by?: Person): void {
    const { branch } = this.#pull(name);
    this.#pushed(name, this.#add({ parents: [branch.at(-1) ?? this.#tip()], files }), by);
  }

  #pushed(name: string, at: number, by: Person | undefined): void {
    const { author, branch, pushes } = this.#pull(name);
    branch.push(at);
    pushes.push({ by: by ?? author, before: pushes.at(-1)?.at, at, time: this.#tick() });
  }

  /** Another head for a pull request, on main's newest commit: the old ones are gone. */
  forcePush(name: string, files: Files): void {
    const { branch } = this.#pull(name);
    branch.splice(0, branch.length);
    this.#pushed(name, this.#add({ parents: [this.#tip()], files }), undefined);
  }

  /** Merges main into the branch. */
  update(name: string): void {
    const { branch, pushes } = this.#pull(name);
    const head = branch.at(-1) ?? 0;
    const at = this.#add({ parents: [head, this.#tip()], files: this.#merged(head, undefined) });
    branch.push(at);
    // Whoever presses the button.
    pushes.push({ by: undefined, before: head, at, time: this.#tick() });
  }

  review(name: string, { by, says, at }: { by: Person; says: Said; at?: Place }): void {
    const { reviews, branch } = this.#pull(name);
    const commit = at === 'gone' ? undefined : at === undefined ? branch.at(-1) : branch[at];
    reviews.push({ reviewer: by, verdict: says, at: commit, time: this.#tick() });
  }

  renew(name: string, by: Person): void {
    const pull = this.#pull(name);
    pull.base = home.branch;
    pull.renewal = { by, time: this.#tick() };
  }

  #tick(): number {
    this.#time += 1000;
    return this.#time;
  }

  /** Dismisses the newest verdict of somebody; GitHub keeps the review in its place. */
  dismiss(name: string, { id }: Person): void {
    const review = this.#pull(name).reviews.findLast((one) => one.reviewer.id === id && one.verdict !== 'comment');
    if (review !== undefined) review.verdict = 'dismissed';
  }

  /** What main becomes with a commit: three-way, file by file; what both changed is given by hand. */
  #merged(head: number, result: Files | undefined): Files {
    const base = this.#baseOf(head);
    const [ours, theirs, old] = [this.files(), this.#commit(head).files, this.#commit(base).files];
    const merged = new Map(ours);
    for (const path of new Set([...theirs.keys(), ...old.keys()])) {
      if (isSame(theirs.get(path), old.get(path))) continue;
      const content = theirs.get(path);
      const isConflict = !isSame(ours.get(path), old.get(path)) && !isSame(ours.get(path), content);
      const settled = isConflict ? result?.get(path) : content;
      if (isConflict && settled === undefined) throw new Error(`${path} was changed on both sides`);
      if (settled === undefined) merged.delete(path);
      else merged.set(path, settled);
    }
    return merged;
  }

  /** The newest commit of main that a commit descends from. */
  #baseOf(at: number): number {
    const seen = new Set<number>();
    const walk = (one: number): void => {
      if (seen.has(one)) return;
      seen.add(one);
      this.#commit(one).parents.forEach(walk);
    };
    walk(at);
    return this.#main.findLast((one) => seen.has(one)) ?? 0;
  }

  merge(name: string, how: Merging, result?: Files): void {
    try {
      this.#merge(name, how, result);
    } catch (thrown) {
      if (!this.#isLenient || !String(thrown).includes('on both sides')) throw thrown;
    }
  }

  #merge(name: string, how: Merging, result?: Files): void {
    const pull = this.#pull(name);
    const head = pull.branch.at(-1) ?? 0;
    const tip = this.#tip();
    if (pull.base !== home.branch) {
      const at = this.#add({ parents: [tip], files: this.#commit(head).files });
      this.#others.set(pull.base, at);
      pull.landed.add(at);
      pull.merge = at;
      return;
    }
    if (how === 'rebase') {
      // What would conflict as a merge would conflict here.
      this.#merged(head, result);
      for (const one of pull.branch) {
        const { parents, files } = this.#commit(one);
        if (parents.length > 1) continue;
        const before = this.#commit(parents[0] ?? 0).files;
        this.#land(pull, { parents: [this.#tip()], files: replayed(this.files(), before, files) });
      }
      return;
    }
    const files = this.#merged(head, result);
    this.#land(pull, { parents: how === 'merge' ? [tip, head] : [tip], files });
  }

  #land(pull: Opened, commit: Commit): void {
    const at = this.#add(commit);
    this.#main.push(at);
    pull.landed.add(at);
    pull.merge = at;
  }

  /** A commit straight on main. */
  direct(files: Files): void {
    this.#main.push(this.#add({ parents: [this.#tip()], files }));
  }

  /** A commit of a pull request's branch, pushed to main by itself; of its head GitHub says that it was merged. */
  pushCommitOf(name: string, at: number, isForced = false): void {
    const pull = this.#pull(name);
    const one = pull.branch[at];
    if (one === undefined) throw new Error(`${name} has no commit ${at}`);
    if (isForced) this.#main.splice(1);
    this.#main.push(one);
    if (at === pull.branch.length - 1) pull.merge = one;
  }

  /** Main's head is pushed to a merge whose first parent is a branch: what main was is its second. */
  foxtrot(files: Files): void {
    const root = this.#main[0] ?? 0;
    const own = this.#add({ parents: [root], files });
    const merge = this.#add({ parents: [own, this.#tip()], files });
    this.#main.splice(1, this.#main.length, own, merge);
  }

  forward(branch: string): void {
    const at = this.#others.get(branch);
    if (at === undefined) throw new Error(`nothing was merged into ${branch}`);
    this.#main.push(at);
  }

  /** What came to pass, without git: for a judge that must not depend on it. */
  dump(): Dump {
    const pulls = [...this.#pulls.values()];
    return {
      main: this.#main.map((at) => {
        const pull = pulls.find(({ landed }) => landed.has(at));
        return { files: this.#commit(at).files, ...(pull !== undefined && { pull: pull.number }) };
      }),
      pulls: new Map(
        pulls.map(({ number, author, pushes, reviews }) => [
          number,
          {
            author,
            pushes: pushes.map(({ by, before, at }) => ({
              by,
              before: before === undefined ? undefined : this.#commit(before).files,
              files: this.#commit(at).files,
            })),
            reviews: reviews.map(({ reviewer, verdict, at }) => ({
              reviewer,
              verdict,
              files: at === undefined ? undefined : this.#commit(at).files,
            })),
          },
        ]),
      ),
    };
  }

  /** Main goes back to an older place. */
  force(place: number): void {
    this.#main.splice(place + 1);
  }

  /** GitHub does not know yet what main's newest commit came from. */
  forget(): void {
    this.#unknown.add(this.#tip());
  }

  remember(): void {
    this.#unknown.clear();
  }

  /** Writes the commits into a new repository, and answers with what GitHub tells of them. */
  write(directory: string): { readonly forge: Forge } {
    const git = (args: readonly string[], input?: string): string =>
      execFileSync('git', ['-C', directory, ...args], { encoding: 'utf8', env, ...(input !== undefined && { input }) });
    mkdirSync(join(directory, 'mesh'), { recursive: true });
    if (!existsSync(join(directory, '.git'))) git(['init', '--quiet', '--initial-branch=main']);
    const marks = join(directory, '.git', 'marks');
    git(['fast-import', '--quiet', '--force', `--export-marks=${marks}`], this.#stream());
    const ids = new Map(
      readFileSync(marks, 'utf8')
        .trim()
        .split('\n')
        .map((line) => [Number(line.slice(1, line.indexOf(' '))) - 1, line.slice(line.indexOf(' ') + 1)]),
    );
    return { forge: this.#forge(ids) };
  }

  /** The same without git: what it would tell of main, worked out from the files of its commits. */
  told(): { readonly forge: Forge; readonly history: FileHistory; readonly blob: (id: string) => string } {
    const ids = new Map(this.#commits.map((_, at) => [at, `commit-${at}`]));
    const versions = new Map<string, PastVersion[]>();
    const blobs = new Map<string, string>();
    let before: Files = new Map();
    this.#main.forEach((commit, at) => {
      const { files } = this.#commit(commit);
      for (const path of new Set([...before.keys(), ...files.keys()])) {
        const content = files.get(path);
        if (isSame(before.get(path), content)) continue;
        const blob = typeof content === 'string' ? blobId(content) : undefined;
        if (typeof content === 'string' && blob !== undefined) blobs.set(blob, content);
        versions.set(path, [...(versions.get(path) ?? []), { path, at, blob }]);
      }
      before = files;
    });
    const commits = this.#main.map((at) => `commit-${at}`);
    const history = { prefix: 'mesh/', commits, isShallow: false, versions };
    return { forge: this.#forge(ids), history, blob: (id) => blobs.get(id) ?? '' };
  }

  #stream(): string {
    const lines: string[] = [];
    const data = (text: string): void => void lines.push(`data ${Buffer.byteLength(text)}`, text);
    this.#commits.forEach(({ parents, files }, at) => {
      lines.push(`commit refs/heads/at-${at}`, `mark :${at + 1}`, `committer a <a@example.org> ${at} +0000`);
      data(`commit ${at}`);
      if (parents[0] !== undefined) lines.push(`from :${parents[0] + 1}`);
      for (const parent of parents.slice(1)) lines.push(`merge :${parent + 1}`);
      lines.push('deleteall');
      for (const [path, content] of files) {
        if (typeof content === 'object' && 'submodule' in content) {
          lines.push(`M 160000 ${content.submodule} mesh/${path}`);
          continue;
        }
        lines.push(`M ${typeof content === 'string' ? '100644' : '120000'} inline mesh/${path}`);
        data(typeof content === 'string' ? content : content.link);
      }
      lines.push('');
    });
    lines.push('reset refs/heads/main', `from :${this.#tip() + 1}`, '');
    return lines.join('\n');
  }

  #forge(ids: ReadonlyMap<number, string>): Forge {
    const ask = (): void => {
      if (this.budget <= 0) throw new ForgeFailure('the hub is down', 'wait');
      this.budget -= 1;
    };
    const known = [...this.#pulls.values()];
    const seen = (at: number | undefined): string | undefined => (at === undefined ? undefined : ids.get(at));
    const told = (pull: Opened): Pull => ({
      number: pull.number,
      author: pull.author,
      base: { repository: home.repository, branch: pull.base },
      isMerged: pull.merge !== undefined,
      ...(pull.merge !== undefined && { mergedAt: '2026-11-22T09:00:00Z' }),
      merge: seen(pull.merge),
    });
    return {
      home: async () => {
        ask();
        return home;
      },
      pullsOf: async (commit) => {
        ask();
        const holds = (at: number): boolean => ids.get(at) === commit && !this.#unknown.has(at);
        return known.filter(({ landed, branch }) => [...landed, ...branch].some(holds)).map(told);
      },
      reviewsOf: async (number) => {
        ask();
        const { reviews = [] } = known.find((pull) => pull.number === number) ?? {};
        return reviews.map(({ reviewer, verdict, at, time }) => ({
          ...{ reviewer, verdict, commit: seen(at) },
          at: new Date(time).toISOString(),
        }));
      },
      renewalOf: async (number) => {
        ask();
        const { renewal } = known.find((pull) => pull.number === number) ?? {};
        return renewal && { at: new Date(renewal.time).toISOString(), by: renewal.by.id };
      },
      authorOf: async (number) => {
        ask();
        return known.find((pull) => pull.number === number)?.author;
      },
      pushesTo: async (number) => {
        ask();
        const { pushes = [] } = known.find((pull) => pull.number === number) ?? {};
        return pushes.map(({ by, before, at, time }) => ({
          ...{ before: seen(before), commit: seen(at) ?? '', by: by?.id },
          at: new Date(time).toISOString(),
        }));
      },
      blobAt: async (commit, path) => {
        ask();
        const at = [...ids].find(([, id]) => id === commit)?.[0];
        const content = at === undefined ? undefined : this.#commit(at).files.get(path.slice('mesh/'.length));
        return typeof content === 'string' ? blobId(content) : undefined;
      },
    };
  }
}

const env = {
  PATH: process.env['PATH'] ?? '',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_SYSTEM: '/dev/null',
};

function blobId(text: string): string {
  const bytes = Buffer.from(text);
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}

function isSame(a: Content | undefined, b: Content | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** The changes from one state to another, done again on a third. */
function replayed(onto: Files, before: Files, after: Files): Files {
  const files = new Map(onto);
  for (const path of new Set([...before.keys(), ...after.keys()])) {
    const content = after.get(path);
    if (isSame(before.get(path), content)) continue;
    if (content === undefined) files.delete(path);
    else files.set(path, content);
  }
  return files;
}
