import { derivedPrefix } from '../core/filter-name.ts';
import type { Scope } from '../core/scope.ts';
import type { Declaration } from '../declare/declaration.ts';
import type { PastCommit } from '../declare/recall.ts';
import { addFiles, boundsOf, noBounds } from './bounds.ts';
import { protectedIn } from './principals.ts';
import { type Replayed, replay } from './replay.ts';

/** The scope of what is declared now, and of what its history declared. */
export function scopeOf(declaration: Declaration, history: readonly PastCommit[] = []): Scope {
  return scopeBeside(declaration, replay(history, declaration.mesh.value.central));
}

/** The scope of what is declared now or was in one former state of the files. */
export function scopeOfBoth(before: Declaration | undefined, declaration: Declaration): Scope {
  const bounds = noBounds();
  if (before !== undefined) addFiles(bounds, before);
  return scopeBeside(declaration, { bounds, protectedLast: new Set() });
}

function scopeBeside(declaration: Declaration, { bounds: ever, protectedLast }: Replayed): Scope {
  const mesh = declaration.mesh.value;
  const now = noBounds();
  addFiles(now, declaration);
  addFiles(ever, declaration);
  return {
    ...boundsOf(now),
    ever: boundsOf(ever),
    protectedPrincipals: new Set([
      ...protectedIn(mesh),
      ...[...protectedLast].filter((principal) => !now.principals.has(principal)),
    ]),
    centralAccount: mesh.central.account,
    centralRegion: mesh.central.region,
    parameters: new Set(mesh.catalogParameters ?? []),
    derivedFilterPrefix: derivedPrefix,
  };
}
