// Content-Type values: which request body processor they select, their essence and their parameters.
//
// The processor is selected by prefix as in ModSecurity, so `application/x-www-form-urlencodedx` is a
// form too; back ends compare as loosely, and a stricter test would leave such bodies unread.

import { asciiLower } from '../base/ascii.ts';
import type { Pair } from '../model/pair.ts';
import { isBlank, trimBlanks } from './text.ts';

/** XML and JSON are selected by rules (ctl:requestBodyProcessor) only. */
export function bodyProcessorOf(contentType: string): 'URLENCODED' | 'MULTIPART' | undefined {
  const type = trimBlanks(contentType).slice(0, 40).toLowerCase();
  if (type.startsWith('application/x-www-form-urlencoded')) return 'URLENCODED';
  if (type.startsWith('multipart/form-data')) return 'MULTIPART';
  return undefined;
}

/** The part before the first `;`, without surrounding blanks, ASCII lower case. */
export function mediaEssence(contentType: string): string {
  const semicolon = contentType.indexOf(';');
  return asciiLower(trimBlanks(semicolon === -1 ? contentType : contentType.slice(0, semicolon)));
}

/** All parameters in order, names in ASCII lower case, quoted values without quotes and escapes. */
export function mediaParameters(contentType: string): readonly Pair[] {
  const parameters: Pair[] = [];
  let at = contentType.indexOf(';');
  while (at !== -1) {
    const end = pieceEnd(contentType, at + 1);
    const piece = contentType.slice(at + 1, end);
    const equals = piece.indexOf('=');
    const key = asciiLower(trimBlanks(piece.slice(0, Math.max(equals, 0))));
    if (key !== '') parameters.push({ key, value: unquote(trimBlanks(piece.slice(equals + 1))) });
    at = end < contentType.length ? end : -1;
  }
  return parameters;
}

/** The first `charset` parameter in ASCII lower case; undefined when there is none. */
export function charsetOf(contentType: string): string | undefined {
  const value = mediaParameters(contentType).find(({ key }) => key === 'charset')?.value;
  return value === undefined ? undefined : asciiLower(value);
}

/** Offset of the next `;` outside quotes, or the end of the text. */
function pieceEnd(text: string, from: number): number {
  let quoted = false;
  let afterEquals = false;
  for (let at = from; at < text.length; at++) {
    const char = text[at];
    if (quoted) {
      if (char === '\\') at++;
      else if (char === '"') quoted = false;
    } else if (char === ';') {
      return at;
    } else if (char === '"' && afterEquals) {
      quoted = true;
    } else if (!isBlank(text.charCodeAt(at))) {
      // Only a quote right behind `=` opens a quoted value; others are ordinary bytes.
      afterEquals = char === '=';
    }
  }
  return text.length;
}

function unquote(value: string): string {
  if (!value.startsWith('"')) return value;
  let text = '';
  for (let at = 1; at < value.length; at++) {
    const char = value.charAt(at);
    if (char === '"') break;
    if (char === '\\') at++;
    text += value.charAt(at);
  }
  return text;
}
