import { ServiceFailure } from '../failure.ts';
import { ramOperations } from '../ram/operations.ts';
import { isQuery, type Service, type WireRequest } from './message.ts';

/** Where a request is meant for: the service and the name of the operation. */
export interface Route {
  readonly service: Service;
  readonly operation: string;
}

const ramPaths = new Map([...ramOperations.keys()].map((name) => [`/${name.toLowerCase()}`, name]));
const gluePrefix = 'AWSGlue.';
const versions = { sts: '2011-06-15', iam: '2010-05-08' } as const;

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
  const form = new URLSearchParams(request.body.toString('utf8'));
  // Nothing but its version tells one form from another.
  return { service: form.get('Version') === versions.iam ? 'iam' : 'sts', operation: form.get('Action') ?? '' };
}

/** The members of a request, still unchecked; throws for a body that the protocol cannot read. */
export function readInput(request: WireRequest, service: Service): unknown {
  if (isQuery(service)) return formMembers(request.body.toString('utf8'));
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
  if (isQuery(service)) {
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
  if (!isQuery(service)) return true;
  return new URLSearchParams(request.body.toString('utf8')).get('Version') === versions[service];
}

/** The members of a form: lists are spelled `Names.member.1`, structures `Entry.Name`. */
function formMembers(body: string): unknown {
  const all = new URLSearchParams(body);
  // Clients of IAM send an empty list as an empty text, and it has no member that may be one.
  const isList = (value: string): boolean => value === '' && all.get('Version') === versions.iam;
  const fields = [...all].filter(([name, value]) => name !== 'Action' && name !== 'Version' && !isList(value));
  return nested(fields.map(([name, value]) => [name.split('.'), value]));
}

function nested(fields: readonly (readonly [path: readonly string[], value: string])[]): unknown {
  const groups = new Map<string, [readonly string[], string][]>();
  for (const [[first = '', ...rest], value] of fields) groups.set(first, [...(groups.get(first) ?? []), [rest, value]]);
  const [only] = fields;
  if (fields.length === 1 && only?.[0].length === 0) return only[1];
  const members = groups.get('member');
  if (members === undefined || groups.size > 1)
    return Object.fromEntries([...groups].map(([name, inner]) => [name, nested(inner)]));
  const items = nested(members) as Readonly<Record<string, unknown>>;
  return Object.keys(items)
    .toSorted((a, b) => Number(a) - Number(b))
    .map((index) => items[index]);
}
