// Patterns of a signature that are not searched in linear time, or not known before a request comes.

import { asciiLower } from '../../base/ascii.ts';
import type { Span } from '../../diagnostics/span.ts';
import { writtenMacros } from '../../library/macro.ts';
import type { PatternObstacle } from '../../model/operator.ts';
import type { OperatorNode, RuleDirective } from '../../seclang/ast.ts';
import { spanInWord } from '../../seclang/word.ts';
import type { CheckContext } from '../context.ts';
import type { SignatureCheck } from './signature.ts';

/** Patterns that were compiled and are not linear, by their text. */
export type Obstacles = ReadonlyMap<string, PatternObstacle>;

/** A context like this one that remembers the patterns which are not linear. */
export function watchPatterns(context: CheckContext): {
  readonly watched: CheckContext;
  readonly obstacles: Obstacles;
} {
  const obstacles = new Map<string, PatternObstacle>();
  const watched: CheckContext = {
    ...context,
    compilePattern: (pattern, options) => {
      const matcher = context.compilePattern(pattern, options);
      if (matcher.obstacle !== undefined) obstacles.set(pattern, matcher.obstacle);
      return matcher;
    },
  };
  return { watched, obstacles };
}

/** What to write instead; of the rest, PCRE has no other way to say it either. */
const REMEDIES: readonly (readonly [what: RegExp, help: string])[] = [
  [
    /^a look/,
    'let a chained rule ask for it: @rx instead of (?= or (?<=, !@rx instead of (?! or (?<!',
  ],
  [
    /atomic|possessive/,
    'write the plain form: linear search never backtracks, so there is nothing to save',
  ],
  [
    /backreference/,
    'write what it repeats as alternatives: "[^"]*"|\'[^\']*\' instead of (["\']).*?\\1',
  ],
  [/counted repeats/, 'use smaller counts, or "+" instead'],
];

function remedyFor({ what }: PatternObstacle): string {
  const found = REMEDIES.find(([pattern]) => pattern.test(what));
  return found?.[1] ?? `write the pattern without ${what}`;
}

/** As much of the pattern as its obstacle is known by: `(?=`, `\1`, `*+`. */
const OBSTACLE =
  /\(\?(?:<?[=!]|>|[^()]{0,12})?|\(\*[^()]*\)?|\\[gkKpPX]?(?:\d+|\{[^}]*\}|.)|[*+?]\+|\{[\d,]*\}\+|./sy;

function lengthOfObstacle(pattern: string, offset: number): number {
  OBSTACLE.lastIndex = offset;
  return OBSTACLE.exec(pattern)?.[0].length ?? 1;
}

function spanInOperator(
  { word, argument, argumentStart, argumentSpan }: OperatorNode,
  pattern: string,
  { offset }: PatternObstacle,
): Span {
  const at = argument.indexOf(pattern);
  if (offset === undefined || at < 0) return argumentSpan;
  const start = argumentStart + at + offset;
  return spanInWord(word, start, start + lengthOfObstacle(pattern, offset));
}

/** Every place of the rule in which the pattern stands. */
function placesOf(link: RuleDirective, pattern: string, obstacle: PatternObstacle): Span[] {
  const places: Span[] = [];
  for (const { selector } of link.targets) {
    if (selector?.kind === 'regex' && selector.value === pattern) places.push(selector.span);
  }
  if (link.operator.argument.includes(pattern)) {
    places.push(spanInOperator(link.operator, pattern, obstacle));
  }
  for (const { value, valueSpan, span } of link.actions ?? []) {
    if (value?.includes(pattern)) places.push(valueSpan ?? span);
  }
  return places;
}

export const checkLinearity =
  (obstacles: Obstacles): SignatureCheck =>
  ({ links }, { report }) => {
    for (const [pattern, obstacle] of obstacles) {
      const { what, safeBytes } = obstacle;
      const values = safeBytes > 0 ? `values of more than ${safeBytes} bytes` : 'values';
      for (const span of links.flatMap((link) => placesOf(link, pattern, obstacle))) {
        report.warning({
          code: 'regex-not-linear',
          message: `the pattern is not searched in linear time: it has ${what}`,
          span,
          help: remedyFor(obstacle),
          notes: [
            `${values} are searched under a budget; a request that uses it up counts as an engine error, which blocks by default`,
          ],
        });
      }
    }
  };

/** With a macro inside, the client may have a say in the pattern. */
export const checkUnknownPatterns: SignatureCheck = ({ links }, { report }) => {
  for (const { operator } of links) {
    if (!['rx', 'rxglobal'].includes(asciiLower(operator.name))) continue;
    for (const { offset, length } of writtenMacros(operator.argument)) {
      const start = operator.argumentStart + offset;
      report.warning({
        code: 'regex-from-macro',
        message:
          'the pattern is known only when a request comes, so nothing can be said about it now',
        span: spanInWord(operator.word, start, start + length),
        help: 'compare with @streq, @contains or @within, which take what the macro holds as plain text',
      });
    }
  }
};
