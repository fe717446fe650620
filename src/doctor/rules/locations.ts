import { aws } from '../../core/aws-command.ts';
import { locationOf } from '../../core/canonical.ts';
import type { Check } from '../../core/diagnosis.ts';
import type { RegisteredLocation } from '../../core/inspection.ts';
import { compareText } from '../../core/problem.ts';
import type { ScopeProduct } from '../../core/scope.ts';
import { finding, ok, unread } from '../check.ts';
import type { LakeReading } from '../reading.ts';
import { counted, listed } from '../words.ts';
import { unreadDatabases } from './unread.ts';

/** S3 paths that should be registered, and for whose sake. */
interface Wanted {
  readonly whose: string;
  readonly paths: readonly string[];
  readonly isDeclared: boolean;
  /** Whether they are of products with hybrid access. */
  readonly isHybrid: boolean;
}

/** What is said of the S3 paths of the mesh: one finding for each product's locations and each database's tables. */
export function checkRegistered(lake: LakeReading): readonly Check[] {
  const { locations } = lake;
  if (!locations.isRead) return [unread('REGISTERED', 'which S3 paths are registered', locations.failure)];
  const registered = locations.value;
  const wanted = wantedPaths(lake);
  // What a declared location will hold once that is registered needs no command of its own.
  const roots = [
    ...registered.map(({ arn }) => arn),
    ...wanted.flatMap(({ isDeclared, paths }) => (isDeclared ? paths : [])),
  ];
  const isCovered = (path: string, isDeclared: boolean): boolean =>
    isDeclared ? registered.some(({ arn }) => isWithin(path, arn)) : roots.some((root) => isWithin(path, root));
  const found = wanted.flatMap((one) => {
    const bare = one.paths.filter((path) => !isCovered(path, one.isDeclared));
    return bare.length === 0 ? [] : [unregistered(lake, { ...one, paths: bare })];
  });
  const unseen = unreadDatabases(lake, 'REGISTERED', 'whether data is registered');
  if (found.length + unseen.length > 0) return [...found, ...unseen];
  const count = new Set(wanted.flatMap(({ paths }) => paths)).size;
  return [
    ok(
      'REGISTERED',
      count === 0 ? 'nothing declared lies in S3' : `all ${counted(count, 'S3 path')} of the mesh are registered`,
    ),
  ];
}

function unregistered(lake: LakeReading, { whose, paths, isDeclared }: Wanted): Check {
  const roots = isDeclared ? paths : commonRoots(paths);
  return finding(
    'REGISTERED',
    `${counted(paths.length, 'S3 path')} of ${whose} not registered with Lake Formation: ${listed(paths.map(readable))}`,
    {
      severity: 'warning',
      means: isDeclared
        ? 'DATA_LOCATION_ACCESS on it is refused, and Lake Formation lends nobody credentials for what lies in it'
        : 'Lake Formation lends nobody credentials for this data: who reads it needs rights in S3, and then neither columns nor rows are kept back',
      commands: roots.map((path) =>
        aws(lake, 'lakeformation', 'register-resource', '--resource-arn', path, '--use-service-linked-role'),
      ),
    },
  );
}

/** What is said of locations that Lake Formation guards only for those who opted in: products say where that is meant. */
export function checkHybrid(lake: LakeReading): readonly Check[] {
  const { locations } = lake;
  if (!locations.isRead) return [unread('HYBRID', 'which locations are in hybrid access mode', locations.failure)];
  const wanted = wantedPaths(lake);
  const covers = (location: RegisteredLocation, isMeant: boolean): boolean =>
    wanted.some((one) => one.isHybrid === isMeant && one.paths.some((path) => isWithin(path, location.arn)));
  const found = locations.value.flatMap((location): readonly Check[] => {
    if (location.isHybrid) return covers(location, false) ? [unwantedHybrid(lake, location)] : [];
    return covers(location, true) ? [missingHybrid(lake, location)] : [];
  });
  const unseen = unreadDatabases(lake, 'HYBRID', 'whether data is in hybrid access mode');
  if (found.length + unseen.length > 0) return [...found, ...unseen];
  const isAny = wanted.some(({ isHybrid }) => isHybrid);
  return [
    ok(
      'HYBRID',
      isAny
        ? 'locations of the mesh are in hybrid access mode where their products say so'
        : 'no location of the mesh is in hybrid access mode',
    ),
  ];
}

