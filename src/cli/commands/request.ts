import { posix } from 'node:path';
import type { Problem } from '../../core/problem.ts';
import type { Declaration } from '../../declare/declaration.ts';
import { visible } from '../../report/excerpt.ts';
import { requestMarkdown, requestText, requestTitle, type ShownRequest } from '../../report/request.ts';
import type { RequestFlags } from '../../request/flags.ts';
import { branchOf } from '../../request/wanted.ts';
import { type Console, hasColour } from '../console.ts';
import { principalNames } from '../load.ts';
import { diffOf } from '../mesh-edit.ts';
import { MeshProblems } from '../mesh-problems.ts';
import type { CommonOptions } from '../options.ts';
import { type Base, localBase, remoteBase } from '../request/base.ts';
import { gitHubAt, tokenOf } from '../request/connection.ts';
import { wantedBy } from '../request/flags.ts';
import { fileLink, newFileLink, siteOf } from '../request/link.ts';
import { previewOf } from '../request/preview.ts';
import { addressOf, propose } from '../request/propose.ts';
import { checkClean, declaredWith, type FileEdit, newFile } from '../request/request-file.ts';

/** Options of every kind of request. */
export interface AskingOptions extends CommonOptions {
  readonly remote: string;
  readonly dryRun: boolean;
  readonly link: boolean;
  /** Open the pull request without asking. */
  readonly yes: boolean;
}

/** Asks for access: shows the file and what it comes to, then opens the pull request. */
export async function requestCommand(options: AskingOptions & RequestFlags, console: Console): Promise<number> {
  const now = new Date();
  const today = now.toISOString().slice(0, 10);
  const base = await baseFor(options, console);
  const flags = isAsked(options, console) ? await (await prompts()).askForRest(options, base, today) : options;
  const { wanted, problems } = wantedBy(flags, { declaration: base.declaration, today, called: (flag) => `--${flag}` });
  const edit = wanted === undefined ? undefined : newFile(wanted);
  const all = [...problems, ...existing(base, edit)];
  const after = edit === undefined ? undefined : declaredWith(base, edit);
  const found = [...all, ...(after?.problems ?? [])];
  if (wanted === undefined || edit === undefined || after?.declaration === undefined || found.length > 0)
    throw new MeshProblems(found);
  return await ask({ kind: 'access', base, edit, after: after.declaration, now }, options, console);
}

/** Whether a person is there to answer what the flags leave open. */
function isAsked({ product, as, table, database, location, purpose }: RequestFlags, { isTerminal }: Console): boolean {
  const isWhole = product && as && purpose && (table || database || location);
  return isTerminal.in === true && isTerminal.err && !isWhole;
}

// Loaded only where somebody is asked.
function prompts(): Promise<typeof import('../request/prompts.ts')> {
  return import('../request/prompts.ts');
}

/** One change of one subscription file, ready to be shown and asked for. */
export interface Asking {
  readonly kind: ShownRequest['kind'];
  readonly base: Base;
  readonly edit: FileEdit;
  readonly after: Declaration;
  readonly now: Date;
}

/** The mesh that is asked against: the remote's newest where a pull request is to be opened. */
export async function baseFor(options: AskingOptions, { env }: Console): Promise<Base> {
  return modeOf(options, env) === 'propose'
    ? await remoteBase(options, { directory: options.mesh })
    : await localBase(options);
}

/** Shows a change, and as the options say prints a link or opens the pull request. */
export async function ask(asking: Asking, options: AskingOptions, console: Console): Promise<number> {
  const { base, edit } = asking;
  await checkClean(options.mesh, edit);
  const shown = await shownOf(asking);
  show({ asking, shown }, options, console);
  const mode = modeOf(options, console.env);
  if (mode === 'dry run') return 0;
  const site = siteOf(console.env, await addressOf(options.mesh, options.remote));
  const path = base.prefix + edit.path;
  if (mode === 'link' || base.remote === undefined) {
    console.out(`\n${linkFor({ base, edit, path, site })}\n`);
    return 0;
  }
  if (!(await isAgreed(`Open the pull request in ${site.owner}/${site.repo}?`, options, console))) return 130;
  const github = gitHubAt(site, console.env);
  const { pull, isNew } = await propose(
    {
      given: { directory: options.mesh },
      remote: base.remote,
      change: { path, text: edit.after },
      branch: branchOf(edit.key),
      title: requestTitle(shown),
      body: requestMarkdown(shown),
    },
    github,
  );
  console.out(`\n${isNew ? 'Opened' : 'Open already:'} ${visible(pull.url)}\n`);
  return 0;
}

