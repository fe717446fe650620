import { type Call, reading } from '../call.ts';
import { invalidInput } from '../failure.ts';
import { homeLake } from '../grants/entry.ts';
import type { DefaultPermissions, Lake, Settings } from '../lake.ts';
import { iamAllowedPrincipals, parsePrincipal } from '../principal.ts';
import type { Output } from '../wire/operation.ts';
import type { Decoded } from '../wire/shape.ts';
import type { getSettingsShape, putSettingsShape, settingsShape } from './shapes.ts';

type SettingsRequest = Decoded<typeof settingsShape>;

/** GetDataLakeSettings. */
export function getDataLakeSettings(call: Call, request: Decoded<typeof getSettingsShape>): Output {
  homeLake(call, request.CatalogId);
  return { DataLakeSettings: renderSettings(reading(call).settings) };
}

/**
 * PutDataLakeSettings: replaces everything, and what is left out becomes empty.
 * https://docs.aws.amazon.com/lake-formation/latest/APIReference/API_PutDataLakeSettings.html
 */
export function putDataLakeSettings(call: Call, request: Decoded<typeof putSettingsShape>): Output {
  const lake = homeLake(call, request.CatalogId);
  const settings = readSettings(request.DataLakeSettings, lake);
  checkAdmins(call, settings);
  lake.putSettings(settings, call.at);
  call.changes.push({
    verb: 'update',
    what: { kind: 'settings', catalogId: lake.account, name: 'settings', value: renderSettings(settings) },
  });
  return {};
}

/** Settings in the form of the API. */
export function renderSettings(settings: Settings): Output {
  return {
    DataLakeAdmins: settings.admins.map(principalOf),
    ReadOnlyAdmins: settings.readOnlyAdmins.map(principalOf),
    CreateDatabaseDefaultPermissions: settings.createDatabaseDefaults.map(renderDefaults),
    CreateTableDefaultPermissions: settings.createTableDefaults.map(renderDefaults),
    Parameters: settings.parameters,
    TrustedResourceOwners: settings.trustedResourceOwners,
    AllowExternalDataFiltering: settings.allowExternalDataFiltering,
    AllowFullTableExternalDataAccess: settings.allowFullTableExternalDataAccess,
    ExternalDataFilteringAllowList: settings.externalDataFilteringAllowList.map(principalOf),
    AuthorizedSessionTagValueList: settings.authorizedSessionTagValueList,
  };
}

/** Default permissions in the form of the API. */
export function renderDefaults({ principal, permissions }: DefaultPermissions): Output {
  return { Principal: principalOf(principal), Permissions: permissions };
}

/** Default permissions as a request spells them. */
export function readDefaults(
  list:
    | readonly {
        readonly Principal?: { readonly DataLakePrincipalIdentifier?: string };
        readonly Permissions?: readonly string[];
      }[]
    | undefined,
): readonly DefaultPermissions[] {
  return (list ?? []).map(({ Principal, Permissions }) => ({
    principal: Principal?.DataLakePrincipalIdentifier ?? '',
    permissions: Permissions ?? [],
  }));
}

function readSettings(request: SettingsRequest, lake: Lake): Settings {
  return {
    admins: texts(request.DataLakeAdmins),
    readOnlyAdmins: texts(request.ReadOnlyAdmins),
    createDatabaseDefaults: legalDefaults(readDefaults(request.CreateDatabaseDefaultPermissions)),
    createTableDefaults: legalDefaults(readDefaults(request.CreateTableDefaultPermissions)),
    parameters: readParameters(request.Parameters, lake),
    trustedResourceOwners: request.TrustedResourceOwners ?? [],
    allowExternalDataFiltering: request.AllowExternalDataFiltering ?? false,
    allowFullTableExternalDataAccess: request.AllowFullTableExternalDataAccess ?? false,
    externalDataFilteringAllowList: texts(request.ExternalDataFilteringAllowList),
    authorizedSessionTagValueList: request.AuthorizedSessionTagValueList ?? [],
  };
}

/**
 * The parameters, with a version. What becomes of the version when it is left out is not documented; version 1 is
 * the least kind answer. Version 5 cannot be lowered: https://docs.aws.amazon.com/lake-formation/latest/dg/optimize-ram.html
 */
function readParameters(
  parameters: Readonly<Record<string, string>> = {},
  lake: Lake,
): Readonly<Record<string, string>> {
  const before = lake.settings.parameters.CROSS_ACCOUNT_VERSION;
  const version = parameters.CROSS_ACCOUNT_VERSION ?? (before === '5' ? '5' : '1');
  if (!/^[1-5]$/.test(version)) throw invalidInput('CROSS_ACCOUNT_VERSION must be one of 1, 2, 3, 4 and 5.');
  if (before === '5' && version !== '5') throw invalidInput('Cross account version 5 cannot be lowered.');
  const identity = parameters.SET_SOURCE_IDENTITY ?? 'TRUE';
  if (identity !== 'TRUE' && identity !== 'FALSE') throw invalidInput('SET_SOURCE_IDENTITY must be TRUE or FALSE.');
  return { ...parameters, CROSS_ACCOUNT_VERSION: version, SET_SOURCE_IDENTITY: identity };
}

/** The only legal lists: https://docs.aws.amazon.com/lake-formation/latest/APIReference/API_DataLakeSettings.html */
function legalDefaults(defaults: readonly DefaultPermissions[]): readonly DefaultPermissions[] {
  const isLegal = defaults.every(
    ({ principal, permissions }) => principal === iamAllowedPrincipals && permissions.join() === 'ALL',
  );
  if (!isLegal || defaults.length > 1)
    throw invalidInput('Default permissions must be empty or ALL to IAM_ALLOWED_PRINCIPALS.');
  return defaults;
}

/** One deleted administrator blocks every later Put: https://github.com/aws/aws-cdk/issues/19492 */
function checkAdmins(call: Call, settings: Settings): void {
  const named = [...settings.admins, ...settings.readOnlyAdmins];
  for (const text of named) {
    const principal = parsePrincipal(text);
    const isKnown = principal?.kind === 'iam' && call.world.accounts.get(principal.account)?.principals.has(text);
    if (!isKnown) throw invalidInput(`Invalid principal, arn: ${text}`);
  }
  const both = settings.admins.find((text) => settings.readOnlyAdmins.includes(text));
  // Not documented: whether one principal may be both.
  if (both !== undefined) throw invalidInput(`Invalid principal, arn: ${both}`);
}

function texts(list: readonly { readonly DataLakePrincipalIdentifier?: string }[] = []): readonly string[] {
  return list.map(({ DataLakePrincipalIdentifier }) => DataLakePrincipalIdentifier ?? '');
}

function principalOf(text: string): Output {
  return { DataLakePrincipalIdentifier: text };
}
