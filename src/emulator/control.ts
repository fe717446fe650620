import { type AccessQuestion, accessOf } from './access/access.ts';
import { type Fault, faultListFaults } from './faults.ts';
import { snapshotOf } from './snapshot.ts';
import { type Switches, switchFaults } from './switches.ts';
import { faultsOf } from './wire/check.ts';
import type { WireAnswer, WireRequest } from './wire/message.ts';
import { anyText, listOf, structure } from './wire/shape.ts';
import type { World } from './world.ts';

/** The paths under which another process controls the emulator. */
export const controlPrefix = '/_emulator/';

/**
 * The answer to a control request. One that comes from a web page is refused: browsers send an Origin, or under a
 * name rebound to this machine a Host that is not loopback.
 */
export function control(world: World, request: WireRequest): WireAnswer {
  const host = (request.headers.host ?? '').replace(/:\d+$/, '');
  if (request.headers.origin !== undefined || !['127.0.0.1', 'localhost', '[::1]'].includes(host)) {
    return json(403, { error: 'control requests come from this machine and not from a browser' });
  }
  const route = `${request.method} ${request.path.slice(controlPrefix.length)}`;
  try {
    return answer(world, route, request);
  } catch (error) {
    return json(400, { error: error instanceof Error ? error.message : String(error) });
  }
}

function answer(world: World, route: string, request: WireRequest): WireAnswer {
  switch (route) {
    case 'GET health':
      return json(200, { status: 'ok' });
    case 'GET journal':
      return json(200, world.journal.entries().slice(Number(new URLSearchParams(request.query).get('from') ?? 0)));
    case 'PUT faults':
      setFaults(world, readBody(request));
      return json(200, {});
    case 'PUT switches':
      setSwitches(world, readBody(request));
      return json(200, world.switches);
    case 'POST advance': {
      const { ms } = readBody(request) as { readonly ms?: unknown };
      if (typeof ms !== 'number' || !Number.isFinite(ms) || ms < 0)
        throw new Error('ms: must be a number of milliseconds');
      world.clock.advance(ms);
      return json(200, { now: world.clock.now() });
    }
    case 'GET snapshot': {
      const query = new URLSearchParams(request.query);
      return json(200, snapshotOf(world, query.get('account') ?? '', query.get('region') ?? ''));
    }
    case 'POST access':
      return json(200, accessOf(world, readQuestion(readBody(request))));
    default:
      return json(404, { error: `there is no control ${route}` });
  }
}

/** Puts other faults in force; throws for any that is none. */
export function setFaults(world: World, faults: unknown): void {
  const wrong = faultListFaults(faults);
  if (wrong.length > 0) throw new Error(wrong.join('; '));
  world.faults.set(faults as readonly Fault[]);
}

/** Turns switches; throws for any that is none. */
export function setSwitches(world: World, settings: unknown): void {
  const wrong = switchFaults(settings);
  if (wrong.length > 0) throw new Error(wrong.join('; '));
  world.switches = { ...world.switches, ...(settings as Partial<Switches>) };
}

const questionShape = structure(
  { principal: anyText, region: anyText, database: anyText, table: anyText },
  { catalogId: anyText, columns: listOf(anyText) },
);

function readQuestion(question: unknown): AccessQuestion {
  const wrong = faultsOf(questionShape, question, 'the question');
  if (wrong.length > 0) throw new Error(wrong.join('; '));
  return question as AccessQuestion;
}

function readBody(request: WireRequest): unknown {
  return JSON.parse(request.body.toString('utf8')) as unknown;
}

function json(status: number, value: unknown): WireAnswer {
  return { kind: 'answer', status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) };
}
