/** Where a catalog is. */
export interface CatalogPlace {
  readonly account: string;
  readonly region: string;
}

/** A word as a POSIX shell takes it, whatever it holds. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** A command of the AWS command line in the lake's region; words are quoted as they need. */
export function aws({ region }: Pick<CatalogPlace, 'region'>, ...words: readonly string[]): string {
  return ['aws', ...words, '--region', region].map(quoted).join(' ');
}

/** A Lake Formation command that names the catalog. */
export function lakeformation(lake: CatalogPlace, ...words: readonly string[]): string {
  return aws(lake, 'lakeformation', ...words, '--catalog-id', lake.account);
}

/**
 * Changes the data lake settings: PutDataLakeSettings replaces them whole, so they are read, changed and put back.
 * No pipe: where the reading fails, an empty file must not be put.
 * Source: https://docs.aws.amazon.com/lake-formation/latest/APIReference/API_PutDataLakeSettings.html.
 */
export function changeSettings(lake: CatalogPlace, jq: string): string {
  const read = lakeformation(lake, 'get-data-lake-settings', '--query', 'DataLakeSettings', '--output', 'json');
  const put = lakeformation(lake, 'put-data-lake-settings', '--data-lake-settings', 'file://settings.json');
  return `${read} > before.json && jq ${jq} before.json > settings.json && ${put}`;
}

/** The partition of AWS that a region belongs to, the first word of its ARNs: https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html. */
export function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}
