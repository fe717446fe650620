import type { Check, Finding, Remedy, Severity } from '../core/diagnosis.ts';
import { explanation } from '../core/explain.ts';
import type { LakeFailure } from '../core/lake.ts';
import { type CheckCode, checkCodes } from './codes.ts';

/** What a finding says beside its message. */
export type Trouble = Partial<Remedy> & { readonly severity: Severity; readonly means: string };

/** A check that found all as it should be. */
export function ok(code: CheckCode, message: string): Check {
  return { ...about(code, message), result: 'ok' };
}

/** A check that found something. */
export function finding(code: CheckCode, message: string, trouble: Trouble): Finding {
  return { ...about(code, message), result: 'finding', commands: [], ...trouble };
}

/** A check that could not be made, with the reason. */
export function unchecked(code: CheckCode, message: string, reason: Partial<Remedy> & { readonly why: string }): Check {
  return { ...about(code, message), result: 'unchecked', onlyByDoing: false, commands: [], ...reason };
}

/** Something that only doing it would prove, which a doctor does not. */
export function onlyByDoing(
  code: CheckCode,
  message: string,
  { commands, unread: said }: { readonly commands: readonly string[]; readonly unread: LakeFailure },
): Check {
  const answer = `${said.operation} answered ${said.code}`;
  const why = `only the call itself would prove it, and doctor changes nothing; IAM does not say, either: ${answer}`;
  return { ...about(code, message), result: 'unchecked', why, onlyByDoing: true, commands };
}

/** A check that could not be made since the service said no. */
export function unread(code: CheckCode, message: string, failure: LakeFailure): Check {
  const { operation, code: answered, message: text } = failure;
  const remedy = explanation({ code: answered, text });
  const why = `${operation} answered ${answered}: ${text}`;
  return unchecked(code, message, { why, ...(remedy === undefined ? {} : { remedy }) });
}

function about(code: CheckCode, message: string): Pick<Check, 'code' | 'topic' | 'message'> {
  return { code, topic: checkCodes[code].topic, message };
}
