/** A request as it came over the wire. */
export interface WireRequest {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** An answer to be written, or what to do with the connection instead. */
export type WireAnswer =
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string;
    }
  | { readonly kind: 'drop' }
  | { readonly kind: 'hang' };

/** A service the emulator speaks for. */
export type Service = 'lakeformation' | 'glue' | 'ram' | 'sts' | 'iam';

/** Whether a service speaks the query protocol: forms are posted to it, and it answers in XML. */
export function isQuery(service: string): service is 'sts' | 'iam' {
  return service === 'sts' || service === 'iam';
}
