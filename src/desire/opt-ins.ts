import { isExternal } from '../core/access.ts';
import { type Grant, keyOf, type OptIn } from '../core/fact.ts';
import { optInResource } from '../core/iam-access.ts';
import { toPrincipal } from '../core/principal.ts';
import type { Resource } from '../core/resource.ts';
import type { Access } from '../declare/files.ts';
import type { Asked, Resolved, Setting } from './access.ts';

/**
 * Adds the opt-ins that go with permissions on a product with hybrid access: without one IAM alone decides for their
 * holder. Whoever is given to another account opts that account in, and there each principal that it passes them on
 * to. Source: https://docs.aws.amazon.com/lake-formation/latest/dg/hybrid-access-mode-cross-account.html.
 */
export function withOptIns({ view }: Setting, access: Access, resolved: Resolved): Resolved {
  if (view.product.iamAllowedPrincipals !== 'hybrid') return resolved;
  const optIns = new Map<string, Asked>();
  const grants = resolved.asked.flatMap(({ fact }) => (fact.kind === 'grant' ? [fact] : []));
  // DESCRIBE on the database comes along with tables, and is no reason to opt in to the database by itself.
  for (const grant of grants)
    for (const resource of access.database !== true && grant.resource.kind === 'database' ? [] : resourcesOf(grant)) {
      const { lake, principal } = grant;
      const fact: OptIn = { kind: 'opt-in', lake, principal, resource };
      optIns.set(keyOf(fact), { fact, classes: [] });
    }
  return { ...resolved, asked: [...resolved.asked, ...optIns.values()] };
}

/**
 * What a grant opts its holder in to. Across accounts an opt-in to all tables takes one to the database, too:
 * https://docs.aws.amazon.com/lake-formation/latest/dg/notes-hybrid.html.
 */
function resourcesOf({ lake, principal, resource }: Grant): readonly Resource[] {
  const own = optInResource(resource);
  if (own === undefined) return [];
  const { catalog } = own;
  const isAcross =
    !lake.startsWith(`${catalog}/`) || isExternal({ principal: toPrincipal(principal), catalogAccount: catalog });
  return own.kind === 'all-tables' && isAcross ? [own, { ...own, kind: 'database' }] : [own];
}
