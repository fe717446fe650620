import { askingOf } from '../approve/asking.ts';
import type { Incident } from '../approve/guardrails.ts';
import { judgeOf } from '../approve/judge.ts';
import { isAmong } from '../approve/prove.ts';
import type { Approver } from '../core/approvals.ts';
import { ForgeFailure } from '../core/forge.ts';
import type { Gap } from '../core/state.ts';
import type { Declaration } from '../declare/declaration.ts';
import { sound } from '../declare/draft.ts';
import type { Hold, Mesh } from '../declare/files.ts';
import { checkScope } from '../declare/rules/dated.ts';
import { decode } from '../declare/utf8.ts';
import { type PlacedHold, scopeText } from '../desire/safety.ts';
import { git } from '../git/git.ts';
import type { Proposal } from '../github/proposals.ts';
import { judgementIn } from '../trust.ts';
import { gitHub, type Hosted } from './hosted.ts';
import { trustedBy } from './load.ts';
import type { LakeOptions } from './options.ts';
import { type Recorded, recordOf } from './record.ts';

/** The holds that administrators have proposed and nobody has merged yet. */
export interface EmergencyHolds {
  readonly holds: readonly PlacedHold[];
  /** What somebody did to a hold who does not decide about it, and holds that nobody can read. */
  readonly incidents: readonly Incident[];
  /** What nobody can read: until then nothing is given, for it may be what a hold takes. */
  readonly gaps: readonly Omit<Gap, 'lake'>[];
}

/** A mesh, and who may hold something in it. */
export interface Held {
  readonly declaration: Declaration;
  readonly record: Recorded['record'];
  /** The mesh directory. */
  readonly directory: string;
  /** Undefined where nobody can tell who they are. */
  readonly administrators: readonly Approver[] | undefined;
  readonly now: Date;
}

/** For how many days a pull request that others closed is asked for: longer nobody overlooks an incident. */
const daysClosed = 90;

/** What is so where GitHub does not answer at all. */
export const unreadHolds: EmergencyHolds = withUnread([], ['GitHub does not list the open pull requests']);

/**
 * The holds in pull requests of administrators: an emergency does not wait for a second pair of eyes, and a hold only
 * takes away. Who is an administrator is told by the newest proven mesh.yaml. What counts is what they pushed
 * themselves, as far as it adds to what main has or had since; and whether it counts, its author and administrators decide.
 */
export async function emergencyHolds(hosted: Hosted, held: Held): Promise<EmergencyHolds> {
  const { administrators, now } = held;
  if (administrators === undefined) return withUnread([], ['nobody can tell who the administrators are']);
  const { proposals } = await import('../github/proposals.ts');
  const since = new Date(now.getTime() - daysClosed * 86_400_000);
  const found: ProposedHolds[] = [];
  const unread: string[] = [];
  const attempt = async (what: string, ask: () => Promise<void>): Promise<void> => {
    try {
      await ask();
    } catch (thrown) {
      if (!(thrown instanceof Unread || thrown instanceof ForgeFailure)) throw thrown;
      unread.push(`${what}${thrown.message}`);
    }
  };
  await attempt('', async () => {
    for (const proposal of await proposals(hosted.client, { ...hosted.place, branch: hosted.branch, since }))
      if (isAmong(proposal.author, administrators))
        await attempt(`#${proposal.number} of @${proposal.author.login}: `, async () => {
          found.push(await holdsOf(hosted, held, proposal));
        });
  });
  return withUnread(found, unread);
}

/** How a mesh and its repository are found. */
interface Asked extends Pick<Held, 'declaration' | 'now'> {
  readonly options: LakeOptions;
}

/** The holds that administrators have proposed, as GitHub tells them now; throws a `SetupProblem` where it cannot be asked. */
export async function holdsAtGitHub(
  { options, declaration, now }: Asked,
  env: Readonly<Record<string, string | undefined>>,
): Promise<EmergencyHolds> {
  const { record } = await recordOf(options, trustedBy(options, env), env);
  const administrators = await provenAdministrators(declaration, record);
  try {
    const hosted = await gitHub(options, env);
    return await emergencyHolds(hosted, { declaration, record, directory: options.mesh, administrators, now });
  } catch (thrown) {
    if (thrown instanceof ForgeFailure) return unreadHolds;
    throw thrown;
  }
}

/** Why the holds of a pull request cannot be told. */
class Unread extends Error {
  override readonly name = 'Unread';
}

interface ProposedHolds {
  readonly holds: readonly PlacedHold[];
  readonly incidents: readonly Incident[];
}

function withUnread(found: readonly ProposedHolds[], unread: readonly string[]): EmergencyHolds {
  const hint = 'mend it, or have its author or an administrator close it, and run again';
  const said = unread.map((why) => `the holds of open pull requests are not all known: ${why}`);
  return {
    holds: found.flatMap(({ holds }) => holds),
    incidents: [
      ...found.flatMap(({ incidents }) => incidents),
      ...said.map((message) => ({ code: 'HOLDS_UNREAD', message, remedy: `${hint}; until then nothing is granted` })),
    ],
    gaps: said.map((message) => ({ code: 'HOLDS_UNREAD', message, hint, blocks: 'grants' })),
  };
}

