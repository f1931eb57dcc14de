// What libmodsecurity's debug log says of a multipart body, in its order: the boundary, part by part, and at
// the end what is to be warned of.

import { type MultipartOptions, type MultipartReading, parseMultipart } from './multipart.ts';
import type { MultipartFlags } from './multipart-flags.ts';

/** A level, 1 to 9, and a line. */
export type LogLine = readonly [level: number, text: string];

const WARNINGS: readonly (readonly [flag: keyof MultipartFlags, text: string])[] = [
  ['dataBefore', 'seen data before first boundary.'],
  ['dataAfter', 'seen data after last boundary.'],
  ['boundaryQuoted', 'boundary was quoted.'],
  ['boundaryWhitespace', 'boundary whitespace in C-T header.'],
  ['headerFolding', 'header folding used.'],
  ['lfLine', 'incorrect line endings used (LF).'],
  ['missingSemicolon', 'missing semicolon in C-T header.'],
  ['invalidQuoting', 'invalid quoting used.'],
  ['invalidPart', 'invalid part parsing.'],
  ['invalidHeaderFolding', 'invalid header folding used.'],
];

/** Values may have a million lines; who reads on after so many has the body itself. */
const MAX_LINES = 10_000;

/** Reads the body again. */
export function multipartLog(
  body: string,
  contentTypes: readonly string[],
  options: MultipartOptions,
): readonly LogLine[] {
  const lines: LogLine[] = [];
  const say = (level: number, text: string): void => {
    if (level < 9 || lines.length < MAX_LINES) lines.push([level, `Multipart: ${text}`]);
  };
  const reading = parseMultipart(body, contentTypes, { ...options, watch: { say } });
  for (const [flag, text] of WARNINGS) {
    if (reading.flags[flag]) say(4, `Warning: ${warningText(flag, text, reading)}`);
  }
  const { error } = reading;
  // That the end is missing is noticed last.
  if (error !== undefined && !lines.some(([, text]) => text === error)) lines.push([1, error]);
  return lines;
}

function warningText(
  flag: keyof MultipartFlags,
  text: string,
  { crlfLfLines }: MultipartReading,
): string {
  return flag === 'lfLine' && crlfLfLines ? 'mixed line endings used (CRLF/LF).' : text;
}
