import { aws, changeSettings } from '../../core/aws-command.ts';
import type { Check } from '../../core/diagnosis.ts';
import { toPrincipal } from '../../core/principal.ts';
import { finding, ok, unchecked, unread } from '../check.ts';
import type { AccountReading, LakeReading } from '../reading.ts';
import { listed } from '../words.ts';

/**
 * What is said of the versions of the accounts beside each other. Grants on named resources go between any two; on LF-Tags
 * they fail from below 3 to an account at 3 or above: https://docs.aws.amazon.com/lake-formation/latest/dg/optimize-ram.html.
 */
export function checkVersions(lake: LakeReading): readonly Check[] {
  const code = 'ACCOUNT_VERSIONS';
  const { settings, accounts } = lake;
  if (accounts.length === 0) return [ok(code, "no subscription reaches into a consumer's own catalog")];
  if (!settings.isRead) return [unread(code, 'whether the cross-account versions go together', settings.failure)];
  const own = versionOf(settings.value.crossAccountVersion);
  return accounts.map((account): Check => {
    const who = `${account.name} (${account.id})`;
    const what = `the cross-account version of ${who}`;
    const theirs = account.entry?.settings;
    if (theirs === undefined)
      return finding(code, `${what} was not read`, {
        severity: 'note',
        means: 'no run enters it; grants on LF-Tags fail where it is at 3 or above and the central account is below',
      });
    if (!theirs.isRead) return unread(code, what, theirs.failure);
    const said = versionOf(theirs.value.crossAccountVersion);
    if (own === undefined || said === undefined) {
      const whose = own === undefined ? 'the central account' : who;
      return unchecked(code, `whether the central account and ${who} go together`, {
        why: `the settings of ${whose} name no version that is known here`,
      });
    }
    if (own >= 3 || said < 3) return ok(code, `version ${own} here and ${said} in ${who} go together`);
    const isTagged = holdsTags(lake, account);
    return finding(code, `the central account is at version ${own}, and ${who} at ${said}`, {
      severity: isTagged ? 'error' : 'warning',
      means: `Lake Formation refuses grants on LF-Tags to it${isTagged ? ', of which it holds some already' : ''}; on named resources they go on`,
      commands: [changeSettings(lake, `'.Parameters.CROSS_ACCOUNT_VERSION = "4"'`)],
    });
  });
}

function versionOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,3}$/.test(text) ? Number(text) : undefined;
}

function holdsTags({ observed }: LakeReading, { id }: AccountReading): boolean {
  return [...observed.facts.values()].some(
    ({ fact }) =>
      fact.kind === 'grant' && fact.resource.kind.startsWith('lf-tag') && toPrincipal(fact.principal).account === id,
  );
}

/** What is said of the key that encrypts the catalog: https://docs.aws.amazon.com/lake-formation/latest/dg/cross-account-prereqs.html. */
export function checkKey(lake: LakeReading): Check {
  const code = 'CATALOG_KEY';
  const { encryption, principals, account } = lake;
  if (!encryption.isRead) return unread(code, "the encryption of the catalog's metadata", encryption.failure);
  const { isEncrypted, key } = encryption.value;
  if (!isEncrypted) return ok(code, "the catalog's metadata is encrypted with no key of KMS");
  const others = [...principals].filter((id) => toPrincipal(id).account !== account);
  if (key === undefined || /(^|:)alias\/aws\//.test(key))
    return finding(code, `the catalog is encrypted with ${key ?? 'a key'}, which AWS manages`, {
      severity: others.length > 0 ? 'error' : 'note',
      means:
        others.length > 0
          ? `Lake Formation cannot share such a catalog, and the mesh gives to ${listed(others)}`
          : 'Lake Formation cannot share such a catalog with another account',
      remedy: 'make a key of your own, let the accounts that read decrypt with it, and put its ARN for KEY',
      commands: [
        aws(
          lake,
          'glue',
          'put-data-catalog-encryption-settings',
          '--data-catalog-encryption-settings',
          JSON.stringify({ EncryptionAtRest: { CatalogEncryptionMode: 'SSE-KMS', SseAwsKmsKeyId: 'KEY' } }),
        ),
      ],
    });
  if (/(^|:)alias\//.test(key)) return ok(code, `the catalog is encrypted with ${key}, which AWS does not manage`);
  return unchecked(code, `whether the key ${key}, which encrypts the catalog, is one that AWS manages`, {
    why: 'Glue names the key and not who manages it; a catalog under a key of AWS cannot be shared',
    commands: [
      aws(lake, 'kms', 'describe-key', '--key-id', key, '--query', 'KeyMetadata.KeyManager', '--output', 'text'),
    ],
  });
}
