import { derivedPrefix } from '../core/filter-name.ts';
import type { Scope } from '../core/scope.ts';
import type { Declaration } from '../declare/declaration.ts';
import type { PastCommit } from '../declare/recall.ts';
import { addFiles, boundsOf, noBounds } from './bounds.ts';
import { protectedIn } from './principals.ts';
import { replay } from './replay.ts';

/** The scope of what is declared now, and of what its history declared. */
export function scopeOf(declaration: Declaration, history: readonly PastCommit[] = []): Scope {
  const mesh = declaration.mesh.value;
  const now = noBounds();
  addFiles(now, declaration);
  const { bounds: ever, protectedLast } = replay(history, mesh.central);
  addFiles(ever, declaration);
  return {
    ...boundsOf(now),
    ever: boundsOf(ever),
    protectedPrincipals: new Set([
      ...protectedIn(mesh),
      ...[...protectedLast].filter((principal) => !now.principals.has(principal)),
    ]),
    centralAccount: mesh.central.account,
    parameters: new Set(mesh.catalogParameters ?? []),
    derivedFilterPrefix: derivedPrefix,
  };
}