async function holdsOf(hosted: Hosted, held: Held, proposal: Proposal): Promise<ProposedHolds> {
  const { turnsOf } = await import('../github/proposals.ts');
  const { number, author } = proposal;
  const turns = await turnsOf(hosted.client, { ...hosted.place, number });
  const decides = (id: number): boolean =>
    id === author.id || held.administrators?.some((one) => one.id === id) === true;
  const { counts, dispute } = askingOf({ ...proposal, turns }, decides);
  if (!counts && dispute === undefined) return { holds: [], incidents: [] };
  const added = await addedBy(hosted, held, proposal);
  const what = added.map(({ value }) => scopeText(value.scope)).join('; ');
  const incident = {
    code: 'HOLD_DISPUTED',
    message: `the hold of @${author.login} in #${number} (${what}) ${counts ? 'counts' : 'does not count'}: ${dispute}, and is neither its author nor an administrator`,
    remedy: `its author or an administrator ${settling(proposal, hosted.branch)}`,
  };
  return { holds: counts ? added : [], incidents: dispute === undefined || added.length === 0 ? [] : [incident] };
}

/** How those who decide say what they want. */
function settling({ isOpen, isOnBranch }: Proposal, branch: string): string {
  if (!isOpen)
    return 'opens it again, and closes it if the hold is to end; where that cannot be, its author deletes its branch';
  if (!isOnBranch) return `turns it to ${branch} if the hold is to count, and else closes it`;
  return 'closes it, and opens it again if the hold is to count';
}

/** The holds in force that a pull request adds, as its author pushed it. */
async function addedBy(hosted: Hosted, held: Held, proposal: Proposal): Promise<readonly PlacedHold[]> {
  const { number, author, head, isOpen } = proposal;
  const { record, declaration, directory } = held;
  const path = `${record.history.prefix}mesh.yaml`;
  const tip = record.history.commits.at(-1) ?? '';
  // What the author pushed last counts, whatever others make of the branch: they can neither add nor lift a hold.
  const pushes = await record.forge.pushesTo(number);
  const own = pushes?.findLast(({ by }) => by === author.id)?.commit;
  // Whoever deletes their branch takes back what they asked; and what nobody could tell was never held, so closing it ends nothing.
  if (own === undefined ? pushes !== undefined || !isOpen : /^0+$/.test(own)) return [];
  const commit = own ?? head;
  const { mergeBaseOf } = await import('../github/proposals.ts');
  const base = await mergeBaseOf(hosted.client, { ...hosted.place, commits: [tip, commit] });
  const [was, is] = [await record.forge.blobAt(base, path), await record.forge.blobAt(commit, path)];
  if (is === undefined || is === was) return [];
  if (own === undefined) throw new Unread(`it changes ${path}, and nobody can tell who pushed that`);
  const { blobOf } = await import('../github/requests.ts');
  const text = decode(await blobOf(hosted.client, hosted.place, is));
  const file = { file: `${declaration.mesh.file} of #${number}`, path: 'mesh.yaml', blob: is };
  const { declared } = typeof text === 'string' ? sound({ kind: 'Mesh' }, { ...file, text }) : {};
  if (declared === undefined) throw new Unread('its mesh.yaml has problems');
  // The schema of the layout's kind has vouched for the type.
  const mesh = declared as { readonly value: Mesh } & Pick<Declaration['mesh'], 'at'>;
  // A hold that was lifted on main is not brought back by a pull request that began before.
  const later = new Set((await git(directory, 'rev-list', '--first-parent', `${base}..${tip}`)).split('\n'));
  const since = (record.history.versions.get('mesh.yaml') ?? []).filter(({ at }) =>
    later.has(record.history.commits[at] ?? ''),
  );
  const known = new Set<string>();
  for (const blob of [was, ...since.map((version) => version.blob)]) {
    const reading = blob === undefined ? undefined : await record.read('mesh.yaml', blob);
    for (const hold of reading?.value.kind === 'Mesh' ? (reading.value.holds ?? []) : []) known.add(textOf(hold));
  }
  const today = held.now.toISOString().slice(0, 10);
  return (mesh.value.holds ?? []).flatMap((value, index): PlacedHold[] => {
    if (known.has(textOf(value)) || value.until < today) return [];
    const faults = checkScope(declaration, value.scope, (part) => mesh.at(['holds', index, 'scope', part]));
    if (faults.length > 0) throw new Unread(`its hold on ${scopeText(value.scope)} names what main does not have`);
    return [{ value, place: mesh.at(['holds', index]) }];
  });
}

function textOf({ scope, reason, until }: Hold): string {
  return JSON.stringify([scopeText(scope), reason, until]);
}

/** The administrators whom the newest proven mesh.yaml names: nobody makes themselves one by a push. */
export async function provenAdministrators(
  declaration: Declaration,
  record: Recorded['record'],
): Promise<readonly Approver[] | undefined> {
  const nothing = { databases: new Map(), unread: new Set<string>() };
  const judge = judgeOf({ ...record, ...judgementIn(declaration, { catalog: nothing }) });
  const proven = (await judge.newestOf('mesh.yaml'))?.value;
  return proven?.kind === 'Mesh' ? proven.administrators : undefined;
}
