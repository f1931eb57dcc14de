// @rx. A regular expression, searched for in the value.
//
// Macros are put into the pattern as they are, as in libmodsecurity. (ModSecurity v2 escapes the whole
// expanded pattern, Coraza expands nothing.) An empty pattern matches everything.

import { ANYTHING } from '../../base/class-need.ts';
import type {
  CaptureFinder,
  CompiledOperator,
  Matcher,
  MatchSpan,
  OperatorContext,
  OperatorDefinition,
  OperatorRun,
  PatternOptions,
} from '../../model/operator.ts';
import { EXPANDED, rememberPatterns } from './expanded-patterns.ts';

const MAX_CAPTURES = 10;
const MAX_SHOWN = 252;

export const rx: OperatorDefinition = Object.freeze({
  name: 'rx',
  summary: 'matches a regular expression',
  argument: 'optional',
  macros: true,
  compile: (argument, context) => {
    const all = context.behaviour?.missingCaptures === 'all-empty';
    const options = { multiline: context.behaviour?.patternLines === 'many' };
    if (context.hasMacros) return expanding(context.compilePattern, options, all);
    const matcher = context.compilePattern(argument, options);
    const evidence = patternEvidence(argument);
    const finder = captureFinder(matcher, all);
    return {
      pattern: matcher,
      evaluate: (value, run) => evaluate(matcher, value, run, evidence, finder),
      locate: (value) => groupSpans(matcher, value),
      // Patterns with a budget are always run: that they run out of it must be seen.
      requires: () => (matcher.engine === 'dfa' ? matcher.requiredLiterals?.() : undefined),
      requiresOf: (bytes) =>
        matcher.engine === 'dfa' ? matcher.requiredLiteralsOf?.(bytes) : undefined,
      needs: (classes) =>
        matcher.engine === 'dfa' ? (matcher.needs?.(classes) ?? ANYTHING) : ANYTHING,
      minBytes: matcher.engine === 'dfa' ? matcher.minBytes : 0,
      isPure: matcher.engine === 'dfa',
    };
  },
} satisfies OperatorDefinition);

/** Apart, so that other patterns do not hold on to what they were compiled with. */
function expanding(
  compile: OperatorContext['compilePattern'],
  options: PatternOptions,
  all: boolean,
): CompiledOperator {
  const matcherOf = rememberPatterns((pattern) => compile(pattern, options));
  return {
    pattern: EXPANDED,
    evaluate: (value, run) => {
      const matcher = matcherOf(run.argument);
      const evidence = patternEvidence(run.argument);
      return evaluate(matcher, value, run, evidence, captureFinder(matcher, all));
    },
    locate: (value, expanded) => groupSpans(matcherOf(expanded), value),
  };
}

/** What logs say of a match: the pattern, cut where ModSecurity cuts it. */
export function patternEvidence(pattern: string): string {
  const shown = pattern.length > MAX_SHOWN ? `${pattern.slice(0, MAX_SHOWN)}...` : pattern;
  return `Pattern match "${shown}"`;
}

function evaluate(
  matcher: Matcher,
  value: string,
  run: OperatorRun,
  evidence: string,
  finder: CaptureFinder,
): boolean {
  if (!run.capturing) {
    if (!matcher.test(value)) return false;
  } else if (run.captureLater !== undefined && matcher.engine === 'dfa') {
    // To decide is cheaper than to find, and of many matches only the last one's texts are ever read.
    if (!matcher.test(value)) return false;
    run.captureLater(finder, value);
  } else {
    const captures = finder.find(value);
    if (captures.length === 0) return false;
    for (const text of captures) run.captures.push(text);
  }
  run.detail = evidence;
  return true;
}

/** Finds nothing where the pattern does not match. */
function captureFinder(matcher: Matcher, all: boolean): CaptureFinder {
  const most = Math.min(matcher.groupCount, MAX_CAPTURES - 1);
  return {
    fewest: all ? most : Math.min(matcher.certainGroups ?? 0, most),
    most,
    find: (value) => {
      const captures: string[] = [];
      const match = matcher.exec(value);
      if (match !== null) pushGroups(match.groups, captures, MAX_CAPTURES, all);
      return captures;
    },
  };
}

/** The whole match and the groups that took part in it. */
function groupSpans(matcher: Matcher, value: string): readonly MatchSpan[] {
  return (matcher.locate?.(value) ?? []).filter((span) => span !== undefined);
}

/** Appends the groups up to the last that took part, or `all`; those that did not are "". */
export function pushGroups(
  groups: readonly (string | undefined)[],
  captures: string[],
  most: number,
  all = false,
): void {
  let count = Math.min(groups.length, most);
  while (!all && count > 0 && groups[count - 1] === undefined) count--;
  for (let group = 0; group < count; group++) captures.push(groups[group] ?? '');
}
