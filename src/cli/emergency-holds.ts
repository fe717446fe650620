import { judgeOf } from '../approve/judge.ts';
import { isAmong } from '../approve/prove.ts';
import type { Approver } from '../core/approvals.ts';
import type { Declaration } from '../declare/declaration.ts';
import { sound } from '../declare/draft.ts';
import type { Mesh } from '../declare/files.ts';
import { checkScope } from '../declare/rules/dated.ts';
import { decode } from '../declare/utf8.ts';
import type { PlacedHold } from '../desire/safety.ts';
import { judgementIn } from '../trust.ts';
import type { Hosted } from './hosted.ts';
import type { Recorded } from './record.ts';

/** The holds of pull requests that are open, and the pull requests whose holds nobody can read. */
export interface EmergencyHolds {
  readonly holds: readonly PlacedHold[];
  readonly unread: readonly string[];
}

/**
 * The holds that administrators have proposed and nobody has merged yet: an emergency does not wait for a second pair
 * of eyes, and a hold only takes away. Who is an administrator is told by the newest proven mesh.yaml; and what counts
 * is what they pushed themselves.
 */
export async function emergencyHolds(
  { client, place, branch }: Hosted,
  declaration: Declaration,
  record: Recorded['record'],
): Promise<EmergencyHolds> {
  const administrators = await provenAdministrators(declaration, record);
  const { proposals } = await import('../github/proposals.ts');
  const path = `${record.history.prefix}mesh.yaml`;
  const found: PlacedHold[] = [];
  const unread: string[] = [];
  for (const { number, author } of await proposals(client, { ...place, branch })) {
    if (!isAmong(author, administrators)) continue;
    // What the administrator pushed last counts, whatever others make of the branch: they can neither add nor lift a hold.
    const pushes = await record.forge.pushesTo(number);
    const own = pushes?.findLast(({ by }) => by === author.id)?.commit;
    if (own === undefined) {
      unread.push(`#${number}: nobody can tell what @${author.login} pushed`);
      continue;
    }
    const blob = await record.forge.blobAt(own, path);
    if (blob === undefined || blob === declaration.mesh.blob) continue;
    const { blobOf } = await import('../github/proposals.ts');
    const text = decode(await blobOf(client, { ...place, blob }));
    const file = { file: `${declaration.mesh.file} of #${number}`, path: 'mesh.yaml', blob };
    const { declared } = typeof text === 'string' ? sound({ kind: 'Mesh' }, { ...file, text }) : {};
    if (declared === undefined) unread.push(`#${number}: its mesh.yaml has problems`);
    else found.push(...newIn(declared as { readonly value: Mesh } & Pick<Declaration['mesh'], 'at'>, declaration));
  }
  return { holds: found, unread };
}

/** The administrators whom the newest proven mesh.yaml names: nobody makes themselves one by a push. */
export async function provenAdministrators(
  declaration: Declaration,
  record: Recorded['record'],
): Promise<readonly Approver[]> {
  const nothing = { databases: new Map(), unread: new Set<string>() };
  const judge = judgeOf({ ...record, ...judgementIn(declaration, { catalog: nothing }) });
  const proven = (await judge.newestOf('mesh.yaml'))?.value;
  return proven?.kind === 'Mesh' ? proven.administrators : [];
}

/** The holds that mesh.yaml does not have yet, and that are about what there is. */
function newIn(proposed: Pick<Declaration['mesh'], 'value' | 'at'>, declaration: Declaration): readonly PlacedHold[] {
  const known = new Set((declaration.mesh.value.holds ?? []).map((hold) => JSON.stringify(hold)));
  return (proposed.value.holds ?? []).flatMap((value, index): PlacedHold[] => {
    const at = (part: string) => proposed.at(['holds', index, 'scope', part]);
    if (known.has(JSON.stringify(value)) || checkScope(declaration, value.scope, at).length > 0) return [];
    return [{ value, place: proposed.at(['holds', index]) }];
  });
}
