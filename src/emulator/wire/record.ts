import { appendFileSync } from 'node:fs';
import type { WireAnswer, WireRequest } from './message.ts';

/** One request and its answer as they went over the wire, for others to judge; without signature and connection. */
export interface Exchange {
  readonly method: string;
  readonly path: string;
  readonly target?: string;
  readonly query?: string;
  readonly body: string;
  readonly answer: WireAnswer;
}

/** Writes exchanges down in a file, a line of JSON each, before the answer leaves. */
export function recorder(file: string): (request: WireRequest, answer: WireAnswer) => void {
  return ({ method, path, query, headers, body }, answer) => {
    const target = headers['x-amz-target'];
    const exchange: Exchange = {
      method,
      path,
      ...(target === undefined ? {} : { target }),
      ...(query === '' ? {} : { query }),
      body: body.toString('utf8'),
      answer,
    };
    appendFileSync(file, `${JSON.stringify(exchange)}\n`);
  };
}
