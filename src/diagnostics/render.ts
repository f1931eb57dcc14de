// Diagnostics as text for people: place, code, message, code frame, help and notes.
//
// Everything shown from a rule file is made safe for a terminal first.

import { displayed } from './code-points.ts';
import type { Diagnostic } from './diagnostic.ts';
import { type FrameLine, frameOf } from './frame.ts';
import { foldDiagnostics, includeChain } from './gather.ts';
import { createLocator, formatPlace, type Locator } from './position.ts';
import type { Source } from './source.ts';

export interface RenderOptions {
  /** ANSI colours; default false. */
  readonly color?: boolean;
  /** Diagnostics shown; default 100. How many are left out is said at the end. */
  readonly limit?: number;
}

const MOST_INCLUDES = 10;

type Paint = (text: string) => string;

interface Palette {
  readonly error: Paint;
  readonly warning: Paint;
  readonly strong: Paint;
  readonly dim: Paint;
}

const PLAIN: Palette = { error: same, warning: same, strong: same, dim: same };
const COLORS: Palette = {
  error: painted('31;1'),
  warning: painted('33;1'),
  strong: painted('1'),
  dim: painted('2'),
};

/** All diagnostics in the order given, duplicates folded, with an empty line between them. */
export function renderDiagnostics(
  diagnostics: readonly Diagnostic[],
  options: RenderOptions = {},
): string {
  const { color = false, limit = 100 } = options;
  const palette = color ? COLORS : PLAIN;
  const locator = createLocator();
  const folded = foldDiagnostics(diagnostics);
  const blocks = folded.slice(0, limit).map((diagnostic) => block(diagnostic, locator, palette));
  const left = folded.length - blocks.length;
  if (left > 0) blocks.push(palette.dim(`${left} more not shown`));
  return blocks.length === 0 ? '' : `${blocks.join('\n\n')}\n`;
}

function block(diagnostic: Diagnostic, locator: Locator, palette: Palette): string {
  const { severity, code, message, span, help, notes = [] } = diagnostic;
  const paint = palette[severity];
  const place = span && formatPlace(span.source, locator.position(span.source, span.start));
  const head = `${paint(`${severity}[${code}]`)}: ${displayed(message)}`;
  const lines = [place === undefined ? head : `${palette.strong(displayed(place))}: ${head}`];
  const frame = span && frameOf(locator, span);
  if (frame !== undefined && frame.length > 0) lines.push('', ...gutter(frame, paint, palette));
  const tail = [
    ...(help === undefined ? [] : [`help: ${help}`]),
    ...notes.map((note) => `note: ${note}`),
    ...(span === undefined ? [] : includeNotes(span.source, locator)),
  ];
  if (tail.length > 0) lines.push('', ...tail.map((line) => `  ${displayed(line)}`));
  return lines.join('\n');
}

function gutter(frame: readonly FrameLine[], paint: Paint, palette: Palette): string[] {
  const width = Math.max(...frame.map(({ number }) => String(number ?? '').length));
  return frame.map(({ number, text, role }) => {
    const bar = `${String(number ?? '').padStart(width)} |`;
    const content = text === '' ? '' : ` ${role === 'carets' ? paint(text) : text}`;
    return role === 'line'
      ? `${paint('>')} ${palette.dim(bar)}${content}`
      : `  ${palette.dim(bar)}${content}`;
  });
}

/** The way from the file back to the root, nearest first. */
function includeNotes(source: Source, locator: Locator): string[] {
  const chain = includeChain(source);
  const notes = chain
    .slice(0, MOST_INCLUDES)
    .map(
      (at) =>
        `note: included from ${formatPlace(at.source, locator.position(at.source, at.start))}`,
    );
  if (chain.length > notes.length) notes.push(`note: and ${chain.length - notes.length} more`);
  return notes;
}

function same(text: string): string {
  return text;
}

function painted(code: string): Paint {
  return (text) => `\x1b[${code}m${text}\x1b[0m`;
}
