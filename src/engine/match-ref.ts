// The `[ref "o0,3v23,6t:trim"]` of libmodsecurity's log lines: for each value that matched, where in it the
// operator found what it looks for (`o`), where the value lies in the request (`v`), and its transformations.

import type { MatchSpan } from '../model/operator.ts';
import type { MatchSource, NotedMatch } from './match-source.ts';
import { Origins } from './origins.ts';
import type { TransactionState } from './state.ts';

/** A rule may match on thousands of values; the line has an end. */
const MAX_TEXT = 4096;

/** Answers for the matches of a transaction that has ended, by their place among `state.matches`. */
export function matchRefs(state: TransactionState): (at: number) => string {
  const origins = new Origins(state);
  return (at) => {
    let text = '';
    for (const match of state.trails[at] ?? []) {
      if (text.length > MAX_TEXT) break;
      text += refOf(match, origins);
    }
    return text;
  };
}

function refOf({ value, source }: NotedMatch, origins: Origins): string {
  if (source === undefined) return '';
  const found = locate(value, source).map(([offset, length]) => `o${offset},${length}`);
  const came = origins.of(source.element).map(({ offset, length }) => `v${offset},${length}`);
  const steps = source.link.writtenTransformations.map((name) => `t:${name}`);
  return `${found.join('')}${came.join('')}${steps.join(',')}`;
}

/** A value that matches because the operator found nothing has no place to tell. */
function locate(value: string, { link, argument }: MatchSource): readonly MatchSpan[] {
  const { operator } = link;
  if (operator === undefined || operator.negated) return [];
  try {
    return operator.compiled.locate?.(value, argument) ?? [];
  } catch {
    // It matched within its budget; that it does not once more is no reason to lose the line.
    return [];
  }
}
