// The contract of an operator: compiled once from its argument at load, evaluated on many values.

import type { ByteClasses, ClassNeed } from '../base/class-need.ts';
import type { Behaviour } from './compatibility.ts';
import type { Memo } from './memo.ts';
import type { OutsideAnswer, OutsideQuestion } from './outside.ts';
import type { Pair } from './pair.ts';
import type { RunScript } from './script.ts';
import type { Settings } from './settings.ts';
import type { BodyView } from './view.ts';

/** What `evaluate` reads and what it leaves behind for the engine. */
export interface OperatorRun {
  /** True when the rule has `capture`; only then does the operator fill `captures`. */
  capturing: boolean;
  /** Emptied by the engine before each evaluation. Index 0 is the whole match; absent groups are "". */
  readonly captures: string[];
  /** Where the engine takes captures later: called on a match instead of filling `captures`. */
  readonly captureLater?: (find: CaptureFinder, value: string) => void;
  /** The argument after macro expansion; equals the written one when it holds no macro. */
  argument: string;
  /** Evidence for the log, set on a match: `fingerprint 's&1c'`. The engine clears it. */
  detail: string;
  /** The answer to what the operator asked; undefined when nobody answers. Set for operators that ask. */
  answer?: OutsideAnswer | undefined;
  /** The full name of what is tested: `REMOTE_ADDR`. Set for operators that ask. */
  target?: string | undefined;
  /** The transaction, for the few operators that read or fill other variables (@geoLookup, @restpath). */
  readonly transaction: OperatorTransaction;
}

export interface CaptureFinder {
  /** How many texts it finds behind that of the whole match. */
  readonly fewest: number;
  readonly most: number;
  /** What a value that matches captures. Does not throw. */
  readonly find: (value: string) => readonly string[];
}

/** What an operator may see and set beside its value. */
export interface OperatorTransaction {
  /** Replaces GEO. */
  setGeo(entries: readonly Pair[]): void;
  /** Adds to ARGS_PATH. */
  addPathArguments(args: readonly Pair[]): void;
  /** The request body as received; undefined without one. */
  readonly rawBody: string | undefined;
  readonly body: BodyView;
  readonly settings: Settings;
  /** For the debug log; level 1 to 9. */
  tell(level: number, text: string): void;
}

/** Longer texts than the literals that are looked for, one of which has to be there as well. Lists of one length. */
export interface WholeLiterals {
  /** ASCII lower case. */
  readonly texts: readonly string[];
  /** The literal that stands in each text, by number; each literal stands in one. */
  readonly windows: readonly number[];
  /** Where. */
  readonly offsets: readonly number[];
}

/** Necessary for a match: a value that matches contains one of the literals, ASCII letters in any case. */
export interface LiteralRequirement {
  /** ASCII lower case, never empty strings. */
  readonly literals: readonly string[];
  /** Left out: the literals are all that is known. */
  readonly wholes?: WholeLiterals;
  /** How often one of them is expected per byte of ordinary text; rare ones make a good filter. */
  readonly score: number;
}

/** What runs a pattern, for reports. */
export interface PatternEngine {
  /** `expanded`: each text that the macros come to is compiled by itself. */
  readonly engine: Matcher['engine'] | 'expanded';
  readonly reason: string;
}

export interface CompiledOperator {
  /** Set by operators that run a pattern. */
  readonly pattern?: PatternEngine;
  /**
   * What has to be known from outside before `evaluate` can tell; undefined: nothing. The engine waits for it and
   * hands it over in `run.answer`. Throws nothing. An operator that asks is never pure.
   */
  readonly asks?: (value: string, run: OperatorRun) => OutsideQuestion | undefined;
  /**
   * What every matching value contains, or undefined when nothing is known. One-sided: a literal wrongly
   * named here is a missed attack. May cost time; asked once, when a program is compiled.
   */
  readonly requires?: () => LiteralRequirement | undefined;
  /**
   * The same for values that hold none but the bytes of the set, byte b at bit b & 31 of word b >>> 5; 'never' when
   * none of them matches.
   */
  readonly requiresOf?: (bytes: Uint32Array) => LiteralRequirement | 'never' | undefined;
  /**
   * What every matching value holds, in the given classes of bytes. One-sided like `requires`; asked once, when a
   * program is compiled.
   */
  readonly needs?: (classes: ByteClasses) => ClassNeed;
  /** Shorter values do not match, before negation. */
  readonly minBytes?: number | undefined;
  /**
   * True when the answer depends on the value and the argument alone and asking changes nothing but the run:
   * then a value need not be asked about twice.
   */
  readonly isPure?: boolean;
  /**
   * True on a match, before negation. Throws `MatchLimitError` when a budget ran out and `ScriptError` when
   * a script failed, never anything else for any bytes.
   */
  readonly evaluate: (value: string, run: OperatorRun) => boolean;
  /**
   * Where in a value that matches the operator found what it looks for, as libmodsecurity tells it; left out
   * when it tells nothing. Slow: asked only for a log line. `argument` has its macros expanded. Throws as
   * `evaluate`.
   */
  readonly locate?: (value: string, argument: string) => readonly MatchSpan[];
}

/** Bytes of a value. */
export type MatchSpan = readonly [offset: number, length: number];

