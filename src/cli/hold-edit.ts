import { dayAfter, dayOf } from '../core/day.ts';
import type { Declaration } from '../declare/declaration.ts';
import { withField, withItem } from '../declare/edit.ts';
import type { HoldScope } from '../declare/files.ts';
import type { MeshFiles } from '../declare/mesh-files.ts';
import { scopeText } from '../desire/safety.ts';
import { type Edit, editMeshFile } from './mesh-edit.ts';
import { SetupProblem } from './options.ts';

/** What is asked of a hold. */
export interface WantedHold {
  readonly scope: HoldScope;
  readonly reason?: string | undefined;
  /** The last day; by default the thirtieth from now, and for a hold that stands the day that it has. */
  readonly until?: string | undefined;
}

/** Mesh files, and what they say. */
export interface ReadMesh {
  readonly files: MeshFiles;
  readonly declaration: Declaration;
}

/** What makes the hold stand, and stand as long as is asked; undefined where it does. */
export function holdEdit({ files, declaration }: ReadMesh, wanted: WantedHold, now: Date): Edit | undefined {
  const { scope, reason, until } = wanted;
  const held = heldUntil(declaration, scope, now);
  if (held !== undefined) {
    if (until === undefined || until <= held.until) return undefined;
    const at = ['holds', held.index];
    return editMeshFile(files, (text) => {
      const longer = withField(text, [...at, 'until'], until);
      return reason === undefined ? longer : withField(longer, [...at, 'reason'], reason);
    });
  }
  if (reason === undefined)
    throw new SetupProblem('NO_REASON', 'a hold needs a reason', 'say why, for whoever finds it: --reason TEXT');
  return editMeshFile(files, (text) =>
    withItem(text, 'holds', { scope, reason, until: until ?? dayAfter(dayOf(now), 30) }),
  );
}

/** The last to end of the holds in force on a scope. */
export function heldUntil(
  { mesh }: Declaration,
  scope: HoldScope,
  now: Date,
): { readonly index: number; readonly until: string } | undefined {
  return (mesh.value.holds ?? [])
    .flatMap((hold, index) => (scopeText(hold.scope) === scopeText(scope) ? [{ index, until: hold.until }] : []))
    .filter(({ until }) => until >= dayOf(now))
    .toSorted((a, b) => (a.until < b.until ? 1 : -1))[0];
}
