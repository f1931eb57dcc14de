// @rxGlobal. Like @rx, but with `capture` the groups of all successive matches are numbered through.
//
// An empty match is kept only when there is nothing else: `[a-z]*` on `aaa0bbb` captures `aaa` and `bbb`.

import type {
  Matcher,
  MatcherResult,
  MatchSpan,
  OperatorDefinition,
  OperatorRun,
} from '../../model/operator.ts';
import { EXPANDED, rememberPatterns } from './expanded-patterns.ts';
import { patternEvidence, pushGroups } from './rx.ts';

/** Bounds memory, and the searches a long value can cause. */
const MAX_CAPTURES = 100;

export const rxGlobal: OperatorDefinition = Object.freeze({
  name: 'rxGlobal',
  summary: 'matches a regular expression, capturing all its matches',
  argument: 'optional',
  macros: true,
  compile: (argument, context) => {
    if (context.hasMacros) {
      const matcherOf = rememberPatterns((pattern) => context.compilePattern(pattern));
      return {
        pattern: EXPANDED,
        evaluate: (value, run) =>
          evaluate(matcherOf(run.argument), value, run, patternEvidence(run.argument)),
        locate: (value, expanded) => allSpans(matcherOf(expanded), value),
      };
    }
    const matcher = context.compilePattern(argument);
    const evidence = patternEvidence(argument);
    return {
      pattern: matcher,
      evaluate: (value, run) => evaluate(matcher, value, run, evidence),
      locate: (value) => allSpans(matcher, value),
    };
  },
} satisfies OperatorDefinition);

function evaluate(matcher: Matcher, value: string, run: OperatorRun, evidence: string): boolean {
  if (run.capturing ? !captureAll(matcher, value, run.captures) : !matcher.test(value))
    return false;
  run.detail = evidence;
  return true;
}

/** All matches with their groups, empty matches too. */
function allSpans(matcher: Matcher, value: string): readonly MatchSpan[] {
  const spans: MatchSpan[] = [];
  for (let from = 0; spans.length < MAX_CAPTURES && from <= value.length; ) {
    const found = matcher.locate?.(value, from);
    const whole = found?.[0];
    if (found == null || whole === undefined) break;
    spans.push(...found.filter((span) => span !== undefined));
    const [offset, length] = whole;
    from = offset + Math.max(1, length);
  }
  return spans;
}

function captureAll(matcher: Matcher, value: string, captures: string[]): boolean {
  let empty: MatcherResult | null = null;
  let from = 0;
  for (let searches = 0; searches < MAX_CAPTURES && captures.length < MAX_CAPTURES; searches++) {
    const match = from > value.length ? null : matcher.exec(value, from);
    if (match === null) break;
    if (match.end > match.index) {
      pushGroups(match.groups, captures, MAX_CAPTURES - captures.length);
      from = match.end;
    } else {
      empty ??= match;
      from = match.end + 1;
    }
  }
  if (captures.length === 0 && empty !== null) pushGroups(empty.groups, captures, MAX_CAPTURES);
  return captures.length > 0;
}
