import fc from 'fast-check';
import type { Switches } from '../../src/emulator/switches.ts';
import { elsewhere } from '../support/law-elsewhere.ts';
import {
  alterRights,
  catalogOf,
  filtersOf,
  grantsOf,
  type LawLake,
  lawLake,
  seedOf,
  stranger,
} from '../support/law-lake.ts';
import { accounts, type LawMesh, lawHistory, lawMesh } from '../support/law-mesh.ts';
import { broken } from './broken.ts';
import { bringing, type RawImports, rawImports, withConsumers } from './consumers.ts';
import { openToIam, type RawIam, saying } from './iam.ts';
import { type LawCase, type LawRun, overlay, pathsOf } from './law-case.ts';
import { type Standing, standingOf } from './standing.ts';
import { turns, weatherWith } from './weather.ts';

/** What a case is about. */
export type Family = 'history' | 'weather' | 'killed' | 'switches' | 'neighbours' | 'more' | 'git' | 'broken';

/** How many of every fifty cases a family has, and which laws it asks. */
export const families: Readonly<Record<Family, { readonly share: number; readonly laws: readonly number[] }>> = {
  history: { share: 8, laws: [1, 2, 3, 4, 5, 6, 7, 10] },
  weather: { share: 16, laws: [2, 3, 4, 6] },
  killed: { share: 9, laws: [2, 3, 4, 6] },
  switches: { share: 9, laws: [1, 2, 3, 4, 5, 6, 10] },
  neighbours: { share: 1, laws: [4] },
  more: { share: 2, laws: [8] },
  git: { share: 1, laws: [2, 3, 10] },
  broken: { share: 4, laws: [9] },
};
const order: readonly Family[] = Object.entries(families).flatMap(([family, { share }]) =>
  Array.from({ length: share }, () => family as Family),
);

/** The families, those asked for. */
export function familyOf(index: number, only: readonly Family[]): { readonly family: Family; readonly turn: number } {
  const among = only.length === 0 ? order : order.filter((family) => only.includes(family));
  // Neighbours in the list are far apart in the campaign.
  const at = (index * 17) % among.length;
  const family = among[among.length % 17 === 0 ? index % among.length : at] ?? 'history';
  const mine = among.filter((one) => one === family).length;
  return { family, turn: Math.floor(index / among.length) * mine + (at % mine) };
}

/** The mesh with one product: what most faults need, and quick to try. */
function slim(mesh: LawMesh): LawMesh {
  const [first] = Object.entries(mesh.products);
  if (first === undefined) return mesh;
  const mine = Object.entries(mesh.subscriptions).filter(([path]) => path.startsWith(`${first[0]}/`));
  const { holds = [], ...rest } = mesh.mesh;
  const kept = holds.filter(({ scope }) => scope.product === undefined || scope.product === first[0]);
  return throughout(
    {
      ...mesh,
      mesh: kept.length === 0 ? rest : { ...rest, holds: kept },
      products: Object.fromEntries([first]),
      subscriptions: Object.fromEntries(mine),
    },
    slim,
  );
}

/** The mesh with principals protected that it names itself. */
function guarded(mesh: LawMesh): LawMesh {
  const names = ['organization', accounts['marketing']?.id ?? ''];
  return throughout(
    { ...mesh, mesh: { ...mesh.mesh, protected: [...(mesh.mesh.protected ?? []), ...names] } },
    guarded,
  );
}

/** The mesh whose past is changed as it was. */
function throughout(mesh: LawMesh, change: (mesh: LawMesh) => LawMesh): LawMesh {
  return mesh.past === undefined ? mesh : { ...mesh, past: mesh.past.map(change) };
}

const history = fc.tuple(lawHistory, fc.nat(2), fc.nat(3)).map(([versions, size, guard]) => {
  const sized = size === 0 ? versions : versions.map(slim);
  const [before, after] = guard === 0 ? sized.map(guarded) : sized;
  return [before ?? versions[0], after ?? versions[1]] as const;
});
/** In every so many cases of a family subscriptions reach into consumers' accounts, where nobody asks for others: they take longer. */
export const usualWidth = 7;
/** Pages come full in some lakes, and short or empty in others. */
const lakeFor = (isWide: boolean): fc.Arbitrary<Omit<Parts['raw'], 'iam'>> =>
  fc
    .tuple(lawLake, fc.constantFrom('none', 'none', 'mild', 'wild'), isWide ? rawImports : fc.constant(undefined))
    .map(([raw, pageCuts, imports]) => ({ ...raw, pageCuts, imports }));

