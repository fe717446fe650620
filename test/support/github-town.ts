import type { Forge, Person } from '../../src/core/forge.ts';
import { githubForge } from '../../src/github/forge.ts';
import { type Hub, startHub } from '../hub/hub.ts';
import type { Content, Files, Merging, Place, Said, Stand } from './town-hub.ts';

/** The stand-in for GitHub as the place of a scenario: real git, real requests, and GitHub's refusals. */
export class GitHubTown implements Stand {
  readonly #hub: Hub;
  readonly #pulls = new Map<
    string,
    { number: number; by: string; reviews: { by: string; id: number }[]; commits: string[] }
  >();
  budget = 400;

  private constructor(hub: Hub) {
    this.#hub = hub;
  }

  static async start(files: Files, people: readonly Person[]): Promise<GitHubTown> {
    const texts = [...files].flatMap(([path, content]) =>
      typeof content === 'string' ? [[`mesh/${path}`, content]] : [],
    );
    const hub = await startHub({ files: Object.fromEntries(texts) });
    for (const { login, id, isHuman } of people) hub.join(login, 'write', { id, type: isHuman ? 'User' : 'Bot' });
    return new GitHubTown(hub);
  }

  close(): Promise<void> {
    return this.#hub.close();
  }

  files(name?: string): Files {
    const { bare } = this.#hub.repo;
    const commit = name === undefined ? this.#hub.tip() : this.#hub.tip(name);
    return new Map(
      bare.tree(bare.commit(commit).tree, true).flatMap(({ path, mode, type, id }): [string, Content][] => {
        if (!path.startsWith('mesh/') || type === 'tree') return [];
        const inside = path.slice('mesh/'.length);
        if (mode === '160000') return [[inside, { submodule: id }]];
        const text = bare.blob(id).toString();
        return [[inside, mode === '120000' ? { link: text } : text]];
      }),
    );
  }

  place(): number {
    return Number(this.#hub.repo.bare.run(['rev-list', '--first-parent', '--count', this.#hub.tip()])) - 1;
  }

  async open(name: string, { by, files, base = 'main' }: { by: Person; files: Files; base?: string }): Promise<void> {
    const { bare } = this.#hub.repo;
    if (base !== 'main' && bare.ref(`refs/heads/${base}`) === undefined)
      this.#hub.as(by.login).push(this.#hub.tip(), { branch: base });
    const before = this.files();
    const commit = this.#write(by.login, name, [before, files]);
    const number = await this.#hub.as(by.login).open(name, { base });
    this.#pulls.set(name, { number, by: by.login, reviews: [], commits: [commit] });
  }

  #write(login: string, branch: string, [before, after]: readonly [Files, Files]): string {
    const changed = [...new Set([...before.keys(), ...after.keys()])].filter(
      (path) => JSON.stringify(before.get(path)) !== JSON.stringify(after.get(path)),
    );
    const rows = changed.map((path) => [`mesh/${path}`, toWrite(after.get(path))] as const);
    return this.#hub.as(login).commit(Object.fromEntries(rows), { branch });
  }

