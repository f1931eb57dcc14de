// Recognises URLs that run script: javascript:, vbscript:, data:, view-source:, however disguised.

const AMPERSAND = 0x26;
const HASH = 0x23;
const SEMICOLON = 0x3b;
const LINE_FEED = 0x0a;
const SPACE = 0x20;
const DELETE = 0x7f;
const LOWER_X = 0x78;
const DECIMAL = 10;
const HEXADECIMAL = 16;
/** As in libinjection; Unicode ends at 0x10FFFF. */
const MAX_CODE_POINT = 0x1000ff;

/** JAVA covers java: and javascript:, both run code. */
const SCHEMES = ['DATA', 'VIEW-SOURCE', 'JAVA', 'VBSCRIPT'];

/**
 * True when the URL at `start`..`end` of `input` has the scheme of one that runs script.
 *
 * Browsers ignore white space and control bytes before a scheme, Opera did so with high bytes too.
 */
export function isScriptUrl(input: string, start: number, end: number): boolean {
  let from = start;
  while (from < end && isIgnoredBeforeScheme(input.charCodeAt(from))) from++;
  return SCHEMES.some((scheme) => startsWithDecoded(input, from, end, scheme));
}

function isIgnoredBeforeScheme(code: number): boolean {
  return code <= SPACE || code >= DELETE;
}

/** Compares with numeric character references decoded and NULs and line feeds left out. */
function startsWithDecoded(input: string, start: number, end: number, scheme: string): boolean {
  let matched = 0;
  let at = start;
  while (at < end && matched < scheme.length) {
    let code = input.charCodeAt(at++);
    if (code === AMPERSAND) {
      const digits = digitsOfReference(input, at, end);
      if (digits < 0) return false;
      const base = digits === at + 1 ? DECIMAL : HEXADECIMAL;
      code = 0;
      for (at = digits; at < end; at++) {
        const digit = digitValue(input.charCodeAt(at), base);
        if (digit < 0) break;
        code = code * base + digit;
        if (code > MAX_CODE_POINT) return false;
      }
      if (at < end && input.charCodeAt(at) === SEMICOLON) at++;
    }
    if (matched === 0 && code <= SPACE) continue;
    if (code === 0 || code === LINE_FEED) continue;
    const upper = code >= 0x61 && code <= 0x7a ? code - 0x20 : code;
    // libinjection keeps the low byte of a decoded code point, so &#x14A; is read as J.
    if ((upper & 0xff) !== scheme.charCodeAt(matched)) return false;
    matched++;
  }
  return matched === scheme.length;
}

/** The index of the first digit of a reference whose `&` stands before `at`, -1 for anything else. */
function digitsOfReference(input: string, at: number, end: number): number {
  if (input.charCodeAt(at) !== HASH) return -1;
  const isHexadecimal = (input.charCodeAt(at + 1) | 0x20) === LOWER_X;
  const digits = isHexadecimal ? at + 2 : at + 1;
  const base = isHexadecimal ? HEXADECIMAL : DECIMAL;
  return digits < end && digitValue(input.charCodeAt(digits), base) >= 0 ? digits : -1;
}

function digitValue(code: number, base: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  if (base === DECIMAL) return -1;
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}
