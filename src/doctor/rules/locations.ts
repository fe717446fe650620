import { aws } from '../../core/aws-command.ts';
import { locationOf } from '../../core/canonical.ts';
import type { Check } from '../../core/diagnosis.ts';
import type { RegisteredLocation } from '../../core/inspection.ts';
import { compareText } from '../../core/problem.ts';
import { finding, ok, unread } from '../check.ts';
import type { LakeReading } from '../reading.ts';
import { counted, listed } from '../words.ts';
import { unreadDatabases } from './unread.ts';

/** S3 paths that should be registered, and for whose sake. */
interface Wanted {
  readonly whose: string;
  readonly paths: readonly string[];
  readonly isDeclared: boolean;
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

/** What is said of locations that Lake Formation guards only for those who opted in. */
export function checkHybrid(lake: LakeReading): readonly Check[] {
  const { locations } = lake;
  if (!locations.isRead) return [unread('HYBRID', 'which locations are in hybrid access mode', locations.failure)];
  const paths = wantedPaths(lake).flatMap((wanted) => wanted.paths);
  const hybrid = locations.value.filter(({ arn, isHybrid }) => isHybrid && paths.some((path) => isWithin(path, arn)));
  const unseen = unreadDatabases(lake, 'HYBRID', 'whether data is in hybrid access mode');
  if (hybrid.length + unseen.length === 0) return [ok('HYBRID', 'no location of the mesh is in hybrid access mode')];
  const found = hybrid.map((location) =>
    finding('HYBRID', `${readable(location.arn)} is in hybrid access mode`, {
      severity: 'warning',
      means: 'who did not opt in is let in by IAM alone, whatever the mesh files say',
      remedy: 'once everyone who needs access has a grant of their own, end the mode',
      commands: [endHybrid(lake, location)],
    }),
  );
  return [...found, ...unseen];
}

function endHybrid(lake: LakeReading, { arn, role }: RegisteredLocation): string {
  const words = ['update-resource', '--resource-arn', arn, '--role-arn', role ?? 'ROLE', '--no-hybrid-access-enabled'];
  return aws(lake, 'lakeformation', ...words);
}

function wantedPaths({ scope, observed }: LakeReading): readonly Wanted[] {
  const declared = new Map<string, string[]>();
  for (const { location, product } of scope.locations)
    declared.set(product.id, [...(declared.get(product.id) ?? []), location]);
  const byName = (a: Wanted, b: Wanted): number => compareText(a.whose, b.whose);
  const products = [...declared].map(([id, paths]) => ({ whose: `product ${id}`, paths, isDeclared: true }));
  const databases = [...observed.catalog.databases.values()].map(({ database: { name }, tables }) => {
    const claims = scope.databases.get(name) ?? [];
    const paths = [...tables.values()].flatMap((table) =>
      table.location?.startsWith('s3') && claims.some((product) => product.claims(table.name))
        ? [locationOf(table.location.replace(/^s3[an]:/, 's3:'))]
        : [],
    );
    return { whose: `database ${name}`, paths: [...new Set(paths)].sort(), isDeclared: false };
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