  #pull(name: string) {
    const pull = this.#pulls.get(name);
    if (pull === undefined) throw new Error(`no pull request ${name}`);
    return pull;
  }

  push(name: string, files: Files, by?: Person): void {
    const { commits, by: author } = this.#pull(name);
    commits.push(this.#write(by?.login ?? author, name, [this.files(name), files]));
  }

  forcePush(name: string, files: Files): void {
    const { commits, by } = this.#pull(name);
    const commit = this.#write(by, `${name}-again`, [this.files(), files]);
    this.#hub.as(by).push(commit, { branch: name, force: true });
    commits.splice(0, commits.length, commit);
  }

  async update(name: string): Promise<void> {
    const { octokit } = this.#hub.as('mallory');
    const { owner, name: repo } = this.#hub.repo;
    await octokit.rest.pulls.updateBranch({ owner: owner.login, repo, pull_number: this.#pull(name).number });
  }

  async review(name: string, { by, says, at }: { by: Person; says: Said; at?: Place }): Promise<void> {
    const { number, reviews, commits } = this.#pull(name);
    const event = says === 'approved' ? 'APPROVE' : says === 'comment' ? 'COMMENT' : 'REQUEST_CHANGES';
    const commit = typeof at === 'number' ? commits[at] : undefined;
    const actor = this.#hub.as(by.login);
    const more = commit === undefined ? {} : { commit_id: commit };
    // GitHub takes no verdict on a pull request from the person who opened it.
    const id = await actor.review(number, event, more).catch((thrown: unknown) => {
      if (String(thrown).includes('your own pull request')) return undefined;
      throw thrown;
    });
    if (id === undefined) return;
    reviews.push({ by: by.login, id });
    if (at === 'gone') this.#hub.forget(this.#hub.tip(name));
  }

  async dismiss(name: string, by: Person): Promise<void> {
    const { number, reviews } = this.#pull(name);
    const review = reviews.findLast((one) => one.by === by.login);
    if (review !== undefined) await this.#hub.as('ada').dismiss(number, review.id);
  }

  async renew(name: string, { login }: Person): Promise<void> {
    const { owner, name: repo } = this.#hub.repo;
    const { rest } = this.#hub.as(login).octokit;
    const pull = { owner: owner.login, repo, pull_number: this.#pull(name).number };
    this.#hub.wait(1000);
    const { data } = await rest.pulls.get(pull);
    if (data.base.ref === 'main') {
      await rest.pulls.update({ ...pull, state: 'closed' });
      await rest.pulls.update({ ...pull, state: 'open' });
    } else await rest.pulls.update({ ...pull, base: 'main' });
    this.#hub.wait(1000);
  }

  async merge(name: string, how: Merging): Promise<void> {
    await this.#hub.as('mallory').merge(this.#pull(name).number, how);
  }

  direct(files: Files): void {
    this.#write('mallory', 'main', [this.files(), files]);
  }

  pushCommitOf(name: string, at: number, force = false): void {
    const commit = this.#pull(name).commits[at];
    if (commit === undefined) throw new Error(`${name} has no commit ${at}`);
    this.#hub.as('mallory').push(commit, { branch: 'main', force });
  }

  forward(branch: string): void {
    this.#hub.as('mallory').push(this.#hub.tip(branch), { branch: 'main' });
  }

  force(place: number): void {
    const { bare } = this.#hub.repo;
    const commits = bare.run(['rev-list', '--first-parent', '--reverse', this.#hub.tip()]).trim().split('\n');
    this.#hub.as('mallory').push(commits[place] ?? '', { branch: 'main', force: true });
  }

  foxtrot(files: Files): void {
    const { bare } = this.#hub.repo;
    const [root = ''] = bare.run(['rev-list', '--first-parent', '--reverse', this.#hub.tip()]).trim().split('\n');
    this.#hub.as('mallory').push(root, { branch: 'side' });
    const own = this.#write('mallory', 'side', [this.files('side'), files]);
    const { tree } = bare.commit(own);
    const author = { name: 'mallory', email: 'm@example.org', date: '2026-11-22T10:00:00Z' };
    const parents = [own, this.#hub.tip()];
    const merge = bare.writeCommit({ tree, parents, message: 'Merge', author });
    this.#hub.as('mallory').push(merge, { branch: 'main', force: true });
  }

  forget(): void {
    this.#hub.setLag(1_000_000);
  }

  remember(): void {
    this.#hub.setLag(0);
  }

  write(directory: string): { readonly forge: Forge } {
    this.#hub.clone(directory);
    const { url, repository } = this.#hub;
    const token = this.#hub.workflowToken({ contents: 'read', pull_requests: 'read' });
    return { forge: githubForge({ url, repository, token, budget: this.budget, pace: 1, isNew: () => true }) };
  }
}

function toWrite(content: Content | undefined) {
  if (content === undefined || typeof content === 'string') return content ?? null;
  return 'link' in content ? { mode: '120000', text: content.link } : { mode: '160000', text: content.submodule };
}
