import { type Call, reading } from '../call.ts';
import { accessDenied, entityNotFound, invalidInput } from '../failure.ts';
import { callerTexts, heldOn, isAdmin, seesEverything } from '../grants/authority.ts';
import { homeLake } from '../grants/entry.ts';
import { ownerView, receiverTexts } from '../grants/received.ts';
import { fold } from '../grants/resource-request.ts';
import { pageOf } from '../paging.ts';
import { holds } from '../permission.ts';
import { sourceOf } from '../store/source.ts';
import type { Output } from '../wire/operation.ts';
import type { Decoded } from '../wire/shape.ts';
import type { createTagShape, listTagsShape, tagShape, updateTagShape } from './shapes.ts';
import { isTagValueUsed } from './tag-assignments.ts';

/** CreateLFTag; a second one of the same key is refused with this text, not with AlreadyExistsException. */
export function createLFTag(call: Call, request: Decoded<typeof createTagShape>): Output {
  homeLake(call, request.CatalogId);
  const rows = callerTexts(call).flatMap((text) =>
    heldOn(call.lake, text, { kind: 'catalog', catalog: call.caller.account }),
  );
  if (!isAdmin(call) && !rows.some((row) => holds(row.permissions, 'CREATE_LF_TAG'))) throw accessDenied();
  const key = fold(request.TagKey);
  if (call.lake.tags.get(key)) throw invalidInput('Tag key already exists');
  put(call, { verb: 'create', key, values: foldAll(request.TagValues) });
  return {};
}

/** GetLFTag. */
export function getLFTag(call: Call, request: Decoded<typeof tagShape>): Output {
  homeLake(call, request.CatalogId);
  const key = fold(request.TagKey);
  const values = visibleValues(call, key);
  if (!values) throw entityNotFound('Tag key does not exist');
  return { CatalogId: call.caller.account, TagKey: key, TagValues: values };
}

/** ListLFTags: the own tags, those that other accounts share, or both. */
export function listLFTags(call: Call, request: Decoded<typeof listTagsShape>): Output {
  homeLake(call, request.CatalogId);
  const { ResourceShareType: type } = request;
  const keys = type === 'FOREIGN' ? [] : reading(call).tags.keys();
  const own = keys.flatMap((TagKey): readonly Output[] => {
    const TagValues = visibleValues(call, TagKey);
    return TagValues ? [{ CatalogId: call.caller.account, TagKey, TagValues }] : [];
  });
  const shared = type === undefined || !call.switches.foreignTagsListed ? [] : sharedTags(call);
  const { items, token } = pageOf(call, [sourceOf([...own, ...shared])], {
    request: { ...request, question: type ?? '' },
    keep: (tag) => tag,
  });
  // The model knows no empty list of tags: where there are none, the member is absent.
  return { ...(items.length === 0 ? {} : { LFTags: items }), ...token };
}

/** UpdateLFTag; a value in use cannot go. */
export function updateLFTag(call: Call, request: Decoded<typeof updateTagShape>): Output {
  const { key, values } = ownTag(call, request);
  const gone = foldAll(request.TagValuesToDelete ?? []);
  const added = foldAll(request.TagValuesToAdd ?? []);
  if (gone.length + added.length === 0)
    throw invalidInput('TagValuesToAdd and TagValuesToDelete cannot both be empty.');
  if (gone.some((value) => !values.includes(value)))
    throw invalidInput('Update not allowed. Tag value does not exist.');
  if (gone.some((value) => isTagValueUsed(call, key, value)))
    throw invalidInput('Update not allowed. Tag value is in use.');
  put(call, {
    verb: 'update',
    key,
    values: [...new Set([...values.filter((value) => !gone.includes(value)), ...added])],
  });
  return {};
}

/** DeleteLFTag; the tag goes from every object that carries it, and policies that name it hold nothing any more. */
export function deleteLFTag(call: Call, request: Decoded<typeof tagShape>): Output {
  const { key } = ownTag(call, request);
  call.lake.tags.delete(key, call.at);
  for (const place of call.lake.tagAssignments.keys()) {
    const { [key]: carried, ...rest } = call.lake.tagAssignments.get(place) ?? {};
    if (carried !== undefined) call.lake.tagAssignments.set(place, rest, call.at);
  }
  call.changes.push({ verb: 'delete', what: { kind: 'lf-tag', catalogId: call.caller.account, name: key } });
  return {};
}

function ownTag(
  call: Call,
  request: { readonly CatalogId?: string; readonly TagKey: string },
): { readonly key: string; readonly values: readonly string[] } {
  homeLake(call, request.CatalogId);
  const key = fold(request.TagKey);
  const rows = callerTexts(call).flatMap((text) =>
    heldOn(call.lake, text, { kind: 'lf-tag', catalog: call.caller.account, key, values: [] }),
  );
  if (!isAdmin(call) && !rows.some((row) => holds(row.permissions, 'ALTER') || holds(row.permissions, 'DROP')))
    throw accessDenied();
  const values = call.lake.tags.get(key);
  if (!values) throw entityNotFound('Tag key does not exist');
  return { key, values };
}

/** The values of a tag that the caller may know of, or undefined where it may know of none. */
function visibleValues(call: Call, key: string): readonly string[] | undefined {
  const view = reading(call);
  const values = view.tags.get(key);
  if (!values || seesEverything(call, view)) return values;
  const seen = values.filter((value) => {
    const resource = { kind: 'lf-tag', catalog: call.caller.account, key, values: [value] } as const;
    return callerTexts(call).some((text) => heldOn(view, text, resource).length > 0);
  });
  return seen.length === 0 ? undefined : seen;
}

/** The tags that have come from other accounts: to the account for its administrators, to the caller for itself. */
function sharedTags(call: Call): readonly Output[] {
  const texts = receiverTexts(call).filter((text) => seesEverything(call) || callerTexts(call).includes(text));
  const others = [...call.world.accounts.keys()].filter((account) => account !== call.caller.account).sort();
  return others.flatMap((CatalogId) => {
    const owner = ownerView(call, CatalogId);
    const shared = new Map<string, Set<string>>();
    for (const { resource } of owner ? texts.flatMap((text) => [...owner.grants.of(text)]) : []) {
      if (resource.kind !== 'lf-tag' || !owner) continue;
      const { key, values } = resource;
      const named = values.includes('*') ? (owner.tags.get(key) ?? []) : values;
      shared.set(key, new Set([...(shared.get(key) ?? []), ...named]));
    }
    return [...shared].map(([TagKey, values]) => ({ CatalogId, TagKey, TagValues: [...values] }));
  });
}

function put(
  call: Call,
  {
    verb,
    key,
    values,
  }: { readonly verb: 'create' | 'update'; readonly key: string; readonly values: readonly string[] },
): void {
  call.lake.tags.set(key, values, call.at);
  call.changes.push({ verb, what: { kind: 'lf-tag', catalogId: call.caller.account, name: key, value: values } });
}

function foldAll(values: readonly string[]): readonly string[] {
  return [...new Set(values.map(fold))];
}
