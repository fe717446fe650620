import type { ServiceFailure } from '../failure.ts';
import { isQuery, type Service, type WireAnswer } from './message.ts';
import { toXml, type XmlContent } from './xml.ts';

const namespaces = {
  sts: 'https://sts.amazonaws.com/doc/2011-06-15/',
  iam: 'https://iam.amazonaws.com/doc/2010-05-08/',
} as const;

/** What every answer carries. */
export interface Envelope {
  readonly service: Service;
  readonly operation: string;
  readonly requestId: string;
  /** The service's time, which clients take for the right one. */
  readonly date: Date;
}

/** An operation's output on the wire. */
export function encodeOutput(output: Readonly<Record<string, unknown>>, envelope: Envelope): WireAnswer {
  const { service, operation, requestId } = envelope;
  if (!isQuery(service)) return answer(200, envelope, JSON.stringify(output));
  const content = { [`${operation}Result`]: output as XmlContent, ResponseMetadata: { RequestId: requestId } };
  return answer(
    200,
    envelope,
    `<${operation}Response xmlns="${namespaces[service]}">${toXml(content)}</${operation}Response>`,
  );
}

/**
 * A refusal on the wire. botocore takes the code from the header x-amzn-errortype, the JavaScript SDK from the header
 * or from __type, whichever its protocol looks at first; sending both in one spelling satisfies both.
 */
export function encodeFailure(failure: ServiceFailure, status: number, envelope: Envelope): WireAnswer {
  const { service, requestId } = envelope;
  if (!isQuery(service)) {
    const text = service === 'ram' ? { message: failure.message } : { Message: failure.message };
    const body = JSON.stringify({ __type: failure.code, ...text });
    return answer(status, envelope, body, { 'x-amzn-ErrorType': failure.code });
  }
  const type = status < 500 ? 'Sender' : 'Receiver';
  const content = { Error: { Type: type, Code: failure.code, Message: failure.message }, RequestId: requestId };
  return answer(status, envelope, `<ErrorResponse xmlns="${namespaces[service]}">${toXml(content)}</ErrorResponse>`);
}

const contentTypes: Readonly<Record<Service, string>> = {
  lakeformation: 'application/json',
  glue: 'application/x-amz-json-1.1',
  ram: 'application/json',
  sts: 'text/xml',
  iam: 'text/xml',
};

function answer(
  status: number,
  envelope: Envelope,
  body: string,
  more: Readonly<Record<string, string>> = {},
): WireAnswer {
  const headers = {
    'content-type': contentTypes[envelope.service],
    'x-amzn-RequestId': envelope.requestId,
    date: envelope.date.toUTCString(),
    'cache-control': 'no-cache',
    ...more,
  };
  return { kind: 'answer', status, headers, body };
}
