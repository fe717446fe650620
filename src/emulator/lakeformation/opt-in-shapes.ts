import { structure } from '../wire/shape.ts';
import { grantShape, listPermissionsShape } from './shapes.ts';

const { Principal, Resource } = grantShape.required;
const { Condition } = grantShape.optional;
const { MaxResults, NextToken } = listPermissionsShape.optional;

/** CreateLakeFormationOptIn and DeleteLakeFormationOptIn. */
export const optInShape = structure({ Principal, Resource }, { Condition });

/** ListLakeFormationOptIns. */
export const listOptInsShape = structure({}, { Principal, Resource, MaxResults, NextToken });
