import { isForeignIamPrincipal, type Principal, passesOn } from '../core/principal.ts';
import type { Access } from '../declare/files.ts';
import { type Asked, type Resolved, resolveAccess, type Setting } from './access.ts';

/**
 * Turns an access entry into facts for its principals. Many subscriptions ask the same of a product, so it is
 * worked out once for all principals that get the same grant options, and given to each.
 */
export function resolveAlike(setting: Setting, access: Access, principals: readonly Principal[]): Resolved {
  const text = JSON.stringify(access);
  const each = principals.map((principal) => {
    const key = `${passesOn(principal)} ${isForeignIamPrincipal(principal, setting.catalog)} ${text}`;
    const resolved = setting.known.get(key) ?? resolveAccess(setting, access, [principal]);
    setting.known.set(key, resolved);
    return resolved;
  });
  const first = each[0] ?? resolveAccess(setting, access, []);
  const filters = first.asked.filter(({ fact }) => fact.kind !== 'grant');
  const grants = each.flatMap(({ asked }, index) => asked.flatMap((one) => givenTo(one, principals[index])));
  return { ...first, asked: [...filters, ...grants] };
}

function givenTo({ fact, classes }: Asked, to: Principal | undefined): Asked | readonly [] {
  return fact.kind === 'grant' && to !== undefined ? { fact: { ...fact, principal: to.id }, classes } : [];
}
