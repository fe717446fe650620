import { distance } from 'fastest-levenshtein';
import { compareText } from '../core/problem.ts';

const mostCandidates = 2000;

/** The candidate that the word is most likely a misspelling of, if any is near enough. */
function closest(word: string, candidates: Iterable<string>): string | undefined {
  const folded = word.toLowerCase();
  const reach = Math.max(1, Math.min(3, Math.floor(folded.length / 3)));
  let best: string | undefined;
  let shortest = reach + 1;
  let seen = 0;
  for (const candidate of candidates) {
    // Of 100,000 misspelt names none is worth a look at as many candidates.
    if (++seen > mostCandidates) break;
    if (Math.abs(candidate.length - folded.length) > reach) continue;
    const length = distance(folded, candidate.toLowerCase());
    if (length < shortest || (length === shortest && best !== undefined && compareText(candidate, best) < 0)) {
      best = candidate;
      shortest = length;
    }
  }
  return best;
}

/** A hint that asks whether the closest candidate was meant, or the given hint where none is close. */
export function didYouMean(word: string, candidates: Iterable<string>, otherwise: string): string {
  const found = closest(word, candidates);
  return found === undefined ? otherwise : `did you mean "${found}"?`;
}

/** Up to ten of the names for a hint that shows what there is. */
export function listed(names: readonly string[] | ReadonlySet<string>, none: string): string {
  const count = 'size' in names ? names.size : names.length;
  if (count === 0) return none;
  const first: string[] = [];
  for (const name of names) {
    if (first.length === 10) return `${first.join(', ')}, and ${count - 10} more`;
    first.push(name);
  }
  return first.join(', ');
}
