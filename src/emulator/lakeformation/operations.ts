import { listPermissions } from '../grants/list.ts';
import { type Operation, type Operations, reads, writes } from '../wire/operation.ts';
import {
  createDataCellsFilter,
  deleteDataCellsFilter,
  getDataCellsFilter,
  listDataCellsFilter,
  updateDataCellsFilter,
} from './filters.ts';
import {
  deregisterResource,
  describeResource,
  getEffectivePermissionsForPath,
  listResources,
  registerResource,
  updateResource,
} from './locations.ts';
import { listOptInsShape, optInShape } from './opt-in-shapes.ts';
import { createLakeFormationOptIn, deleteLakeFormationOptIn, listLakeFormationOptIns } from './opt-ins.ts';
import { batchGrantPermissions, batchRevokePermissions, grantPermissions, revokePermissions } from './permissions.ts';
import { getDataLakeSettings, putDataLakeSettings } from './settings.ts';
import * as shapes from './shapes.ts';
import { addLFTagsToResource, getResourceLFTags, removeLFTagsFromResource } from './tag-assignments.ts';
import { createLFTag, deleteLFTag, getLFTag, listLFTags, updateLFTag } from './tags.ts';

/** The Lake Formation operations that the emulator knows. */
export const lakeFormationOperations: Operations = new Map<string, Operation>([
  ['GrantPermissions', writes(shapes.grantShape, grantPermissions)],
  ['RevokePermissions', writes(shapes.grantShape, revokePermissions)],
  ['BatchGrantPermissions', writes(shapes.batchShape, batchGrantPermissions)],
  ['BatchRevokePermissions', writes(shapes.batchShape, batchRevokePermissions)],
  ['ListPermissions', reads(shapes.listPermissionsShape, listPermissions)],
  ['GetEffectivePermissionsForPath', reads(shapes.pathPermissionsShape, getEffectivePermissionsForPath)],
  ['GetDataLakeSettings', reads(shapes.getSettingsShape, getDataLakeSettings)],
  ['PutDataLakeSettings', writes(shapes.putSettingsShape, putDataLakeSettings)],
  ['RegisterResource', writes(shapes.registerShape, registerResource)],
  ['UpdateResource', writes(shapes.updateResourceShape, updateResource)],
  ['DeregisterResource', writes(shapes.locationShape, deregisterResource)],
  ['DescribeResource', reads(shapes.locationShape, describeResource)],
  ['ListResources', reads(shapes.listResourcesShape, listResources)],
  ['CreateDataCellsFilter', writes(shapes.putFilterShape, createDataCellsFilter)],
  ['UpdateDataCellsFilter', writes(shapes.putFilterShape, updateDataCellsFilter)],
  ['GetDataCellsFilter', reads(shapes.getFilterShape, getDataCellsFilter)],
  ['DeleteDataCellsFilter', writes(shapes.deleteFilterShape, deleteDataCellsFilter)],
  ['ListDataCellsFilter', reads(shapes.listFiltersShape, listDataCellsFilter)],
  ['CreateLakeFormationOptIn', writes(optInShape, createLakeFormationOptIn)],
  ['DeleteLakeFormationOptIn', writes(optInShape, deleteLakeFormationOptIn)],
  ['ListLakeFormationOptIns', reads(listOptInsShape, listLakeFormationOptIns)],
  ['CreateLFTag', writes(shapes.createTagShape, createLFTag)],
  ['GetLFTag', reads(shapes.tagShape, getLFTag)],
  ['ListLFTags', reads(shapes.listTagsShape, listLFTags)],
  ['UpdateLFTag', writes(shapes.updateTagShape, updateLFTag)],
  ['DeleteLFTag', writes(shapes.tagShape, deleteLFTag)],
  ['AddLFTagsToResource', writes(shapes.assignTagsShape, addLFTagsToResource)],
  ['RemoveLFTagsFromResource', writes(shapes.assignTagsShape, removeLFTagsFromResource)],
  ['GetResourceLFTags', reads(shapes.resourceTagsShape, getResourceLFTags)],
]);
