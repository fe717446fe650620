import type { Note } from '../core/plan.ts';
import { type Enforcement, gentlest } from '../core/scope.ts';
import type { Proofs } from '../core/state.ts';
import type { Declaration } from '../declare/declaration.ts';
import type { Mesh } from '../declare/files.ts';
import type { PastCommit } from '../declare/recall.ts';
import type { LastProven } from './last-proven.ts';

/** What was proven last where the files that put something at stake are not proven now. */
export interface ProvenStake {
  /** How far products go, by id. */
  readonly enforce: ReadonlyMap<string, Enforcement>;
  /** The mesh.yaml that was proven last, or each that may be; none where none ever was. Undefined where the one of now is proven. */
  readonly meshes?: readonly Mesh[];
  readonly notes: readonly Note[];
}

/** A product that goes further than may be proven. */
export interface Bold {
  readonly says: Enforcement;
  /** How far it goes where it was never proven on its database: as far as one that says nothing, and as what is gone from there. */
  readonly otherwise: Enforcement;
}

/**
 * The products that go further than their file once said, or than one that says nothing, or than what is gone from their
 * database said: only of these it matters to what is at stake whether they are proven.
 */
export function bolder({ products }: Declaration, commits: readonly PastCommit[]): ReadonlyMap<string, Bold> {
  const words = new Map<string, { readonly gentlest: Enforcement; readonly last: Enforcement; database: string }>();
  const hear = (id: string, last: Enforcement, database = words.get(id)?.database ?? ''): void =>
    void words.set(id, { gentlest: gentlest(words.get(id)?.gentlest ?? 'full', last), last, database });
  for (const { changes } of commits)
    for (const { layout, file } of changes) {
      if (layout.kind !== 'DataProduct' || file === 'deleted') continue;
      if (typeof file === 'object' && file.kind === 'DataProduct')
        hear(layout.product, said(file.value), file.value.database);
      else hear(layout.product, 'additive');
    }
  for (const [id, { value }] of products) hear(id, said(value), value.database);
  const left = new Map<string, Enforcement>();
  for (const [id, word] of words)
    if (!products.has(id)) left.set(word.database, gentlest(left.get(word.database) ?? 'full', word.gentlest));
  return new Map(
    [...words].flatMap(([id, { last: says, gentlest: least, database }]) => {
      const otherwise = (products.has(id) && left.get(database)) || 'full';
      return gentlest(says, least, otherwise) === says ? [] : [[id, { says, otherwise }] as const];
    }),
  );
}

/** What the files may put at stake: what is not proven counts no further than what was proven last, or than a file that says nothing. */
export async function provenStake(
  { mesh, products }: Pick<Declaration, 'mesh' | 'products'>,
  bold: ReadonlyMap<string, Bold>,
  { proofs, lastOf }: { readonly proofs: Proofs; readonly lastOf: (path: string) => Promise<LastProven> },
): Promise<ProvenStake> {
  const enforce = new Map<string, Enforcement>();
  const notes: Note[] = [];
  for (const [id, { says, otherwise }] of bold) {
    const path = products.get(id)?.path ?? `products/${id}.yaml`;
    const proof = proofs.get(path);
    if (proof?.proven === true) continue;
    const { readings } = await lastOf(path);
    const words = wordsOf(readings, products.get(id)?.value.database);
    const counts = gentlest(says, ...(words.length === 0 ? [otherwise] : words));
    if (counts === says) continue;
    enforce.set(id, counts);
    notes.push({
      code: 'STAKE_NOT_PROVEN',
      message: `${path} ${products.has(id) ? 'says' : 'said at last'} \`enforce: ${says}\` and is not proven, so \`${counts}\` counts until it is`,
      hint: proof?.remedy ?? 'have the file approved',
    });
  }
  if (proofs.get(mesh.path)?.proven === true) return { enforce, notes };
  const { readings } = await lastOf(mesh.path);
  return { enforce, notes, meshes: readings.flatMap(({ value }) => (value.kind === 'Mesh' ? value : [])) };
}

/** What versions said while they were about this database; of a product that is gone, what they said anywhere. */
function wordsOf(readings: LastProven['readings'], database: string | undefined): readonly Enforcement[] {
  return readings.flatMap(({ value }) =>
    value.kind === 'DataProduct' && (database === undefined || value.database === database) ? said(value) : [],
  );
}

function said({ enforce = 'full' }: { readonly enforce?: Enforcement | undefined }): Enforcement {
  return enforce;
}
