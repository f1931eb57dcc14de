// What is said about a directive whose name or words are wrong.

import type { Source } from '../diagnostics/source.ts';
import type { Span } from '../diagnostics/span.ts';
import { suggest } from '../diagnostics/suggest.ts';
import type { Word } from './ast.ts';
import type { Complain } from './directive-parts.ts';
import { DIRECTIVE_NAMES, type DirectiveDefinition } from './directives.ts';
import type { LogicalLine } from './lines.ts';
import { spanInLine } from './word.ts';
import { quoted } from './wording.ts';

export function complainOfLine(source: Source, line: LogicalLine, complain: Complain): void {
  if (line.looseBackslash !== undefined) {
    const start = line.looseBackslash;
    complain(
      'blank-after-backslash',
      'the backslash at the end of this line has blanks behind it, expected the line end',
      { source, start, end: start + 1 },
      'remove the blanks',
    );
  }
  if (line.unclosedBlock !== undefined) {
    const start = line.unclosedBlock;
    complain(
      'unclosed-dataset',
      'the list opened here is never closed, expected a line that begins with "`"',
      { source, start, end: start + 1 },
    );
  }
}

export function complainOfName(name: string, span: Span, complain: Complain): void {
  if (name.startsWith('<')) {
    complain(
      'apache-section',
      `${quoted(name, 0, name.length)} is an Apache section, expected a directive`,
      span,
      'remove the lines that open and close the section',
    );
    return;
  }
  const near = suggest(name, DIRECTIVE_NAMES);
  const isFragment = !/^[A-Za-z]/.test(name);
  complain(
    'unknown-directive',
    `${quoted(name, 0, name.length)} is not a directive`,
    span,
    near !== undefined
      ? `did you mean "${near}"?`
      : isFragment
        ? 'a line continues the one before only if that one ends with a backslash'
        : undefined,
  );
}

export function complainOfQuote(
  source: Source,
  line: LogicalLine,
  offset: number,
  complain: Complain,
): void {
  const quote = line.text[offset]!;
  let at = offset + 1;
  while (at < line.text.length && line.text[at] !== quote) at += line.text[at] === '\\' ? 2 : 1;
  if (at >= line.text.length) {
    complain(
      'unclosed-quote',
      `the quote opened here is never closed, expected ${quote} before the end of the directive`,
      spanInLine(source, line, offset, offset + 1),
    );
  } else {
    complain(
      'text-after-quote',
      `found ${quoted(line.text, at + 1, at + 2)} directly behind a closing quote, expected a blank`,
      spanInLine(source, line, at, at + 2),
      `inside the word, write \\${quote}`,
    );
  }
}

export function complainOfCount(
  definition: DirectiveDefinition,
  words: readonly Word[],
  span: Span,
  complain: Complain,
): void {
  const { name, minimum, maximum } = definition;
  const surplus = words[maximum];
  const range =
    maximum === minimum
      ? `${minimum}`
      : maximum === Number.POSITIVE_INFINITY
        ? `at least ${minimum}`
        : `${minimum} to ${maximum}`;
  const expected = maximum === 0 ? 'none' : range;
  const isComment = surplus?.text.startsWith('#') === true;
  const help = isComment
    ? 'put the comment on a line of its own'
    : surplus === undefined
      ? undefined
      : 'put an argument with blanks in double quotes';
  complain(
    'wrong-argument-count',
    `${name} has ${words.length} argument${words.length === 1 ? '' : 's'}, expected ${expected}`,
    surplus?.span ?? span,
    help,
  );
}
