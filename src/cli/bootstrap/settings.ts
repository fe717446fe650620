import { mergeSettings, settingsDiffering, type Wish } from '../../bootstrap/settings.ts';
import type { Foundation, SettingsDocument } from '../../core/foundation.ts';
import { LakeFailure } from '../../core/lake.ts';
import { toPrincipal } from '../../core/principal.ts';
import { SetupProblem } from '../options.ts';
import type { Act } from './undertaking.ts';

/** How often somebody else may come between before it is given up. */
const rounds = 3;

/** The step that makes a wish about the data lake settings come true; none where it is true. */
export function settingsAct(
  foundation: Foundation,
  { settings, wish, title }: { readonly settings: SettingsDocument; readonly wish: Wish; readonly title: string },
): readonly Act[] {
  const { changes } = mergeSettings(settings, wish);
  return changes.length === 0 ? [] : [{ title, changes, act: () => merge(foundation, wish) }];
}

/** The steps that do the same in the further regions of a site, whose lakes have settings of their own. */
export async function settingsElsewhere(
  foundation: Foundation,
  { regions, wish }: { readonly regions: readonly string[]; readonly wish: Wish },
): Promise<readonly Act[]> {
  const acts = regions.map(async (region) => {
    const there = foundation.elsewhere(region);
    return settingsAct(there, {
      settings: await there.settings(),
      wish,
      title: `data lake settings in ${region}${(wish.gone ?? []).length > 0 ? ', before roles go' : ''}`,
    });
  });
  return (await Promise.all(acts)).flat();
}

/**
 * Reads, merges, puts, and reads again: PutDataLakeSettings replaces the settings as a whole and knows no version, so
 * whoever writes at the same time may undo it, or be undone. What can be seen of that is begun anew, or told.
 */
async function merge(foundation: Foundation, wish: Wish): Promise<void> {
  for (let round = 1; ; round += 1) {
    const { settings, changes } = mergeSettings(await foundation.settings(), wish);
    if (changes.length === 0) return;
    const { DataLakeAdmins = [] } = settings;
    if (DataLakeAdmins.length === 0)
      throw new SetupProblem(
        'LAST_ADMINISTRATOR',
        'this would leave the data lake without any administrator',
        'make somebody else one first',
      );
    await put(foundation, settings);
    const after = await foundation.settings();
    const others = settingsDiffering(settings, after);
    if (others.length === 0) return;
    if (round === rounds)
      throw new SetupProblem(
        'SETTINGS_CONTESTED',
        `the data lake settings were put ${rounds} times, and read back with another ${others.join(', ')} each time`,
        'find out who else writes them, such as an infrastructure tool, and run this again',
      );
  }
}

/** Puts settings; where an administrator is nobody any more, AWS refuses them all, and says it so that nobody understands. */
async function put(foundation: Foundation, settings: SettingsDocument): Promise<void> {
  try {
    await foundation.putSettings(settings);
  } catch (thrown) {
    if (!(thrown instanceof LakeFailure) || !/^Invalid principal/i.test(thrown.message)) throw thrown;
    const dead = await deadAmong(foundation, settings);
    if (dead.length === 0) throw thrown;
    throw new SetupProblem(
      'DEAD_ADMINISTRATOR',
      `Lake Formation takes no settings while administrators are roles that were deleted: ${dead.join(', ')}`,
      'take them from the administrators, all at once, in the console or with put-data-lake-settings',
    );
  }
}

/** Roles of the account that are administrators and are not there. */
async function deadAmong(foundation: Foundation, settings: SettingsDocument): Promise<readonly string[]> {
  const { DataLakeAdmins = [], ReadOnlyAdmins = [] } = settings;
  const roles = [...DataLakeAdmins, ...ReadOnlyAdmins].flatMap(({ DataLakePrincipalIdentifier: id = '' }) =>
    toPrincipal(id).kind === 'iam-role' ? [id] : [],
  );
  const found = await Promise.all(roles.map((id) => foundation.role(id.split('/').at(-1) ?? '')));
  return roles.filter((_, index) => found[index] === undefined);
}
