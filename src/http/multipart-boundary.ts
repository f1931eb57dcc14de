// Takes the boundary out of a multipart Content-Type, with ModSecurity's distrust.
//
// Back ends read a damaged Content-Type in different ways, so every doubt is either a flag (the value
// is still clear) or an error (the body is not read at all). Messages are ModSecurity's.

import { isAsciiSpace } from '../base/ascii.ts';

export interface BoundaryReading {
  /** Undefined exactly when there is an error. */
  readonly boundary: string | undefined;
  /** ModSecurity's text without the `Multipart: ` prefix. */
  readonly error: string | undefined;
  readonly quoted: boolean;
  /** White space before or right behind the equals sign. */
  readonly whitespace: boolean;
  readonly missingSemicolon: boolean;
  /** Something stands behind the boundary. */
  readonly hasParameters: boolean;
}

const TYPE = 'multipart/form-data';
const PARAMETER = 'boundary';
const LONGEST_HEADER = 1024;
const CHARACTERS = /^(?:[0-9A-Za-z'()+_,\-./:=? ]*[0-9A-Za-z'()+_,\-./:=?])?$/;

/** All Content-Type values of the request, as sent; several that differ are an error. */
export function readBoundary(contentTypes: readonly string[]): BoundaryReading {
  const [first] = contentTypes;
  if (first === undefined) return refuse('Content-Type header missing.');
  if (contentTypes.some((other) => other !== first)) {
    return refuse('Multiple Content-Type headers.');
  }
  const header = first.replace(/^[ \t]+/, '');
  if (header.length > LONGEST_HEADER) return refuse(invalid('length'));
  const folded = header.toLowerCase();
  if (!folded.startsWith(TYPE)) return refuse('Invalid MIME type.');
  if (countParameters(folded) > 1) return refuse('Multiple boundary parameters in C-T.');
  const at = header.indexOf(PARAMETER, TYPE.length);
  if (at === -1) {
    const otherCase = folded.includes(PARAMETER, TYPE.length);
    return refuse(otherCase ? invalid('case sensitivity') : 'Boundary not found in C-T.');
  }
  const between = header.slice(TYPE.length, at);
  if (!/^[ \t-\r]*;?[ \t-\r]*$/.test(between)) return refuse(invalid('malformed'));
  const equals = header.indexOf('=', at);
  if (equals === -1) return refuse(invalid('malformed'));
  const gap = header.slice(at + PARAMETER.length, equals);
  if (!/^[ \t-\r]*$/.test(gap)) return refuse(invalid('parameter name'));
  const written = header.slice(equals + 1);
  const { boundary, error, quoted } = readValue(written);
  return {
    boundary: error === undefined ? boundary : undefined,
    error: error === undefined ? undefined : invalid(error),
    quoted,
    whitespace: gap !== '' || isAsciiSpace(header.charCodeAt(equals + 1)),
    missingSemicolon: !between.includes(';'),
    hasParameters: !quoted && written.includes(';'),
  };
}

/** How often `boundary` occurs with an equals sign anywhere behind it. */
function countParameters(folded: string): number {
  const lastEquals = folded.lastIndexOf('=');
  let count = 0;
  let at = folded.indexOf(PARAMETER);
  while (at !== -1 && at + PARAMETER.length <= lastEquals) {
    count += 1;
    at = folded.indexOf(PARAMETER, at + PARAMETER.length);
  }
  return count;
}

interface BoundaryValue {
  readonly boundary: string;
  readonly quoted: boolean;
  readonly error: string | undefined;
}

/** A blank behind the equals sign is part of the boundary, so such a boundary is not found. */
function readValue(written: string): BoundaryValue {
  const quoted = written.startsWith('"') && written.endsWith('"') && written.length > 1;
  const failed = (error: string): BoundaryValue => ({ boundary: '', quoted, error });
  if (!quoted && (written.startsWith('"') || written.endsWith('"'))) return failed('quote');
  let boundary = quoted ? written.slice(1, -1) : written;
  if (boundary.toLowerCase().includes(`${PARAMETER}=`)) return failed('content');
  // Parameters behind the boundary (`; charset=utf-8`) do no harm; libmodsecurity 3.0.16 cuts them too.
  const semicolon = boundary.indexOf(';');
  if (semicolon !== -1 && !quoted) boundary = boundary.slice(0, semicolon);
  if (!CHARACTERS.test(boundary)) return failed('characters');
  if (boundary === '') return failed('empty');
  return { boundary, quoted, error: undefined };
}

function invalid(what: string): string {
  return `Invalid boundary in C-T (${what}).`;
}

function refuse(error: string): BoundaryReading {
  return {
    boundary: undefined,
    error,
    quoted: false,
    whitespace: false,
    missingSemicolon: false,
    hasParameters: false,
  };
}
