import type { Site } from '../../bootstrap/site.ts';
import { ownRoles, tag } from '../../bootstrap/template.ts';
import { providerArn } from '../../bootstrap/trust.ts';
import type { Foundation } from '../../core/foundation.ts';
import { issuer } from '../../core/github-trust.ts';
import { deleteStack, ownStack, rolesMade } from './deploy.ts';
import { settingsAct, settingsElsewhere } from './settings.ts';
import type { Act, Undertaking } from './undertaking.ts';

/** What takes back what was made in an account, and nothing else: roles from the settings first, the provider last. */
export async function removal(site: Site, foundation: Foundation): Promise<Undertaking> {
  const stack = await ownStack(site, foundation);
  const settings = await foundation.settings();
  const gone = stack === undefined ? await deadRoles(site, foundation) : rolesMade(site, stack);
  const provider = await providerAct(site, foundation);
  return {
    title: `What Meshgate made in account ${site.account} (${site.called}), region ${site.region}:`,
    acts: [
      ...settingsAct(foundation, { settings, wish: { gone }, title: 'data lake settings, before roles go' }),
      ...(await settingsElsewhere(foundation, { regions: site.regions, wish: { gone } })),
      ...(stack === undefined
        ? []
        : [
            {
              title: `stack ${stack.id.split('/')[1] ?? stack.id}`,
              changes: Object.entries(stack.resources).flatMap(([name, { type, id }]) =>
                type === 'AWS::IAM::OIDCProvider' ? [] : [`delete ${name} (${type}, ${id})`],
              ),
              act: (progress: Parameters<Act['act']>[0]) => deleteStack(foundation, stack.id, progress),
            },
          ]),
      ...provider.acts,
    ],
    notes: [...provider.notes, ...stays(site)],
  };
}

/** Roles of ours that are gone though the settings may still name them, where somebody deleted the stack. */
async function deadRoles(site: Site, foundation: Foundation): Promise<readonly string[]> {
  const { observe, apply } = ownRoles(site);
  const found = await Promise.all([site.roles.observe, site.roles.apply].map((name) => foundation.role(name)));
  return [observe, apply].filter((_, index) => found[index] === undefined);
}

/** The provider goes where this made it and nobody else has come to trust it. */
async function providerAct(site: Site, foundation: Foundation): Promise<Pick<Undertaking, 'acts' | 'notes'>> {
  if (!site.duties.includes('central')) return { acts: [], notes: [] };
  const arn = providerArn(site);
  const found = await foundation.provider(arn);
  if (found === undefined) return { acts: [], notes: [] };
  const keeps = (why: string) => ({ acts: [], notes: [`the provider ${issuer} stays: ${why}`] });
  if (found.tags[tag] !== site.mesh) return keeps('this did not make it');
  const own = new Set([site.roles.observe, site.roles.apply]);
  const others = async (): Promise<readonly string[]> =>
    (await foundation.rolesTrusting(arn)).filter((name) => !own.has(name));
  const trusting = await others();
  if (trusting.length > 0) return keeps(`${trusting.join(', ')} trust it, too`);
  const act = async (): Promise<void> => {
    // Asked again: the stack took a while to go.
    if ((await others()).length === 0) await foundation.deleteProvider(arn);
  };
  return { acts: [{ title: `provider ${issuer}`, changes: [`delete ${arn}`], act }], notes: [] };
}

/** What this does not take back, for it did not make it, or AWS does not let it. */
function stays(site: Site): readonly string[] {
  const isCentral = site.duties.includes('central');
  return [
    'grants stay: end them first, with meshgate revoke --everything',
    'the cross-account version and the defaults for new databases and tables stay as they are',
    ...(site.buckets.size > 0 ? [`the policies of ${[...site.buckets.keys()].join(', ')} stay`] : []),
    ...(isCentral && site.members.length > 0
      ? [
          `the roles in the other ${site.members.length} accounts stay, and are of no use any more; remove each with its account's credentials`,
        ]
      : []),
    ...(isCentral ? ["the repository's variables stay"] : []),
  ];
}