/** Asks before anything is written, where a person is there and has not said --yes. */
async function isAgreed(question: string, { yes }: AskingOptions, { isTerminal, err }: Console): Promise<boolean> {
  if (yes || !isTerminal.in || !isTerminal.err) return true;
  const agreed = await (await import('../request/questions.ts')).agree(question);
  if (!agreed) err('Nothing was written.\n');
  return agreed;
}

type Mode = 'dry run' | 'link' | 'propose';

function modeOf({ dryRun, link }: AskingOptions, env: Console['env']): Mode {
  if (dryRun) return 'dry run';
  return link || tokenOf(env) === undefined ? 'link' : 'propose';
}

/** What is wrong with a new file where one is already. */
export function existing({ files: { directory, files } }: Base, edit: FileEdit | undefined): readonly Problem[] {
  if (edit === undefined || !files.some(({ path }) => path === edit.path)) return [];
  const message = `${posix.join(directory, edit.path)} is there already`;
  const hint = 'extend or narrow it (meshgate request extend|narrow), or ask for another one beside it with --name';
  return [{ code: 'EXISTS', message, hint }];
}

/** A request as it is shown; throws `MeshProblems` where no approval could prove it. */
export async function shownOf({ kind, base, edit, after, now }: Asking): Promise<ShownRequest> {
  const { plan, asking, problems } = await previewOf({ before: base.declaration, after, key: edit.key, now });
  if (problems.length > 0) throw new MeshProblems(problems);
  const subscription = after.subscriptions.get(edit.key) ?? base.declaration.subscriptions.get(edit.key);
  const name = edit.key.split('.')[1];
  return {
    kind,
    product: subscription?.product ?? '',
    consumer: subscription?.consumer ?? '',
    ...(name === undefined ? {} : { name }),
    purpose: subscription?.value.purpose ?? '',
    ...(subscription?.value.expires === undefined ? {} : { expires: subscription.value.expires }),
    plan,
    asking,
    names: principalNames(after),
  };
}

function show(
  { asking, shown }: { asking: Asking; shown: ShownRequest },
  { format }: AskingOptions,
  console: Console,
): void {
  const { base, edit } = asking;
  const file = posix.join(base.files.directory, edit.path);
  if (format === 'json') {
    const { names: _, plan, ...rest } = shown;
    const { changes, problems, notes } = plan;
    console.out(
      `${JSON.stringify({ file, text: edit.after ?? null, title: requestTitle(shown), ...rest, changes, problems, notes }, null, 2)}\n`,
    );
    return;
  }
  if (format === 'markdown') {
    console.out(`## ${requestTitle(shown)}\n\n${requestMarkdown(shown)}`);
    return;
  }
  console.err(`Against ${visible(base.label)}\n\n`);
  console.out(`${editLines(edit, file).map(visible).join('\n')}\n\n${requestText(shown, hasColour(console, 'out'))}`);
}

function linkFor({
  base,
  edit,
  path,
  site,
}: {
  base: Base;
  edit: FileEdit;
  path: string;
  site: ReturnType<typeof siteOf>;
}): string {
  const { branch } = base;
  if (edit.after === undefined)
    return `Delete the file here, and propose it:\n${fileLink(site, { branch, path, action: 'delete' })}`;
  if (edit.before !== undefined)
    return `Make this change here, and propose it:\n${fileLink(site, { branch, path, action: 'edit' })}`;
  const link = newFileLink(site, { branch, path, text: edit.after });
  return link === undefined
    ? `The file is too long for a link. Make it as ${path} here, and propose it:\n${newFileLink(site, { branch, path, text: '' })}`
    : `Open this, look it over, and propose the new file:\n${link}`;
}

/** A new file, one that goes, or the lines that an edit takes away and adds. */
function editLines({ path, before, after }: FileEdit, file: string): readonly string[] {
  if (before !== undefined && after !== undefined)
    return diffOf({ file: { file, path, blob: '', text: before }, text: after });
  const lines = (before ?? after ?? '').trimEnd().split(/\r?\n/);
  return [file, ...lines.map((line) => `${before === undefined ? '+' : '-'} ${line}`)];
}