/** A compiled regular expression, whichever engine runs it. */
export interface Matcher {
  readonly engine: 'dfa' | 'v8' | 'pcre2';
  /** Why this engine, in a few words, for the load report. */
  readonly reason: string;
  /** What keeps matches from being linear in the subject; left out when nothing does. */
  readonly obstacle?: PatternObstacle | undefined;
  /** As `CompiledOperator.requires`. */
  readonly requiredLiterals?: () => LiteralRequirement | undefined;
  /** As `CompiledOperator.requiresOf`. */
  readonly requiredLiteralsOf?: (bytes: Uint32Array) => LiteralRequirement | 'never' | undefined;
  /** As `CompiledOperator.needs`. */
  readonly needs?: (classes: ByteClasses) => ClassNeed;
  /** As `CompiledOperator.minBytes`. */
  readonly minBytes?: number;
  /** Number of capturing groups. */
  readonly groupCount: number;
  /** As many of them every match has at least, counted up to the last; left out when that is not known. */
  readonly certainGroups?: number;
  /** Throws `MatchLimitError` when the budget ran out. */
  readonly test: (subject: string) => boolean;
  /**
   * The leftmost match at or after `from` (default 0), or null. Throws `MatchLimitError`.
   */
  readonly exec: (subject: string, from?: number) => MatcherResult | null;
  /**
   * As `exec`, but where the groups lie: the whole match first, undefined for a group that took no part.
   * Slower; for logs.
   */
  readonly locate?: (subject: string, from?: number) => readonly (MatchSpan | undefined)[] | null;
}

/** Why a pattern is not run by automata, and what that means for its subjects. */
export interface PatternObstacle {
  /** `a lookahead` */
  readonly what: string;
  /** Where it stands in the pattern, when it stands in one place. */
  readonly offset: number | undefined;
  /** Subjects of up to this many bytes cannot run out of their budget; 0: any may. */
  readonly safeBytes: number;
}

export interface MatcherResult {
  readonly index: number;
  readonly end: number;
  /** Whole match first; a group that took no part is undefined. */
  readonly groups: readonly (string | undefined)[];
}

/** A budget ran out before the operator could decide. An outcome with a name, never a "no match". */
export class MatchLimitError extends Error {
  override readonly name: string = 'MatchLimitError';
}

/** The operator's argument is wrong; `offset` and `length` point into the argument. */
export class OperatorArgumentError extends Error {
  override readonly name: string = 'OperatorArgumentError';
  readonly code: string;
  readonly offset: number | undefined;
  readonly length: number | undefined;
  readonly help: string | undefined;

  constructor(
    message: string,
    where: { code?: string; offset?: number; length?: number; help?: string } = {},
  ) {
    super(message);
    this.code = where.code ?? 'bad-operator-argument';
    this.offset = where.offset;
    this.length = where.length;
    this.help = where.help;
  }
}

/** What an operator may ask for while it is compiled. */
export interface OperatorContext {
  /** True when the argument holds `%{...}` and the operator expands macros: compile lazily then. */
  readonly hasMacros: boolean;
  /** Compiles a pattern in the ruleset's dialect. Throws `OperatorArgumentError` with the offset inside it. */
  readonly compilePattern: (pattern: string, options?: PatternOptions) => Matcher;
  /**
   * The bytes of a data file, looked for beside the rule's own file first. Undefined when there is none.
   */
  readonly readData: (path: string) => string | undefined;
  /** The lines of a SecDataset, without blank ones and comments. Undefined when there is none. */
  readonly dataset: (name: string) => readonly string[] | undefined;
  /** The database of SecGeoLookupDb; undefined without one. */
  readonly geoDatabase: GeoDatabase | undefined;
  /** The key of SecHttpBlKey; undefined without one. */
  readonly httpBlKey?: string | undefined;
  /** Left out: our own ways. */
  readonly behaviour?: Behaviour;
  /** Where what is worked out from the argument may be found again. */
  readonly memo?: Memo | undefined;
  /** Loads what XML documents are judged by; undefined where that cannot be done. */
  readonly loadXmlGrammar: ((grammar: XmlGrammar) => XmlValidator) | undefined;
  /** Reads and checks a script; undefined when it cannot be run, which has been reported then. */
  readonly loadScript?: (path: string) => RunScript | undefined;
  /** The absolute path of a program that may be run; undefined when it may not. */
  readonly allowedProgram?: (path: string) => string | undefined;
  /** Tells the rule's author something; the rule loads all the same. */
  readonly warn: (warning: OperatorWarning) => void;
}

export interface GeoDatabase {
  /** What is known of 4 or 16 bytes of an address, in MaxMind's shape; undefined when nothing is. */
  readonly find: (address: Uint8Array) => unknown;
}

export interface XmlGrammar {
  readonly kind: 'dtd' | 'schema';
  readonly path: string;
  readonly bytes: string;
  /** Files that the grammar includes; undefined when there is none of that name. */
  readonly readFile: (path: string) => string | undefined;
}

export interface XmlValidator {
  /** What is wrong with the grammar itself; no document is valid then. */
  readonly grammarFault: string | undefined;
  /**
   * What makes the document invalid, a fault a line; undefined when it is valid. Throws `MatchLimitError`.
   */
  readonly faultOf: (document: string) => string | undefined;
}

export interface OperatorWarning {
  readonly code: string;
  readonly message: string;
  readonly help?: string;
}

export interface PatternOptions {
  /** `^` and `$` also match at line ends (ModSecurity v3 does so for @rx; default false). */
  readonly multiline?: boolean;
  readonly caseless?: boolean;
  /** Default true. */
  readonly dotAll?: boolean;
}

export interface OperatorDefinition {
  /** As SecLang spells it: `detectSQLi`. Looked up case-insensitively. */
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly summary: string;
  readonly argument: 'none' | 'optional' | 'required';
  /** Whether `%{...}` in the argument is expanded at each evaluation. */
  readonly macros: boolean;
  /** Throws `OperatorArgumentError` for a wrong argument. */
  readonly compile: (argument: string, context: OperatorContext) => CompiledOperator;
}
