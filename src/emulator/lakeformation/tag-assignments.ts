import { ownTags, type Tags, tagsOf } from '../access/tags.ts';
import { type Call, reading } from '../call.ts';
import { accessDenied, entityNotFound, invalidInput } from '../failure.ts';
import { callerTexts, heldOn, isAdmin, seesEverything } from '../grants/authority.ts';
import { homeLake } from '../grants/entry.ts';
import { findResource } from '../grants/existence.ts';
import { fold, type Meant, readResource } from '../grants/resource-request.ts';
import { columnNames, shelfKey } from '../lake.ts';
import { holds } from '../permission.ts';
import type { Output } from '../wire/operation.ts';
import type { Decoded } from '../wire/shape.ts';
import type { assignTagsShape, resourceTagsShape } from './shapes.ts';

type AssignRequest = Decoded<typeof assignTagsShape>;
type TagRequest = AssignRequest['LFTags'][number];

const mostTags = 50;

/** AddLFTagsToResource: one value for each key of an object, failures tag by tag in an answer that succeeds. */
export function addLFTagsToResource(call: Call, request: AssignRequest): Output {
  return eachTag(call, request, (carried, { key, value }) => {
    const next = { ...carried, [key]: value };
    if (Object.keys(next).length > mostTags) throw invalidInput(`A resource can have at most ${mostTags} tags.`);
    return next;
  });
}

/** RemoveLFTagsFromResource; what is inherited cannot be removed. */
export function removeLFTagsFromResource(call: Call, request: AssignRequest): Output {
  return eachTag(call, request, (carried, { key, value }) => {
    const { [key]: found, ...rest } = carried;
    if (found !== value) throw entityNotFound('Tag is not assigned to the resource');
    return rest;
  });
}

/**
 * GetResourceLFTags: what the object carries itself and what it inherits, or with ShowAssignedLFTags the first alone.
 * https://docs.aws.amazon.com/lake-formation/latest/dg/TBAC-overview.html
 */
export function getResourceLFTags(call: Call, request: Decoded<typeof resourceTagsShape>): Output {
  const meant = taggable(call, request);
  const { resource } = meant;
  const { table } = findResource(call.world, call.region, resource);
  const view = reading(call);
  const showsAssigned = request.ShowAssignedLFTags ?? false;
  const { database } = resource;
  const ofDatabase = tagsOf(view, database);
  // The model knows no empty list of tags: where there are none, the member is absent.
  const shown = (member: string, tags: Tags): Output => {
    const rendered = render(call, tags);
    return rendered.length === 0 ? {} : { [member]: rendered };
  };
  if (resource.kind !== 'table' || !table) return shown('LFTagOnDatabase', ofDatabase);
  const name = resource.table;
  const ofTable = showsAssigned ? ownTags(view, 'table', database, name) : tagsOf(view, database, name);
  const named = meant.columns?.kind === 'include' ? meant.columns.names : columnNames(table);
  const LFTagsOnColumns = named.map((Name) => {
    const tags = showsAssigned ? ownTags(view, 'column', database, name, Name) : tagsOf(view, database, name, Name);
    return { Name, ...shown('LFTags', tags) };
  });
  return {
    ...shown('LFTagOnDatabase', ofDatabase),
    ...shown('LFTagsOnTable', ofTable),
    LFTagsOnColumns: LFTagsOnColumns.filter((column) => 'LFTags' in column),
  };
}

/** Says whether any object carries a tag with this value. */
export function isTagValueUsed(call: Call, key: string, value: string): boolean {
  const { tagAssignments } = call.lake;
  return tagAssignments.keys().some((place) => tagAssignments.get(place)?.[key] === value);
}

type Step = (carried: Tags, tag: { readonly key: string; readonly value: string }) => Tags;

function eachTag(call: Call, request: AssignRequest, step: Step): Output {
  const meant = taggable(call, request);
  findResource(call.world, call.region, meant.resource);
  const failures = request.LFTags.flatMap((tag) => {
    try {
      const read = readTag(call, tag);
      for (const place of placesOf(call, meant)) {
        const next = step(call.lake.tagAssignments.get(place) ?? {}, read);
        call.lake.tagAssignments.set(place, next, call.at);
        call.changes.push({
          verb: 'update',
          what: {
            kind: 'tag-assignment',
            catalogId: call.caller.account,
            name: place.replaceAll('\u0000', '.'),
            value: next,
          },
        });
      }
      return [];
    } catch (error) {
      const { code, message } = error as { readonly code?: string; readonly message?: string };
      if (code === undefined) throw error;
      return [{ LFTag: tag, Error: { ErrorCode: code, ErrorMessage: message } }];
    }
  });
  // An empty list where nothing failed: awscli/examples/lakeformation/add-lf-tags-to-resource.rst of aws/aws-cli.
  return { Failures: failures };
}

function readTag(call: Call, tag: TagRequest): { readonly key: string; readonly value: string } {
  const key = fold(tag.TagKey);
  const [value, ...more] = tag.TagValues.map(fold);
  if (value === undefined || more.length > 0)
    throw invalidInput('Only one value of a tag key can be assigned to a resource.');
  if (!call.lake.tags.get(key)?.includes(value)) throw entityNotFound('Tag key or value does not exist');
  const resource = { kind: 'lf-tag', catalog: call.caller.account, key, values: [value] } as const;
  const rows = callerTexts(call).flatMap((text) => heldOn(call.lake, text, resource));
  if (!isAdmin(call) && !rows.some((row) => holds(row.permissions, 'ASSOCIATE'))) throw accessDenied();
  return { key, value };
}

type Taggable = Meant & { readonly resource: Extract<Meant['resource'], { readonly kind: 'database' | 'table' }> };

function taggable(call: Call, request: Pick<AssignRequest, 'CatalogId' | 'Resource'>): Taggable {
  const lake = homeLake(call, request.CatalogId);
  const meant = readResource(request.Resource, lake.account);
  const { resource } = meant;
  if (resource.kind !== 'database' && resource.kind !== 'table')
    throw invalidInput('LF-Tags can be assigned to databases, tables and columns.');
  if (resource.catalog !== lake.account) throw accessDenied();
  if (!seesEverything(call) && callerTexts(call).every((text) => heldOn(lake, text, resource).length === 0))
    throw accessDenied();
  return { ...meant, resource };
}

function placesOf(call: Call, { resource, columns }: Taggable): readonly string[] {
  if (resource.kind === 'database') return [shelfKey('database', resource.database)];
  if (!columns) return [shelfKey('table', resource.database, resource.table)];
  if (columns.kind !== 'include') throw invalidInput('Columns must be named.');
  const table = call.lake.tables.get(shelfKey(resource.database, resource.table));
  const existing = table ? columnNames(table) : [];
  if (columns.names.some((name) => !existing.includes(name))) throw entityNotFound('Column does not exist');
  return columns.names.map((name) => shelfKey('column', resource.database, resource.table, name));
}

function render(call: Call, tags: Tags): readonly Output[] {
  return Object.entries(tags)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => ({ CatalogId: call.caller.account, TagKey: key, TagValues: [value] }));
}
