// Detects script injection: reads a value as HTML and looks for what runs or loads code.
//
// The answer is that of libinjection's C library: the value is read as text, as attributes inside a
// tag, and as the rest of an attribute in each kind of quote. Any bytes are fine, time is linear, and
// nothing is kept between calls.

import { type HtmlContext, HtmlScanner } from './html5.ts';
import { attributeKind, isAttackTag, startsWithName } from './xss-names.ts';
import { isScriptUrl } from './xss-url.ts';

const BACKTICK = 0x60;

/** Finds script injection in `input`, a byte string. */
export function detectXss(input: string): boolean {
  const hasTag = input.includes('<');
  // Attacks are tags, declarations and comments, which start with `<`, or values of attributes,
  // which follow `=`. In a quoted context the value before the quote is harmless, so without a quote
  // there is nothing to find. The tests hold these shortcuts against all five readings.
  if (!hasTag && !input.includes('=')) return false;
  return (
    (hasTag && detectXssIn(input, 'data')) ||
    detectXssIn(input, 'unquoted') ||
    (input.includes("'") && detectXssIn(input, 'single-quoted')) ||
    (input.includes('"') && detectXssIn(input, 'double-quoted')) ||
    (input.includes('`') && detectXssIn(input, 'back-quoted'))
  );
}

/** Finds script injection in `input` as it is read in one context. */
export function detectXssIn(input: string, context: HtmlContext): boolean {
  const scanner = new HtmlScanner(input, context);
  let nameStart = 0;
  let nameEnd = 0;
  while (scanner.next()) {
    const { start, end } = scanner;
    switch (scanner.kind) {
      case 'attribute-name':
        nameStart = start;
        nameEnd = end;
        continue;
      case 'attribute-value':
        if (isAttackAttribute(input, nameStart, nameEnd, start, end)) return true;
        break;
      case 'tag-open':
        if (isAttackTag(input, start, end)) return true;
        break;
      case 'comment':
        if (isAttackComment(input, start, end)) return true;
        break;
      case 'doctype':
        return true;
      case 'text':
      case 'tag-open-end':
      case 'tag-self-closing':
      case 'tag-close':
        break;
    }
    nameStart = 0;
    nameEnd = 0;
  }
  return false;
}

function isAttackAttribute(
  input: string,
  nameStart: number,
  nameEnd: number,
  start: number,
  end: number,
): boolean {
  switch (attributeKind(input, nameStart, nameEnd)) {
    case 'harmless':
      return false;
    case 'script':
    case 'style':
      return true;
    case 'url':
      return isScriptUrl(input, start, end);
    case 'indirect':
      return attributeKind(input, start, end) !== 'harmless';
  }
}

/** Internet Explorer ends tags at a backtick, and obeys the text of some comments. */
function isAttackComment(input: string, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (input.charCodeAt(at) === BACKTICK) return true;
  const length = end - start;
  if (length > 3 && ['[IF', 'XML'].some((word) => startsWithName(input, start, end, word))) {
    return true;
  }
  return length > 5 && ['IMPORT', 'ENTITY'].some((word) => startsWithName(input, start, end, word));
}
