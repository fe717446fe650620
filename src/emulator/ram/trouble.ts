import { type Call, strike } from '../call.ts';
import { blocksSharing } from './policy.ts';

/**
 * Why RAM cannot associate what a call shares with a principal: the grant itself succeeds all the same.
 * https://docs.aws.amazon.com/lake-formation/latest/dg/troubleshooting.html and
 * https://docs.aws.amazon.com/lake-formation/latest/dg/hybrid-cross-account.html; the texts are not known.
 */
export function whyUnshared(call: Call, principal: string): string | undefined {
  if (strike(call, ['share-fails'], [principal]))
    return 'The resource could not be associated with the resource share.';
  if (!call.caller.principal.glue) return 'The caller was not authorized to perform glue:PutResourcePolicy.';
  if (blocksSharing(call.lake, call.lake))
    return 'The resource policy of the catalog does not allow glue:ShareResource to ram.amazonaws.com.';
  return undefined;
}
