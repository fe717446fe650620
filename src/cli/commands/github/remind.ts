import type { Approver } from '../../../core/approvals.ts';
import { type Forge, ForgeFailure } from '../../../core/forge.ts';
import type { Declaration } from '../../../declare/declaration.ts';
import { keepComment } from '../../../github/comments.ts';
import { githubForge } from '../../../github/forge.ts';
import { keepIssue, openIssue } from '../../../github/issues.ts';
import { closerOf, type FoundRequest, filesOf, requestsOn } from '../../../github/requests.ts';
import { type Denial, denialComment, denialMarker, undenied } from '../../../report/denial.ts';
import type { IssueKind } from '../../../report/issue.ts';
import { type Expiring, expiringIssue, type Waiting, waitingIssue } from '../../../report/issue-dates.ts';
import type { Console } from '../../console.ts';
import { gitHub, type Hosted } from '../../hosted.ts';
import type { LakeOptions } from '../../options.ts';
import { settings } from '../../record.ts';
import { localBase } from '../../request/base.ts';
import { awaitedBy, type Standing } from '../../request/open-request.ts';

/** A day, in milliseconds. */
const day = 24 * 3600 * 1000;
/** For so many days a closed request is looked at: long enough for a schedule that failed for a while. */
const closedDays = 14;

/** Reminds of what expires, lists what waits, and says on a request who denied it. Exit code 5: something could not be read. */
export async function remindCommand(options: LakeOptions, console: Console): Promise<number> {
  const { files, declaration, prefix } = await localBase({ mesh: options.mesh, remote: 'origin' });
  const standing: Standing = { mesh: options.mesh, files, declaration, prefix };
  const hosted = await gitHub(options, console.env);
  const forge = githubForge({ ...settings(options, console.env), isNew: () => false });
  const setting: Setting = { standing, hosted, forge, now: new Date(), console };
  await remindOfEnds(setting);
  const isWhole = await remindOfWaiting(setting);
  await tellOfClosed(setting);
  return isWhole ? 0 : 5;
}

interface Setting {
  readonly standing: Standing;
  readonly hosted: Hosted;
  readonly forge: Forge;
  readonly now: Date;
  readonly console: Console;
}

async function remindOfEnds({ standing: { declaration, prefix }, hosted, now, console }: Setting): Promise<void> {
  const expiring = endingsIn(declaration, { prefix, now });
  const closing = 'No access ends soon.';
  const kept = await keepIssue(hosted.client, {
    place: hosted.place,
    kind: 'expiring',
    issue: expiringIssue(expiring, hosted.run),
    closing,
  });
  console.out(`${expiring.length} expiring; issue: ${kept}\n`);
}

/** The subscriptions that end soon, and have not yet. */
function endingsIn(
  { mesh, accounts, products, subscriptions }: Declaration,
  { prefix, now }: { readonly prefix: string; readonly now: Date },
): readonly Expiring[] {
  const today = dayOf(now);
  const last = dayOf(new Date(now.getTime() + (mesh.value.reminders?.expiry ?? 30) * day));
  return [...subscriptions].flatMap(
    ([
      subscription,
      {
        path,
        product,
        consumer,
        value: { expires },
      },
    ]) => {
      if (expires === undefined || expires < today || expires > last) return [];
      const owner = products.get(product)?.value;
      const producers = owner?.owners ?? accounts.get(owner?.producer ?? '')?.value.owners ?? [];
      const consumers = accounts.get(consumer)?.value.owners ?? [];
      return [{ subscription, file: prefix + path, expires, consumers, producers }];
    },
  );
}

/** Lists what waits too long and says where an owner asks for changes; answers whether every request could be read. */
async function remindOfWaiting(setting: Setting): Promise<boolean> {
  const { standing, hosted, now, console } = setting;
  const least = standing.declaration.mesh.value.reminders?.waiting ?? 7;
  const waiting: Waiting[] = [];
  let unread = 0;
  for (const request of await requestsOn(hosted.client, hosted)) {
    try {
      const found = await considered(request, setting);
      const days = Math.floor((now.getTime() - Date.parse(request.created)) / day);
      if (found.length > 0 && days >= least)
        waiting.push({ pull: request.number, title: request.title, days, people: found });
    } catch (thrown) {
      if (!(thrown instanceof ForgeFailure)) throw thrown;
      unread += 1;
      console.out(`#${request.number} could not be read: ${thrown.message}; ${thrown.remedy}\n`);
    }
  }
  const issue = waitingIssue(waiting, hosted.run);
  const open = await openIssue(hosted.client, { place: hosted.place, kind: waitingKind });
  // Once a week is enough to be reminded; that nothing waits any more is known only where all was read.
  const isDue = issue === undefined ? unread === 0 : open === undefined || now.getUTCDay() === 1;
  const closing = 'Nothing waits any more.';
  const kept = isDue
    ? await keepIssue(hosted.client, { place: hosted.place, kind: waitingKind, issue, closing })
    : 'left until Monday';
  console.out(`${waiting.length} waiting; issue: ${kept}\n`);
  return unread === 0;
}

const waitingKind: IssueKind = 'waiting';

/** Who is waited for, and says where one of them asks for changes; nobody, where the request is none of the mesh's. */
async function considered(request: FoundRequest, { standing, hosted, forge }: Setting): Promise<readonly Approver[]> {
  const awaited = await awaitedBy(request, { ...hosted, standing, forge });
  if (awaited === undefined) return [];
  const { people, against: by } = awaited;
  await tell(request, by.length === 0 ? undefined : { kind: 'changes requested', by }, hosted);
  return people;
}

/** Says on requests that were closed lately who closed them. */
async function tellOfClosed({ standing: { prefix }, hosted, now, console }: Setting): Promise<void> {
  const since = new Date(now.getTime() - closedDays * day).toISOString();
  const closed = (await requestsOn(hosted.client, hosted, since)).filter(({ isMerged }) => !isMerged);
  let told = 0;
  for (const request of closed) {
    const files = await filesOf(hosted.client, hosted.place, request.number);
    if (!files.some(({ path }) => path.startsWith(`${prefix}subscriptions/`))) continue;
    const by = await closerOf(hosted.client, hosted.place, request.number);
    if (by === undefined) continue;
    await tell(request, { kind: by.id === request.author?.id ? 'withdrawn' : 'closed', by }, hosted);
    told += 1;
  }
  console.out(`${told} closed without a merge\n`);
}

/** Keeps the comment on a request, and on the issue that it was made of. */
async function tell(
  { number, issue }: FoundRequest,
  denial: Denial | undefined,
  { client, place }: Hosted,
): Promise<void> {
  const body = denial === undefined ? undefined : denialComment(denial);
  for (const one of [number, ...(issue === undefined ? [] : [issue])])
    await keepComment(client, { place, issue: one, marker: denialMarker, body, otherwise: undenied });
}

function dayOf(time: Date): string {
  return time.toISOString().slice(0, 10);
}
