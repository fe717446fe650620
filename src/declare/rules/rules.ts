import type { Problem } from '../../core/problem.ts';
import type { Joined } from '../entries.ts';
import { checkAccessShape } from './access-shape.ts';
import { checkAccounts } from './accounts.ts';
import { checkClaims } from './claims.ts';
import { checkClassDurations } from './class-durations.ts';
import { checkClassPermissions } from './class-permissions.ts';
import { checkClasses } from './classes.ts';
import { checkColumns } from './columns.ts';
import { checkDated } from './dated.ts';
import { checkFilters } from './filters.ts';
import { checkGrantOptions } from './grant-options.ts';
import { checkIdentifiers } from './identifiers.ts';
import { checkImports } from './imports.ts';
import { checkLocations } from './locations.ts';
import { checkNames } from './names.ts';
import { checkOverlaps } from './overlaps.ts';
import { checkPaths } from './paths.ts';
import { checkPeople } from './people.ts';
import { checkPermissions } from './permissions.ts';
import { checkPrincipals } from './principals.ts';
import { checkReferences } from './references.ts';
import { checkReservedNames } from './reserved-names.ts';
import { checkTables } from './tables.ts';
import { checkWildcards } from './wildcards.ts';

/** A rule that looks across files. */
export type Rule = (mesh: Joined) => readonly Problem[];

/** All rules; their order does not matter, since problems are sorted. */
export const rules: readonly Rule[] = [
  checkPaths,
  checkReferences,
  checkDated,
  checkAccounts,
  checkIdentifiers,
  checkPrincipals,
  checkPeople,
  checkReservedNames,
  checkClasses,
  checkNames,
  checkClaims,
  checkAccessShape,
  checkPermissions,
  checkGrantOptions,
  checkTables,
  checkWildcards,
  checkColumns,
  checkClassPermissions,
  checkClassDurations,
  checkOverlaps,
  checkFilters,
  checkLocations,
  checkImports,
];