function unwantedHybrid(lake: LakeReading, location: RegisteredLocation): Check {
  return finding('HYBRID', `${readable(location.arn)} is in hybrid access mode`, {
    severity: 'warning',
    means: 'who did not opt in is let in by IAM alone, whatever the mesh files say',
    remedy:
      'say `iamAllowedPrincipals: hybrid` in the product file; or once everyone who needs access has a grant of their own, end the mode',
    commands: [hybridMode(lake, location, '--no-hybrid-access-enabled')],
  });
}

function missingHybrid(lake: LakeReading, location: RegisteredLocation): Check {
  return finding(
    'HYBRID',
    `${readable(location.arn)} is not in hybrid access mode, though a product with data there says it has hybrid access`,
    {
      severity: 'warning',
      means:
        'while IAM_ALLOWED_PRINCIPALS holds a table there, Lake Formation shares it with no other account, and takes SELECT on some columns for all',
      remedy: 'a location of the service-linked role is to be registered anew, with a role of yours',
      commands: [hybridMode(lake, location, '--hybrid-access-enabled')],
    },
  );
}

function hybridMode(lake: LakeReading, { arn, role }: RegisteredLocation, mode: string): string {
  const words = ['update-resource', '--resource-arn', arn, '--role-arn', role ?? 'ROLE', mode];
  return aws(lake, 'lakeformation', ...words);
}

function wantedPaths({ scope, observed }: LakeReading): readonly Wanted[] {
  const declared = new Map<string, { readonly paths: string[]; readonly isHybrid: boolean }>();
  for (const { location, product } of scope.locations) {
    const { paths, isHybrid } = declared.get(product.id) ?? { paths: [], isHybrid: product.isHybrid };
    declared.set(product.id, { paths: [...paths, location], isHybrid });
  }
  const byName = (a: Wanted, b: Wanted): number => compareText(a.whose, b.whose);
  const products = [...declared].map(([id, one]) => ({ whose: `product ${id}`, ...one, isDeclared: true }));
  const databases = [...observed.catalog.databases.values()].flatMap(({ database: { name }, tables }) => {
    const claims = scope.databases.get(name) ?? [];
    const pathsOf = (some: readonly ScopeProduct[]): readonly string[] =>
      [...tables.values()].flatMap((table) =>
        table.location?.startsWith('s3') && some.some((product) => product.claims(table.name))
          ? [locationOf(table.location.replace(/^s3[an]:/, 's3:'))]
          : [],
      );
    return [true, false].map((isHybrid) => {
      const paths = pathsOf(claims.filter((product) => product.isHybrid === isHybrid));
      return { whose: `database ${name}`, paths: [...new Set(paths)].sort(), isDeclared: false, isHybrid };
    });
  });
  return [...products.sort(byName), ...databases.sort(byName)];
}

function isWithin(path: string, location: string): boolean {
  return `${path}/`.startsWith(`${location.replace(/\/+$/, '')}/`);
}

/** For each bucket the longest path that holds all the given ones. */
function commonRoots(paths: readonly string[]): readonly string[] {
  const roots = new Map<string, readonly string[]>();
  for (const path of paths) {
    const parts = path.split('/');
    const known = roots.get(parts[0] ?? '') ?? parts;
    const differs = known.findIndex((part, index) => part !== parts[index]);
    roots.set(parts[0] ?? '', differs === -1 ? known : known.slice(0, differs));
  }
  return [...roots.values()].map((parts) => parts.join('/')).sort();
}

function readable(arn: string): string {
  return arn.replace(/^arn:aws[a-z-]*:s3:::/, 's3://');
}
