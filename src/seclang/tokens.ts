// The lexers of SecLang: words of a directive, targets, operators, action lists.
//
// Tokens are coarse: whole words, names together with their colon, whole values. The grammars in
// grammar/ say in which order they may stand. A lexer holds its position, so each parse makes its own
// set with `createLexers`; the compiled patterns are shared.
//
// Invariant: no pattern nests repetitions over the same chars, so each is linear on any input.

import moo from 'moo';
import type { DirectiveShape } from './directives.ts';
import { findDirective } from './directives.ts';
import type { Syntax } from './syntax.ts';

export interface Lexers {
  readonly directive: moo.Lexer;
  readonly targets: moo.Lexer;
  readonly operator: moo.Lexer;
  readonly actions: moo.Lexer;
}

/** The type of the token that nothing may follow: a quote without its end. */
export const BROKEN_QUOTE = 'brokenQuote';

function caseless(name: string): string {
  return name.replace(/[a-z]/g, (letter) => `[${letter}${letter.toUpperCase()}]`);
}

const NAME_TYPES: Readonly<Record<DirectiveShape, string>> = {
  rule: 'rule',
  action: 'action',
  'default-action': 'defaultAction',
  script: 'script',
  marker: 'marker',
  include: 'include',
  remove: 'remove',
  'update-target': 'updateTarget',
  'update-action': 'updateAction',
  dataset: 'dataset',
  setting: 'setting',
};

function nameType(text: string): string {
  const definition = findDirective(text);
  return definition === undefined ? 'unknown' : NAME_TYPES[definition.shape];
}