const chosen = fc.array(fc.nat(30), { maxLength: 3 });
const kills = fc.array(fc.record({ write: fc.integer({ min: 1, max: 8 }), when: fc.constantFrom('before', 'after') }), {
  minLength: 1,
  maxLength: 2,
});

/** What cases are made of beside what their family draws. */
export interface Extras {
  /** In every so many cases subscriptions reach into consumers' accounts. */
  readonly consumersIn?: number;
  /** What products say of IAM_ALLOWED_PRINCIPALS, drawn by itself, so that all else stays as it is drawn without. */
  readonly iam?: RawIam | undefined;
}

/** Cases of a family; the turn goes through what must not be left to chance. */
export function caseOf(
  family: Family,
  turn: number,
  { consumersIn = usualWidth, iam }: Extras = {},
): fc.Arbitrary<LawCase> {
  const isWide = turn % consumersIn === 0;
  const lake = lakeFor(isWide).map((raw) => ({ ...raw, iam }));
  switch (family) {
    case 'history':
      return fc.tuple(history, lake, chosen, fc.boolean()).map(([[before, after], raw, picked, isRun]) => ({
        ...caseWith({
          raw,
          meshes: [before, after],
          standing: isRun ? undefined : before,
          runs: [...(isRun ? [runOf(before)] : []), runOf(after, picked)],
        }),
        ...(turn % 4 === 0 ? { imported: true } : {}),
      }));
    case 'weather':
      return fc
        .tuple(history, lake, chosen, weatherWith(turn, isWide ? 'consumers' : 'central'), accidents)
        .map(([[before, after], raw, picked, faults, { vanished, dropped }]) => {
          const run = runOf(after, picked);
          const accident = {
            ...(isWide && vanished.length > 0 ? { vanished } : {}),
            // Whoever made a table may drop it.
            ...(isWide && dropped !== '' && raw.creator === stranger ? { dropped: droppedOf(after, dropped) } : {}),
          };
          return caseWith({
            raw,
            meshes: [before, after],
            standing: before,
            runs: [{ ...run, faults, ...accident }, run],
          });
        });
    case 'killed':
      return fc.tuple(history, lake, chosen, kills).map(([[before, after], raw, picked, blows]) => {
        const run = runOf(after, picked);
        return caseWith({
          raw,
          meshes: [before, after],
          standing: before,
          runs: [...blows.map((kill) => ({ ...run, kill }) as Drawn), run],
        });
      });
    case 'switches':
      return fc.tuple(history, lake, fc.boolean()).map(([[before, after], raw, isEmpty]) => ({
        ...caseWith({ raw, meshes: [before, after], standing: isEmpty ? undefined : before, runs: [runOf(after)] }),
        switches: turns[turn % turns.length] ?? {},
      }));
    case 'neighbours':
      return fc
        .tuple(lawMesh.map(slim), lawMesh.map(slim).map(elsewhere), lake)
        .map(([one, other, raw]) => caseWith({ raw, meshes: [one, other], runs: [runOf(one), runOf(other)] }));
    case 'more':
      return fc.tuple(lawMesh, lake, chosen).map(([more, raw, picked]) => {
        const kept = Object.entries(more.subscriptions).filter((_, index) => picked.includes(index % 3));
        const less: LawMesh = { ...more, subscriptions: Object.fromEntries(kept) };
        const imports = raw.imports && {
          ...raw.imports,
          consumers: raw.imports.consumers.map((one) => ({ ...one, strangers: [], taken: '' as const })),
        };
        const bare = { ...raw, imports, grants: [], filters: [], holes: [], hasTags: false };
        return {
          ...caseWith({ raw: bare, meshes: [more], runs: [runOf(less), runOf(more), runOf(less)], isBare: true }),
          bare: true,
        };
      });
    case 'git':
      return fc.tuple(history, lake, fc.nat(1)).map(([[before, after], raw, trustRoot]) => ({
        ...caseWith({ raw, meshes: [before, after], runs: [runOf(before), runOf(after)] }),
        trustRoot,
      }));
    case 'broken':
      return fc.tuple(lawMesh.map(slim), lake).chain(([mesh, raw]) =>
        broken(pathsOf(mesh)).map((files) => ({
          ...caseWith({ raw, meshes: [mesh], standing: mesh, runs: [] }),
          runs: [{ mesh: files }],
        })),
      );
    default:
      return family satisfies never;
  }
}

