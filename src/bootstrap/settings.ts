import type { Administrator, SettingsDocument } from '../core/foundation.ts';

/** What data lake settings are to say; whatever else they say stays. */
export interface Wish {
  /** The role that is to be a data lake administrator. */
  readonly administrator?: string;
  /** The role that is to be a read-only one. */
  readonly reader?: string;
  /** Roles that are to be neither any more. */
  readonly gone?: readonly string[];
  /** The least CROSS_ACCOUNT_VERSION, and whether somebody asked for it by name. */
  readonly version?: { readonly least: number; readonly isAsked: boolean };
  /** Whether new databases and tables are to be open to nobody. */
  readonly closes?: boolean;
}

/** Settings in which a wish has come true, with what changes for it; nothing where it is true already. */
export interface Merged {
  readonly settings: SettingsDocument;
  readonly changes: readonly string[];
}

/** Puts a wish into settings, of which all else is kept: PutDataLakeSettings replaces them as a whole. */
export function mergeSettings(settings: SettingsDocument, wish: Wish): Merged {
  return merges.reduce<Merged>(
    (before, merge) => {
      const after = merge(before.settings, wish);
      return { settings: after.settings, changes: [...before.changes, ...after.changes] };
    },
    { settings, changes: [] },
  );
}

type Merge = (settings: SettingsDocument, wish: Wish) => Merged;

const merges: readonly Merge[] = [leave, administer, read, raise, close];

/** Takes roles from both lists. */
function leave(settings: SettingsDocument, { gone = [] }: Wish): Merged {
  const isGone = (one: Administrator): boolean => gone.includes(one.DataLakePrincipalIdentifier ?? '');
  return [
    ['DataLakeAdmins', 'the data lake administrators'] as const,
    ['ReadOnlyAdmins', 'the read-only administrators'] as const,
  ].reduce<Merged>(
    (before, [list, words]) => {
      const all = before.settings[list] ?? [];
      const left = all.filter((one) => !isGone(one));
      if (left.length === all.length) return before;
      const names = all.filter(isGone).map((one) => one.DataLakePrincipalIdentifier);
      return {
        settings: { ...before.settings, [list]: left },
        changes: [...before.changes, `take ${names.join(', ')} from ${words}`],
      };
    },
    { settings, changes: [] },
  );
}

/** Makes a role an administrator, and no read-only one, which it cannot be at once. */
function administer(settings: SettingsDocument, { administrator }: Wish): Merged {
  const { DataLakeAdmins = [] } = settings;
  if (administrator === undefined || isAmong(DataLakeAdmins, administrator)) return { settings, changes: [] };
  const left = leave(settings, { gone: [administrator] });
  return {
    settings: { ...left.settings, DataLakeAdmins: [...DataLakeAdmins, { DataLakePrincipalIdentifier: administrator }] },
    changes: [...left.changes, `add ${administrator} to the data lake administrators`],
  };
}

/** Makes a role a read-only administrator, unless it administers already. */
function read(settings: SettingsDocument, { reader }: Wish): Merged {
  const { DataLakeAdmins = [], ReadOnlyAdmins = [] } = settings;
  if (reader === undefined || isAmong([...DataLakeAdmins, ...ReadOnlyAdmins], reader)) return { settings, changes: [] };
  return {
    settings: { ...settings, ReadOnlyAdmins: [...ReadOnlyAdmins, { DataLakePrincipalIdentifier: reader }] },
    changes: [`add ${reader} to the read-only administrators`],
  };
}

/** Raises the version, which AWS does not lower. Where none is named nobody knows what it is, so only who asks gets one. */
function raise(settings: SettingsDocument, { version }: Wish): Merged {
  const said = settings.Parameters?.[versionKey];
  const isLow = said === undefined ? version?.isAsked === true : Number(said) < (version?.least ?? 0);
  if (version === undefined || !isLow) return { settings, changes: [] };
  return {
    settings: { ...settings, Parameters: { ...settings.Parameters, [versionKey]: String(version.least) } },
    changes: [`raise the cross-account version from ${said ?? 'none that is named'} to ${version.least}, for good`],
  };
}

/** Source: https://docs.aws.amazon.com/lake-formation/latest/dg/optimize-ram.html. */
const versionKey = 'CROSS_ACCOUNT_VERSION';

/** Opens what is new to nobody; what there is stays as open as it is. */
function close(settings: SettingsDocument, { closes = false }: Wish): Merged {
  return (['CreateDatabaseDefaultPermissions', 'CreateTableDefaultPermissions'] as const).reduce<Merged>(
    (before, list) => {
      if (!closes || (before.settings[list] ?? []).length === 0) return before;
      const what = list === 'CreateDatabaseDefaultPermissions' ? 'databases' : 'tables';
      return {
        settings: { ...before.settings, [list]: [] },
        changes: [...before.changes, `give IAM_ALLOWED_PRINCIPALS nothing on new ${what} any more`],
      };
    },
    { settings, changes: [] },
  );
}

function isAmong(list: readonly Administrator[], arn: string): boolean {
  return list.some((one) => one.DataLakePrincipalIdentifier === arn);
}

/** Members in which two settings differ; an empty list is as good as none. */
export function settingsDiffering(a: SettingsDocument, b: SettingsDocument): readonly string[] {
  const members = [...new Set([...Object.keys(a), ...Object.keys(b)])].toSorted();
  return members.filter((member) => plain(a[member]) !== plain(b[member]));
}

function plain(value: unknown): string {
  if (value === undefined || value === null || (Array.isArray(value) && value.length === 0)) return '';
  if (Array.isArray(value)) return `[${value.map(plain).toSorted().join(',')}]`;
  if (typeof value !== 'object') return JSON.stringify(value);
  return `{${Object.entries(value)
    .filter(([, inner]) => plain(inner) !== '')
    .map(([key, inner]) => `${key}:${plain(inner)}`)
    .toSorted()
    .join(',')}}`;
}
