// `%{NAME.key}`: text that is completed from the transaction, with its names resolved at load.
//
// An unknown name expands to nothing, as in ModSecurity v2 (v3 refuses to load), and so does one without a
// value; Coraza leaves the name. What does not look like a macro stays as it is.

import { asciiLower } from '../base/ascii.ts';
import type { Macro } from '../model/action.ts';
import type { Behaviour } from '../model/compatibility.ts';
import type { VariableDefinition } from '../model/variable.ts';
import type { TransactionView } from '../model/view.ts';
import type { Registry } from './registry.ts';

type Part = string | ((view: TransactionView) => string);

// v3 also writes `%{NAME:key}`.
const MACRO = /%\{([A-Za-z_]+)(?:[.:]([^}]*))?\}/g;

/** True when the text holds something to expand. */
export function hasMacro(text: string): boolean {
  return text.includes('%{') && text.search(MACRO) >= 0;
}

/** What a macro leaves behind that has no value; `written` stood between its braces. */
function undefinedText(written: string, { settings }: TransactionView): string {
  return settings.behaviour.undefinedMacros === 'name' ? written : '';
}

/** A macro as it is written: `%{TX.score}`. */
export interface WrittenMacro {
  readonly name: string;
  readonly key: string | undefined;
  /** Of its `%`. */
  readonly offset: number;
  readonly length: number;
}

/** The macros of a text, in order, whether or not variables of these names exist. */
export function writtenMacros(text: string): readonly WrittenMacro[] {
  if (!text.includes('%{')) return [];
  return [...text.matchAll(MACRO)].map((match) => ({
    name: match[1] as string,
    key: match[2],
    offset: match.index,
    length: match[0].length,
  }));
}

/** The lower-case keys of TX that the text is completed from; undefined when it needs anything else. */
export function txKeysOf({ literal, source }: Macro): readonly string[] | undefined {
  if (literal !== undefined) return [];
  const keys: string[] = [];
  for (const { name, key } of writtenMacros(source)) {
    // A key between slashes may be a pattern (libmodsecurity).
    if (name.toUpperCase() !== 'TX' || !key || key.startsWith('/')) return undefined;
    keys.push(asciiLower(key));
  }
  return keys;
}

/** What begins like a macro and is none: `%{tx.a` at the end of the text, `%{tx a}`, `%{}`. */
export interface BrokenMacro {
  readonly offset: number;
  readonly length: number;
  /** Begins with a name, as only a macro does. */
  readonly isNamed: boolean;
  readonly isClosed: boolean;
}

export function brokenMacros(text: string): readonly BrokenMacro[] {
  if (!text.includes('%{')) return [];
  const broken: BrokenMacro[] = [];
  let from = 0;
  for (const { offset, length } of [...writtenMacros(text), { offset: text.length, length: 0 }]) {
    const between = text.slice(from, offset);
    for (const match of between.matchAll(/%\{[^%}]*\}?/g)) {
      broken.push({
        offset: from + match.index,
        length: match[0].length,
        isNamed: /^%\{[A-Za-z_]/.test(match[0]),
        isClosed: match[0].endsWith('}'),
      });
    }
    from = offset + length;
  }
  return broken;
}

/** Most texts: rule sets hold thousands, so each is one small object. */
class PlainText implements Macro {
  readonly source: string;
  readonly literal: string;

  constructor(text: string) {
    this.source = text;
    this.literal = text;
  }

  expand(): string {
    return this.literal;
  }
}

function reader(
  variable: VariableDefinition,
  key: string | undefined,
  written: string,
  findsKey: ((key: string) => boolean) | undefined,
): (view: TransactionView) => string {
  switch (variable.kind) {
    case 'scalar':
      return (view) => variable.read(view) ?? '';
    case 'document':
      return (view) => variable.select(view, key ?? '')[0] ?? '';
    case 'collection': {
      if (key === undefined || key === '') {
        return (view) => undefinedText(written, view) || (variable.list(view)[0]?.value ?? '');
      }
      if (findsKey !== undefined) {
        return (view) =>
          variable.list(view).find((pair) => findsKey(pair.key))?.value ??
          undefinedText(written, view);
      }
      const { find } = variable;
      if (find !== undefined) {
        return (view) => find(view, key)?.value ?? undefinedText(written, view);
      }
      const lowerKey = key.toLowerCase();
      return (view) => {
        for (const pair of variable.list(view)) {
          if (pair.key.length === key.length && pair.key.toLowerCase() === lowerKey)
            return pair.value;
        }
        return undefinedText(written, view);
      };
    }
  }
}

export interface MacroOptions {
  /** libmodsecurity takes a `%` behind the brace for a part of the macro. */
  readonly macroEnd?: Behaviour['macroEnd'];
  /** Tests keys by the pattern between the slashes of a key; left out: slashes are text. */
  readonly keyPattern?: ((source: string) => (key: string) => boolean) | undefined;
}

/**
 * Compiles a text with macros. `onUnknown` hears of names that no variable has, with their offset.
 */
export function compileMacro(
  text: string,
  variables: Registry<VariableDefinition>,
  onUnknown?: (name: string, offset: number) => void,
  { macroEnd = 'brace', keyPattern }: MacroOptions = {},
): Macro {
  if (!hasMacro(text)) return new PlainText(text);
  const parts: Part[] = [];
  let from = 0;
  for (const match of text.matchAll(MACRO)) {
    if (match.index > from) parts.push(text.slice(from, match.index));
    from = match.index + match[0].length;
    if (macroEnd === 'brace-percent' && text[from] === '%' && text[from + 1] !== '{') from++;
    const name = match[1] as string;
    const variable = variables.find(name);
    if (variable === undefined) onUnknown?.(name, match.index + 2);
    else {
      const key = match[2];
      const pattern = key === undefined ? undefined : /^\/(.+)\/$/s.exec(key)?.[1];
      const findsKey = pattern === undefined ? undefined : keyPattern?.(pattern);
      parts.push(reader(variable, key, match[0].slice(2, -1), findsKey));
    }
  }
  if (from < text.length) parts.push(text.slice(from));
  const single = parts.length === 1 ? parts[0] : undefined;
  if (typeof single === 'function') return { source: text, literal: undefined, expand: single };
  return {
    source: text,
    literal: undefined,
    expand: (view) => {
      let expanded = '';
      for (const part of parts) expanded += typeof part === 'string' ? part : part(view);
      return expanded;
    },
  };
}
