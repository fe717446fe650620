import { ServiceFailure } from '../failure.ts';
import { ramOperations } from '../ram/operations.ts';
import type { Service, WireRequest } from './message.ts';

/** Where a request is meant for: the service and the name of the operation. */
export interface Route {
  readonly service: Service;
  readonly operation: string;
}

const ramPaths = new Map([...ramOperations.keys()].map((name) => [`/${name.toLowerCase()}`, name]));
const gluePrefix = 'AWSGlue.';
const stsVersion = '2011-06-15';

/**
 * The service and operation of a request. Lake Formation names its operation in the path, RAM in the path in small
 * letters, Glue in a header, STS in the form it posts: the protocols rest-json, JSON 1.1 and query of the service models.
 */
export function routeOf(request: WireRequest): Route {
  const target = request.headers['x-amz-target'];
  if (target !== undefined) {
    return { service: 'glue', operation: target.startsWith(gluePrefix) ? target.slice(gluePrefix.length) : target };
  }
  const ram = ramPaths.get(request.path);
  if (ram !== undefined || /^\/[a-z]/.test(request.path))
    return { service: 'ram', operation: ram ?? request.path.slice(1) };
  if (request.path !== '/') return { service: 'lakeformation', operation: request.path.slice(1) };
  return { service: 'sts', operation: new URLSearchParams(request.body.toString('utf8')).get('Action') ?? '' };
}

/** The members of a request, still unchecked; throws for a body that the protocol cannot read. */
export function readInput(request: WireRequest, service: Service): unknown {
  if (service === 'sts') return formMembers(request.body.toString('utf8'));
  if (service === 'ram' && request.method === 'DELETE') return Object.fromEntries(new URLSearchParams(request.query));
  const text = request.body.toString('utf8');
  if (text.trim() === '') return {};
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new ServiceFailure('SerializationException', 'The request body is not valid JSON');
  }
}

/** The refusal of an operation that the service does not have. */
export function unknownOperation(request: WireRequest, { service, operation }: Route): ServiceFailure {
  if (service === 'sts') {
    if (operation === '') return new ServiceFailure('MissingAction', 'The request is missing an Action parameter.');
    const version = new URLSearchParams(request.body.toString('utf8')).get('Version') ?? '';
    return new ServiceFailure(
      'InvalidAction',
      `Could not find operation ${operation} for version ${version === '' ? 'NO_VERSION_SPECIFIED' : version}`,
    );
  }
  return new ServiceFailure(
    'UnknownOperationException',
    `The emulator has no operation ${operation} of ${service}`,
    service === 'glue' ? 400 : 404,
  );
}

/** Says whether a request uses the one method and version that its service knows. */
export function isWellAddressed(request: WireRequest, { service, operation }: Route): boolean {
  if (request.method !== (service === 'ram' && operation.startsWith('Delete') ? 'DELETE' : 'POST')) return false;
  return service !== 'sts' || new URLSearchParams(request.body.toString('utf8')).get('Version') === stsVersion;
}

function formMembers(body: string): Readonly<Record<string, string>> {
  return Object.fromEntries([...new URLSearchParams(body)].filter(([name]) => name !== 'Action' && name !== 'Version'));
}
