// Compiles texts with macros and reports the macros that are none.

import type { Span } from '../diagnostics/span.ts';
import { brokenMacros, compileMacro, type MacroOptions } from '../library/macro.ts';
import type { Macro } from '../model/action.ts';
import { OperatorArgumentError } from '../model/operator.ts';
import type { CheckContext } from './context.ts';
import { suggestion } from './suggestion.ts';

/** The source range of a part of the text. */
export type PlaceOf = (offset: number, length: number) => Span;

/** The macro of an action's value. What begins like a macro is surely meant as one. */
export function actionMacro(text: string, value: Span, context: CheckContext): Macro {
  const placeOf: PlaceOf = (offset, length) => placeIn(value, text.slice(offset, offset + length));
  reportBrokenMacros(text, placeOf, context);
  return compileMacro(
    text,
    context.library.variables,
    (name, offset) => reportUnknownMacro(name, placeOf(offset, name.length), context),
    macroOptions(context),
  );
}

export function macroOptions({ behaviour, compilePattern }: CheckContext): MacroOptions {
  const { macroEnd, macroKeys } = behaviour;
  if (macroKeys === 'literal') return { macroEnd };
  return {
    macroEnd,
    keyPattern: (source) => {
      try {
        const matcher = compilePattern(source, { caseless: true });
        return (key) => matcher.test(key);
      } catch (error) {
        // libmodsecurity loads broken patterns, and they find nothing.
        if (error instanceof OperatorArgumentError) return () => false;
        throw error;
      }
    },
  };
}

export function reportUnknownMacro(name: string, span: Span, context: CheckContext): void {
  context.report.warning({
    code: 'unknown-macro',
    message: `"${name}" is not a variable; the macro expands to nothing`,
    span,
    help: suggestion(name, context.library.variables.names),
  });
}

/** `named`: only those that begin with a name; `%{` alone may be text to search for. */
export function reportBrokenMacros(
  text: string,
  placeOf: PlaceOf,
  { report }: CheckContext,
  named = false,
): void {
  for (const broken of brokenMacros(text)) {
    if (named && !broken.isNamed) continue;
    const { offset, length, isClosed } = broken;
    report.warning({
      code: 'bad-macro',
      message: isClosed
        ? `"${text.slice(offset, offset + length)}" is not a macro, so it stays as it is`
        : `the macro "${text.slice(offset, offset + length)}" is never closed, so it stays as it is`,
      span: placeOf(offset, length),
      help: isClosed
        ? 'write %{NAME} or %{COLLECTION.key}, as in %{REMOTE_ADDR} and %{TX.score}'
        : 'close it with "}"; to search for the text itself write @rx with %\\{',
    });
  }
}

/** Where a part of an action's value stands. Escaped quotes and line ends can stand between source and value: the whole value then. */
export function placeIn(value: Span, part: string): Span {
  const start = value.source.text.indexOf(part, value.start);
  if (start < 0 || start + part.length > value.end) return value;
  return { source: value.source, start, end: start + part.length };
}