/** What befalls accounts and tables. */
const accidents = fc.record({
  vanished: fc.constantFrom<readonly string[]>([], [], [], ...Object.values(accounts).map(({ id }) => [id])),
  dropped: fc.constantFrom('', '1', '2'),
});

/** The table of this name in the first product's database. */
function droppedOf({ products }: LawMesh, name: string): NonNullable<LawRun['dropped']> {
  return Object.values(products)
    .slice(0, 1)
    .map(({ database }) => ({ database, table: `a${name}`, by: stranger }));
}

type Drawn = Omit<LawRun, 'mesh'> & { readonly whole: LawMesh };

interface Parts {
  readonly raw: LawLake & {
    readonly pageCuts: string;
    readonly imports: RawImports | undefined;
    readonly iam: RawIam | undefined;
  };
  readonly meshes: readonly LawMesh[];
  readonly standing?: LawMesh | undefined;
  readonly runs: readonly Drawn[];
  /** Whether nothing is there that the files do not ask for. */
  readonly isBare?: boolean;
}

/** A run of a mesh; what is picked of its subscriptions and products is not proven. */
function runOf(whole: LawMesh, picked: readonly number[] = []): Drawn {
  const files = Object.keys(pathsOf(whole)).filter((path) => /^(products|subscriptions)\//.test(path));
  const unproven = files.filter((_, index) => picked.some((one) => one === index));
  return { whole, ...(unproven.length === 0 ? {} : { unproven }) };
}

function caseWith(parts: Parts): LawCase {
  const { imports, iam, ...raw } = parts.raw;
  const reaching = (drawn: LawMesh): LawMesh => {
    const mesh = iam === undefined ? drawn : saying(drawn, iam);
    return imports === undefined ? mesh : bringing(mesh, imports);
  };
  const meshes = parts.meshes.map(reaching);
  const former = parts.standing && reaching(parts.standing);
  const runs = parts.runs.map(({ whole, ...run }) => ({ ...run, whole: reaching(whole) }));
  const catalog = catalogOf(meshes, raw);
  const standing: Standing = former === undefined ? { grants: [], filters: [] } : standingOf(former, catalog);
  const filters = [...standing.filters, ...filtersOf(raw, catalog)];
  const bare = seedOf(catalog, {
    grants: [...standing.grants, ...grantsOf(raw, catalog), ...(raw.mayAlter ? alterRights(catalog) : [])],
    filters: [...new Map(filters.map((one) => [`${one.database}.${one.table}.${one.name}`, one])).values()],
  });
  const wide = imports === undefined ? bare : withConsumers(bare, { raw: imports, meshes, standing: former, catalog });
  const isBare = parts.isBare === true;
  const all = iam === undefined ? wide : openToIam(wide, { raw: iam, standing: former, catalog, isBare });
  const seed = { ...all, switches: { pageCuts: raw.pageCuts } as Partial<Switches> };
  let laid: Readonly<Record<string, unknown>> = {};
  return {
    title: '',
    seed,
    ...(raw.hasTags ? { tagged: true } : {}),
    runs: runs.map(({ whole, ...run }) => {
      const mesh = overlay(laid, pathsOf(whole));
      laid = pathsOf(whole);
      const past = (whole.past ?? []).map((version) => overlay(laid, pathsOf(version)));
      return { ...(Object.keys(mesh).length === 0 ? {} : { mesh }), ...(past.length === 0 ? {} : { past }), ...run };
    }),
  };
}
