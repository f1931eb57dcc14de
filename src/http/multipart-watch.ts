// What a reader of multipart bodies can tell of its work beside the result, for logs.
//
// Told only to who asks. Bodies are read once for the rules, without a watch, and again for a log.

import type { DispositionReading } from './multipart-disposition.ts';

/** Where a part lies in the body, in bytes from its beginning. */
export interface PartPlace {
  readonly name: string;
  readonly filename: string | undefined;
  readonly value: string;
  /** Of the value of Content-Disposition; the first line if it is folded. */
  readonly disposition: number;
  /** Offsets in that value, behind the name and the file name and their closing quotes. */
  readonly nameEnd: number;
  readonly filenameEnd: number;
  readonly dataStart: number;
  /** Without the line end before the boundary. */
  readonly dataEnd: number;
}

export interface MultipartWatch {
  /** Each part that was read to its end. */
  readonly part?: (place: PartPlace) => void;
  /** An event, at the level and in the words of libmodsecurity, without its `Multipart: `. */
  readonly say?: (level: number, text: string) => void;
}

const DISPOSITION_NAME = /^Content-Disposition:[ \t]*/i;

/** Where the value begins if the line is a Content-Disposition; undefined if it is another header. */
export function dispositionStart(line: string): number | undefined {
  return DISPOSITION_NAME.exec(line)?.[0].length;
}

/** `line` without its end; `header` is the one it belongs to, as far as it was read. */
export function headerText(line: string, header: string): string {
  const name = header.slice(0, header.indexOf(':'));
  return /^\s/.test(line)
    ? `Continued folder header "${name}" with "${line.trimStart()}"`
    : `Added part header "${name}" "${line.slice(name.length + 1).replace(/^[ \t]+/, '')}".`;
}

/** What a Content-Disposition says, and what is wrong with it. */
export function sayDisposition(
  { name, filename, code, rejected }: DispositionReading,
  say: NonNullable<MultipartWatch['say']>,
): void {
  if (name !== undefined) say(9, `Content-Disposition name: ${name}.`);
  if (filename !== undefined) say(9, `Content-Disposition filename: ${filename}.`);
  if (code === -14) {
    say(4, `Warning: Duplicate Content-Disposition name: ${rejected}. Previously: ${name}`);
  }
  if (code === -15) say(4, `Warning: Duplicate Content-Disposition filename: ${rejected}.`);
  if (code === -21) say(4, 'Warning: no filename= but filename*.');
}

/** A part that is done, and the lines of its value if it is no file. */
export function sayPart(
  { name, filename, value, dataStart, dataEnd }: PartPlace,
  data: string,
  say: NonNullable<MultipartWatch['say']>,
): void {
  if (filename !== undefined) {
    const at = `(offset ${dataStart}, length ${dataEnd - dataStart})`;
    say(9, `Added file part to the list: name "${name}" file name "${filename}" ${at}`);
    return;
  }
  for (const line of data.split(/\r?\n/)) say(9, `Added data to variable: ${line}`);
  const at = `(offset ${dataStart}, length ${value.length})`;
  say(9, `Added part to the list: name "${name}" ${at}`);
}