// `'` and `"` words: a backslash always takes the next char with it, so `\\` never escapes a quote.
// What follows has to be a blank; otherwise the word is broken and reported as such.
const directive: moo.Lexer = moo.states({
  name: {
    datasetName: {
      match: new RegExp(`${caseless('secdataset')}(?![^ \\t\\r\\f\\v\\n])`),
      type: () => 'dataset',
      next: 'datasetWords',
    },
    name: {
      match: /[^ \t\r\f\v\n]+/,
      type: (text) => nameType(text),
      next: 'words',
    },
  },
  datasetWords: {
    block: /`[^`\n]*`(?![^ \t\r\f\v\n])/,
    include: 'words',
  },
  words: {
    blank: /[ \t\r\f\v]+/,
    double: /"[^"\\\n]*(?:\\[^\n][^"\\\n]*)*"(?![^ \t\r\f\v\n])/,
    single: /'[^'\\\n]*(?:\\[^\n][^'\\\n]*)*'(?![^ \t\r\f\v\n])/,
    [BROKEN_QUOTE]: /["'][^\n]*/,
    bare: /[^ \t\r\f\v\n]+/,
  },
});

// Blanks around separators are allowed, as in ModSecurity 2. XML selectors are XPath: they end at a
// separator that stands outside of brackets and strings.
const targets: moo.Lexer = moo.states({
  target: {
    separator: /[ \t\r\f\v]*[|,][ \t\r\f\v]*/,
    exclude: '!',
    count: '&',
    xmlKey: { match: /[Xx][Mm][Ll]:/, next: 'xpathStart' },
    key: { match: /[A-Za-z][A-Za-z0-9_-]*:/, next: 'selector' },
    name: /[A-Za-z][A-Za-z0-9_-]*/,
    blank: /[ \t\r\f\v]+/,
    unexpected: /[^|, \t\r\f\v\n]+/,
  },
  selector: {
    separator: { match: /[ \t\r\f\v]*[|,][ \t\r\f\v]*/, next: 'target' },
    blank: { match: /[ \t\r\f\v]+/, next: 'target' },
    quoted: { match: /'[^'\\\n]*(?:\\[^\n][^'\\\n]*)*'/, next: 'target' },
    [BROKEN_QUOTE]: /'[^\n]*/,
    regex: { match: /\/[^/\\\n]*(?:\\[^\n][^/\\\n]*)*\//, next: 'target' },
    brokenRegex: /\/[^\n]*/,
    literal: { match: /[^|, \t\r\f\v\n]+/, next: 'target' },
  },
  xpathStart: {
    quoted: { match: /'[^'\\\n]*(?:\\[^\n][^'\\\n]*)*'/, next: 'target' },
    separator: { match: /[ \t\r\f\v]*[|,][ \t\r\f\v]*/, next: 'target' },
    xpath: { match: /[^|,()[\]'" \t\r\f\v\n]+/, next: 'xpath' },
    open: { match: /[([]/, push: 'nested' },
    unexpected: /[^\n]/,
  },
  xpath: {
    separator: { match: /[ \t\r\f\v]*[|,][ \t\r\f\v]*/, next: 'target' },
    blank: { match: /[ \t\r\f\v]+$/, next: 'target' },
    xpath: /[^|,()[\]'" \t\r\f\v\n]+|[ \t\r\f\v]+|"[^"\n]*"|'[^'\n]*'/,
    open: { match: /[([]/, push: 'nested' },
    unexpected: /[^\n]/,
  },
  nested: {
    xpath: /[^()[\]'"\n]+|"[^"\n]*"|'[^'\n]*'/,
    open: { match: /[([]/, push: 'nested' },
    close: { match: /[)\]]/, pop: 1 },
    unexpected: /[^\n]/,
  },
});

// Blanks in front of `!`, `@` and the argument are skipped; blanks at the end belong to the argument.
const operator: moo.Lexer = moo.states({
  start: {
    negation: { match: /[ \t\r\f\v]*![ \t\r\f\v]*/, next: 'negated' },
    name: { match: /[ \t\r\f\v]*@[^ \t\r\f\v\n]+/, next: 'argument' },
    nameless: /[ \t\r\f\v]*@[^\n]*/,
    blank: /[ \t\r\f\v]+/,
    pattern: /[^ \t\r\f\v\n][^\n]*/,
  },
  negated: {
    name: { match: /@[^ \t\r\f\v\n]+/, next: 'argument' },
    nameless: /@[^\n]*/,
    pattern: /[^\n]+/,
  },
  argument: {
    blank: /[ \t\r\f\v]+/,
    argument: /[^ \t\r\f\v\n][^\n]*/,
  },
});

// Actions whose unquoted value is prose and may hold blanks, as libmodsecurity and Coraza allow. For
// all others a blank ends the action, as in ModSecurity 2: `phase:2 pass`.
const PROSE = ['msg', 'logdata', 'tag', 'ver', 'append', 'prepend'] as const;

const NAMED = {
  separator: /[ \t\r\f\v]*,[ \t\r\f\v,]*|[ \t\r\f\v]+/,
  flag: /[A-Za-z][A-Za-z0-9_-]*/,
  unexpected: /[^, \t\r\f\v\n]+/,
} as const;
const KEY = /[A-Za-z][A-Za-z0-9_-]*:[ \t\r\f\v]*/;
const VALUE = {
  separator: { match: /,[ \t\r\f\v,]*/, next: 'action' },
  quoted: { match: /'[^'\\\n]*(?:\\[^\n][^'\\\n]*)*'/, next: 'action' },
  [BROKEN_QUOTE]: /'[^\n]*/,
} as const;
const PROSE_VALUE = {
  match: /[^', \t\r\f\v\n][^, \t\r\f\v\n]*(?:[ \t\r\f\v]+[^, \t\r\f\v\n]+)*/,
  next: 'action',
} as const;

const actions: moo.Lexer = moo.states({
  action: {
    separator: NAMED.separator,
    proseKey: {
      match: new RegExp(`(?:${PROSE.map(caseless).join('|')}):[ \\t\\r\\f\\v]*`),
      type: () => 'key',
      next: 'prose',
    },
    key: { match: KEY, next: 'value' },
    flag: NAMED.flag,
    unexpected: NAMED.unexpected,
  },
  value: {
    ...VALUE,
    bare: { match: /[^', \t\r\f\v\n][^, \t\r\f\v\n]*/, next: 'action' },
  },
  prose: { ...VALUE, bare: PROSE_VALUE },
});

// Where a blank never ends a value, all values are prose.
const actionsWithBlanks: moo.Lexer = moo.states({
  action: {
    separator: NAMED.separator,
    key: { match: KEY, next: 'prose' },
    flag: NAMED.flag,
    unexpected: NAMED.unexpected,
  },
  prose: { ...VALUE, bare: PROSE_VALUE },
});

/** Lexers of one parse: the shared patterns with positions of their own. */
export function createLexers({ blanksInValues }: Syntax): Lexers {
  return {
    directive: copied(directive),
    targets: copied(targets),
    operator: copied(operator),
    actions: copied(blanksInValues === 'kept' ? actionsWithBlanks : actions),
  };
}

/** moo's types leave `clone` out. */
function copied(lexer: moo.Lexer): moo.Lexer {
  return (lexer as moo.Lexer & { clone(): moo.Lexer }).clone();
}
