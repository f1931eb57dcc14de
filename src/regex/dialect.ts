// How an engine reads a pattern: the options it compiles every pattern with.
//
// ModSecurity v2 compiles with DOTALL and DOLLAR_ENDONLY, v3 with DOTALL and MULTILINE. The default
// here is v2's, which CRS is written for.

import type { PatternOptions } from '../model/operator.ts';

export type Dialect = 'modsecurity-2' | 'modsecurity-3';

/** Flags at one place of a pattern; `(?i)` and its kin change them from there on. */
export interface Flags {
  readonly caseless: boolean;
  readonly multiline: boolean;
  readonly dotAll: boolean;
  /** Without it, `$` outside multiline mode also matches before a newline that ends the subject. */
  readonly dollarEndOnly: boolean;
  /** `(?x)`: white space and comments in the pattern count for nothing. */
  readonly extended: boolean;
  /** `(?xx)`: blanks inside classes count for nothing either. */
  readonly extendedMore: boolean;
  /** `(?U)`: quantifiers are lazy unless followed by `?`. */
  readonly swapGreed: boolean;
  /** `(?n)`: plain parentheses do not capture. */
  readonly noAutoCapture: boolean;
  /** `(?J)`: group names may be given twice. */
  readonly duplicateNames: boolean;
}

export function dialectFlags(dialect: Dialect, options: PatternOptions): Flags {
  const multiline = options.multiline ?? dialect === 'modsecurity-3';
  return {
    caseless: options.caseless ?? false,
    multiline,
    dotAll: options.dotAll ?? true,
    dollarEndOnly: dialect === 'modsecurity-2',
    extended: false,
    extendedMore: false,
    swapGreed: false,
    noAutoCapture: false,
    duplicateNames: false,
  };
}

/** `flags` with each of the option letters of `(?imsxnUJ)` set to `on`. */
export function withOptions(flags: Flags, letters: string, on: boolean): Flags {
  const changed: { -readonly [name in keyof Flags]: Flags[name] } = { ...flags };
  for (const letter of letters) {
    if (letter === 'i') changed.caseless = on;
    else if (letter === 'm') changed.multiline = on;
    else if (letter === 's') changed.dotAll = on;
    else if (letter === 'n') changed.noAutoCapture = on;
    else if (letter === 'U') changed.swapGreed = on;
    else if (letter === 'J') changed.duplicateNames = on;
  }
  if (letters.includes('x')) {
    changed.extended = on;
    changed.extendedMore = on && letters.includes('xx');
  }
  return changed;
}
