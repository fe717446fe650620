import type { Fact, FactKey } from '../core/fact.ts';
import type { LakeReader } from '../core/lake.ts';
import type { Part } from '../core/part.ts';
import { matchesAny } from '../core/pattern.ts';
import type { Plan } from '../core/plan.ts';
import { compareText } from '../core/problem.ts';
import type { Observed } from '../core/state.ts';
import type { TextFile } from '../core/text-file.ts';
import type { Declaration } from '../declare/declaration.ts';
import type { Person } from '../declare/files.ts';
import type { MeshFiles } from '../declare/mesh-files.ts';
import { desire } from '../desire/desire.ts';
import { type Imported, importLake } from '../import/import.ts';
import type { OldSubscription } from '../import/old-table.ts';
import { observe } from '../observe/observe.ts';
import { counted } from '../report/words.ts';
import { fitting } from './fit.ts';
import { SetupProblem } from './options.ts';

/** What to adopt, and into what. */
export interface Adopting {
  /** Globs of the databases; all where there are none. */
  readonly globs: readonly string[];
  /** The mesh that is there already. */
  readonly existing: { readonly files: MeshFiles; readonly declaration: Declaration } | undefined;
  /** The directory's name in problems. */
  readonly directory: string;
  readonly name: string;
  readonly administrators: readonly Person[] | undefined;
  /** The older mesh's table of subscriptions. */
  readonly subscriptions: readonly OldSubscription[];
  readonly writesMissing: boolean;
  readonly now: Date;
  readonly onProgress?: (rows: number, pages: number) => void;
}

/** What was read and what comes of it, proven: the plan of the mesh with the new files against what was read. */
export interface Adopted {
  readonly observed: Observed;
  readonly imported: Imported;
  readonly files: readonly TextFile[];
  readonly plan: Plan;
}

/** Reads a lake and makes mesh files of it, and plans them against what was read. */
export async function adopt(reader: LakeReader, adopting: Adopting): Promise<Adopted> {
  const names: string[] = [];
  for await (const page of reader.databases()) names.push(...page.map(({ name }) => name));
  const idle = adopting.globs.filter((glob) => !names.some(matchesAny([glob])));
  if (idle.length > 0)
    throw new SetupProblem(
      'NO_DATABASE',
      `of the ${counted(names.length, 'database')} in the catalog that the role can see, --database ${idle.join(', ')} matches none`,
      'aws glue get-databases --query DatabaseList[].Name lists them',
    );
  const isChosen = adopting.globs.length === 0 ? () => true : matchesAny(adopting.globs);
  const databases = [...new Set(names.filter(isChosen))].sort(compareText);
  const { onProgress } = adopting;
  const observed = await observe(reader, {
    part: wholly(databases),
    isPartOnly: false,
    ...(onProgress === undefined ? {} : { onProgress }),
  });
  const { existing } = adopting;
  const imported = importLake({
    observed,
    databases,
    areNamed: adopting.globs.length > 0,
    existing: existing?.declaration,
    declared: existing === undefined ? new Map() : declaredBy(existing.declaration, observed, adopting.now),
    name: adopting.name,
    administrators: adopting.administrators,
    subscriptions: adopting.subscriptions,
    writesMissing: adopting.writesMissing,
  });
  const { files, plan, unfit } = await fitting(adopting, observed, imported.files);
  return { observed, imported: { ...imported, left: [...imported.left, ...unfit] }, files, plan };
}

/** Databases with all that is on them, and all that is on none. */
function wholly(databases: readonly string[]): Part {
  const whole = { has: () => true, allTables: true };
  return {
    databases: new Map(databases.map((name) => [name, whole])),
    locations: () => true,
    catalog: true,
    hybrid: new Set(),
  };
}

/** What a mesh asks for, also what has expired: neither is said again. */
function declaredBy(declaration: Declaration, observed: Observed, now: Date): ReadonlyMap<FactKey, Fact> {
  const desired = desire(declaration, {
    catalog: observed.catalog,
    today: now.toISOString().slice(0, 10),
    administrators: observed.settings.administrators,
  });
  const facts = new Map<FactKey, Fact>([...desired.facts].map(([key, { fact }]) => [key, fact]));
  for (const key of desired.ended.keys()) {
    const live = observed.facts.get(key);
    if (live !== undefined) facts.set(key, live.fact);
  }
  return facts;
}
