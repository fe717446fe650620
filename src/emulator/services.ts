import { glueOperations } from './glue/operations.ts';
import { iamOperations } from './iam/operations.ts';
import { lakeFormationOperations } from './lakeformation/operations.ts';
import { ramOperations } from './ram/operations.ts';
import { stsOperations } from './sts/operations.ts';
import type { Service } from './wire/message.ts';
import type { Operations } from './wire/operation.ts';

/** The operations of a service by name. */
export function operationsOf(service: Service): Operations {
  switch (service) {
    case 'lakeformation':
      return lakeFormationOperations;
    case 'glue':
      return glueOperations;
    case 'ram':
      return ramOperations;
    case 'sts':
      return stsOperations;
    case 'iam':
      return iamOperations;
    default:
      return service satisfies never;
  }
}
