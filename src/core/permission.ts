/** Lake Formation's permissions as its API spells them. ALL and SUPER_USER are only ever observed. */
export const permissions = [
  'ALL',
  'ALTER',
  'ASSOCIATE',
  'CREATE_CATALOG',
  'CREATE_DATABASE',
  'CREATE_LF_TAG',
  'CREATE_LF_TAG_EXPRESSION',
  'CREATE_TABLE',
  'DATA_LOCATION_ACCESS',
  'DELETE',
  'DESCRIBE',
  'DROP',
  'GRANT_WITH_LF_TAG_EXPRESSION',
  'INSERT',
  'SELECT',
  'SUPER_USER',
] as const;

/** A Lake Formation permission. */
export type Permission = (typeof permissions)[number];

/** The kinds of resource that a mesh file can name. */
export type DeclarableKind =
  | 'catalog'
  | 'database'
  | 'table'
  | 'all-tables'
  | 'columns'
  | 'data-cells-filter'
  | 'data-location';

/**
 * The permissions that a mesh file may give on each kind of resource.
 * Source: https://docs.aws.amazon.com/lake-formation/latest/dg/lf-permissions-reference.html, less ALL.
 */
export const legalPermissions: Readonly<Record<DeclarableKind, readonly Permission[]>> = {
  catalog: ['CREATE_DATABASE'],
  database: ['ALTER', 'CREATE_TABLE', 'DESCRIBE', 'DROP'],
  table: ['ALTER', 'DELETE', 'DESCRIBE', 'DROP', 'INSERT', 'SELECT'],
  'all-tables': ['ALTER', 'DELETE', 'DESCRIBE', 'DROP', 'INSERT', 'SELECT'],
  columns: ['SELECT'],
  'data-cells-filter': ['DESCRIBE', 'DROP', 'SELECT'],
  'data-location': ['DATA_LOCATION_ACCESS'],
};

/**
 * The table permissions that Lake Formation does not let a principal hold beside a column list.
 * Source: https://docs.aws.amazon.com/lake-formation/latest/dg/data-filtering-notes.html.
 */
export const modifying: readonly Permission[] = ['ALTER', 'DELETE', 'DROP', 'INSERT'];

/** The presets that exist in every mesh. */
export const builtInPresets: Readonly<Record<string, readonly Permission[]>> = {
  discover: ['DESCRIBE'],
  read: ['SELECT', 'DESCRIBE'],
  write: ['SELECT', 'DESCRIBE', 'INSERT', 'DELETE', 'ALTER'],
};
