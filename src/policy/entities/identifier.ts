// Identifiers of fixed shape: most national numbers, and whatever else is so many letters and digits in a row,
// with or without separators, and a check sum.

import { digitsOf } from '../../base/checksum.ts';
import { contextTest } from './context.ts';
import type { AnchoredRecogniser, DataType, Span, WordAnchor } from './data-type.ts';
import { type DataTypeSpec, defineDataType, lettersAndDigits } from './define.ts';
import { anchorsOf, hasShape, isDigit, isInsideNumber } from './shape.ts';

export interface Shapes {
  /** Shapes (see `shape.ts`) that speak for themselves. */
  readonly shapes?: readonly string[];
  /** Shapes that any number might have: they count only behind one of `context`. */
  readonly contextual?: readonly string[];
  /** Lower case, single blanks: what such a value is called in front of it. */
  readonly context?: readonly string[];
  /**
   * The check. `code` is the value in capitals without anything but letters and digits, `digits` its digits.
   * Default: the shape is enough.
   */
  readonly isValid?: (code: string, digits: readonly number[], value: string) => boolean;
}

export type Identifier = DataTypeSpec & Shapes;

interface Form {
  readonly shape: string;
  readonly contextual: boolean;
}

export function defineIdentifier(identifier: Identifier): DataType {
  const { shapes, contextual, context, isValid, ...spec } = identifier;
  return defineDataType({ canonical: lettersAndDigits, ...spec }, recogniserOf(identifier));
}

/** The words that such identifiers begin with, and how one is read. */
export function recogniserOf(identifier: Shapes): AnchoredRecogniser {
  const { shapes = [], contextual = [], context = [], isValid } = identifier;
  const inContext = contextTest(context);
  // By the length of the word they begin with and what follows it, the longest first.
  const forms = new Map<number, Form[]>();
  const add = (shape: string, isContextual: boolean): void => {
    const [{ length }] = anchorsOf(shape) as [WordAnchor];
    const key = formKey(length, shape.charCodeAt(length) || 0);
    const list = [...(forms.get(key) ?? []), { shape, contextual: isContextual }];
    forms.set(
      key,
      list.sort((a, b) => b.shape.length - a.shape.length),
    );
  };
  for (const shape of shapes) add(shape, false);
  for (const shape of contextual) add(shape, true);

  const recognise = (text: string, at: number, wordEnd: number): Span | undefined => {
    const length = wordEnd - at;
    const joined = forms.get(formKey(length, text.charCodeAt(wordEnd) || 0));
    return read(text, at, joined) ?? read(text, at, forms.get(formKey(length, 0)));
  };
  const read = (text: string, at: number, list: readonly Form[] | undefined): Span | undefined => {
    if (list === undefined) return undefined;
    for (const { shape, contextual: needsContext } of list) {
      if (!hasShape(shape, text, at)) continue;
      const end = at + shape.length;
      if (isInsideNumber(text, at, end)) continue;
      if (shape.includes(' ') && continuesBehindBlank(text, at, end)) continue;
      if (needsContext && !inContext(text, at)) continue;
      if (isValid !== undefined) {
        const value = text.slice(at, end);
        const code = lettersAndDigits(value);
        if (!isValid(code, digitsOf(code), value)) continue;
      }
      return { start: at, end };
    }
    return undefined;
  };
  const words = [...shapes, ...contextual].flatMap((shape) => anchorsOf(shape));
  const distinct = [...new Map(words.map((word) => [JSON.stringify(word), word])).values()];
  return { anchors: { words: distinct }, recognise };
}

/** `next` is what must follow the first word; 0 when the shape ends there. */
function formKey(length: number, next: number): number {
  return length * 256 + next;
}

/** Whether a group of digits goes on behind a blank: then the groups are those of another, longer number. */
function continuesBehindBlank(text: string, start: number, end: number): boolean {
  if (text.charAt(end) === ' ' && isDigit(text.charCodeAt(end + 1))) return true;
  return start > 1 && text.charAt(start - 1) === ' ' && isDigit(text.charCodeAt(start - 2));
}

/** Whether `YYMMDD`-like parts are a day that exists; `year` may have two digits, then 29 February does. */
export function isDay(year: number, month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1) return false;
  if (month !== 2) return day <= ([4, 6, 9, 11].includes(month) ? 30 : 31);
  const leap = year % 4 === 0 && (year < 100 || year % 100 !== 0 || year % 400 === 0);
  return day <= (leap ? 29 : 28);
}
