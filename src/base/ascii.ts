// ASCII classes and case of bytes. Bytes from 0x80 up belong to no class and have no case.
//
// JavaScript's own helpers would see Latin-1 here: \s takes A0, toLowerCase folds C0-DE.

/** 09-0D and 20, as C's isspace does. */
export function isAsciiSpace(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d);
}

export function isAsciiDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

export function isAsciiUpper(code: number): boolean {
  return code >= 0x41 && code <= 0x5a;
}

export function isAsciiAlphanumeric(code: number): boolean {
  const letter = code | 0x20;
  return isAsciiDigit(code) || (letter >= 0x61 && letter <= 0x7a);
}

/** `[A-Za-z0-9_]` */
export function isAsciiWord(code: number): boolean {
  return code === 0x5f || isAsciiAlphanumeric(code);
}

/** The byte in lower case when it is an ASCII letter, itself otherwise. */
export function lowerByte(code: number): number {
  return isAsciiUpper(code) ? code | 0x20 : code;
}

/** Up to here a look at each byte costs less than a call of the regular expression. */
const SHORT = 24;

function hasUpper(text: string): boolean {
  if (text.length > SHORT) return /[A-Z]/.test(text);
  for (let at = 0; at < text.length; at++) if (isAsciiUpper(text.charCodeAt(at))) return true;
  return false;
}

/** ASCII letters in lower case; the very same string when there is nothing to fold. */
export function asciiLower(text: string): string {
  if (!hasUpper(text)) return text;
  if (!/[\x80-\xff]/.test(text)) return text.toLowerCase();
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** ASCII letters in upper case; the very same string when there is nothing to fold. */
export function asciiUpper(text: string): string {
  if (!/[a-z]/.test(text)) return text;
  if (!/[\x80-\xff]/.test(text)) return text.toUpperCase();
  return text.replace(/[a-z]+/g, (letters) => letters.toUpperCase());
}

/** Where the text begins behind leading white space; its length when there is nothing else. */
export function firstNonSpace(text: string): number {
  let at = 0;
  while (at < text.length && isAsciiSpace(text.charCodeAt(at))) at++;
  return at;
}

/** The offset behind the last byte that is not white space; 0 when there is nothing else. */
export function endOfNonSpace(text: string): number {
  let end = text.length;
  while (end > 0 && isAsciiSpace(text.charCodeAt(end - 1))) end--;
  return end;
}

/** The text without ASCII white space at both ends; the very same string when there is none. */
export function asciiTrim(text: string): string {
  const end = endOfNonSpace(text);
  const start = end === 0 ? 0 : firstNonSpace(text);
  return start === 0 && end === text.length ? text : text.slice(start, end);
}
