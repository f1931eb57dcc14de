// Patterns to matchers: which engine runs which pattern.
//
// Regular patterns, all of CRS among them, are run by automata: linear in the subject, in every path,
// decisions and captures alike. Other patterns go to V8 where the translation is exact and the
// worst case of backtracking is known to be small for the length of the subject, and to PCRE2 under
// its budget otherwise.
//
// Compiling parses and chooses. Automata, V8 expressions and PCRE2 code are built at first use, except
// that a pattern left to PCRE2 is compiled at once, because only PCRE2 can tell whether it is valid.

import { type Memo, NO_MEMO } from '../model/memo.ts';
import type { PatternOptions } from '../model/operator.ts';
import { OperatorArgumentError } from '../model/operator.ts';
import type { Node, Pattern } from './ast.ts';
import {
  type AutomatonFacts,
  AutomatonMatcher,
  type AutomatonRecall,
} from './automaton-matcher.ts';
import { BacktrackingMatcher } from './backtracking.ts';
import { BudgetedMatcher } from './budgeted-matcher.ts';
import { sizeOf } from './byte-set.ts';
import { lastCertainGroup } from './certain-groups.ts';
import type { CompiledPattern } from './compiled-pattern.ts';
import type { Dialect, Flags } from './dialect.ts';
import { dialectFlags } from './dialect.ts';
import { parsePattern } from './parse.ts';
import type { Pcre2 } from './pcre2.ts';
import { fitsAlphabet, isRegular, MAX_PROGRAM_SIZE, programSize } from './regular.ts';
import { simplify } from './simplify.ts';
import { SplitMatcher } from './split-matcher.ts';
import { translate } from './translate.ts';
import { isAnchored, minWidth } from './width.ts';
import { v8SubjectLimit } from './work.ts';

export interface CompileOptions extends PatternOptions {
  /** Default: modsecurity-2. */
  readonly dialect?: Dialect;
  /** Called at most once per pattern that needs it. Without it such patterns are refused. */
  readonly pcre2?: () => Pcre2;
  /** Where what is worked out from the pattern may be found again. */
  readonly memo?: Memo | undefined;
}

/** Null: automata cannot run it. */
type Remembered = AutomatonFacts | null;

interface Parsed {
  readonly pattern: Pattern;
  readonly root: Node;
  readonly obstacle: Obstacle | undefined;
}

function parse(source: string, flags: Flags): Parsed {
  const pattern = parsePattern(source, flags);
  const simple = pattern.plain || pattern.foreign.length > 0;
  const root = simple ? pattern.root : simplify(pattern.root);
  return { pattern, root, obstacle: automatonObstacle(pattern, root) };
}

/**
 * Throws `OperatorArgumentError`: `invalid-regex` with the offset, `regex-unsupported` for Unicode
 * modes, `regex-needs-pcre2` when only PCRE2 can run the pattern and there is none.
 */
export function compilePattern(source: string, options: CompileOptions = {}): CompiledPattern {
  const { memo = NO_MEMO } = options;
  const flags = dialectFlags(options.dialect ?? 'modsecurity-2', options);
  const text = `${Object.values(flags).map(Number).join('')} ${source}`;
  // Trees take much memory and are asked for once or twice: parsing again is cheaper than keeping them.
  const parsed = (): Parsed => memo.recall('tree', text, () => parse(source, flags));
  const facts = memo.recall('pattern', text, (): Remembered => {
    const { pattern, root, obstacle } = parsed();
    if (obstacle !== undefined) return null;
    return {
      groupCount: pattern.groupCount,
      certainGroups: pattern.groupCount > 0 ? lastCertainGroup(root) : 0,
      minBytes: minWidth(root),
    };
  });
  if (facts !== null) {
    const recall: AutomatonRecall = (kind, more, make) =>
      memo.recall(kind, `${text}\n${more}`, make);
    return new AutomatonMatcher(source, facts, () => parsed().root, recall);
  }
  const { pattern, root, obstacle } = parsed();
  return compileBacktracking(pattern, root, obstacle as Obstacle, options.pcre2);
}

/** What only other engines run, and where it stands in the pattern. */
interface Obstacle {
  readonly what: string;
  readonly offset: number | undefined;
}

/** Why automata cannot run the pattern, or undefined when they can. */
function automatonObstacle(pattern: Pattern, root: Node): Obstacle | undefined {
  const [foreign] = pattern.foreign;
  if (foreign !== undefined) return { what: foreign, offset: pattern.foreignAt };
  if (!pattern.plain) {
    if (!isRegular(root)) return firstIrregular(root);
    if (!fitsAlphabet(root)) return { what: 'too many lookarounds', offset: undefined };
  }
  return programSize(root, true) > MAX_PROGRAM_SIZE ? TOO_LARGE : undefined;
}

const TOO_LARGE: Obstacle = { what: 'counted repeats that make it too large', offset: undefined };

function firstIrregular(node: Node): Obstacle | undefined {
  switch (node.kind) {
    case 'sequence':
    case 'choice': {
      const children = node.kind === 'sequence' ? node.items : node.options;
      for (const child of children) {
        const found = firstIrregular(child);
        if (found !== undefined) return found;
      }
      return undefined;
    }
    case 'group':
      return firstIrregular(node.body);
    case 'repeat':
      if (node.mode !== 'possessive') return firstIrregular(node.body);
      return { what: 'a possessive quantifier', offset: node.at };
    case 'look':
      if (isRegular(node)) return undefined;
      return { what: `a look${node.behind ? 'behind' : 'ahead'}`, offset: node.at };
    case 'atomic':
      return { what: 'an atomic group', offset: node.at };
    case 'backreference':
      return { what: 'a backreference', offset: node.at };
    case 'set':
    case 'assert':
    case 'foreign':
      return undefined;
  }
}

function compileBacktracking(
  pattern: Pattern,
  root: Node,
  { what, offset }: Obstacle,
  pcre2: (() => Pcre2) | undefined,
): CompiledPattern {
  const translated = translate(root, pattern.groupCount);
  const sticky = beginsWithAnything(root);
  const limit =
    translated.kind === 'translated' ? v8SubjectLimit(root, sticky || isAnchored(root)) : 0;
  const needs = limit < Infinity;
  if (needs && pcre2 === undefined) {
    throw new OperatorArgumentError(
      `Regular expression: it has ${what}, which needs PCRE2, and PCRE2 is not there`,
      {
        code: 'regex-needs-pcre2',
        help: `write the pattern without ${what}`,
        ...(offset !== undefined && { offset, length: 1 }),
      },
    );
  }
  const budgeted = { what, offset, safeBytes: 0 };
  if (translated.kind === 'refused') {
    const why = `in V8: ${translated.reason}`;
    return new BudgetedMatcher(pattern, root, budgeted, why, pcre2!());
  }
  const { translation } = translated;
  if (limit < MIN_V8_BYTES) {
    return new BudgetedMatcher(pattern, root, budgeted, 'V8 could backtrack long', pcre2!());
  }
  const v8 = new BacktrackingMatcher(translation, sticky);
  return new SplitMatcher(pattern, root, { what, offset, safeBytes: limit }, v8, pcre2);
}

/** V8 for fewer bytes than this is not worth a second engine. */
const MIN_V8_BYTES = 32;

/** `.*` in front, with DOTALL: if anything matches, a match starts where the search does. */
function beginsWithAnything(root: Node): boolean {
  const first = root.kind === 'sequence' ? root.items[0] : root;
  if (first?.kind !== 'repeat' || first.min !== 0 || first.max !== Infinity) return false;
  return first.mode !== 'possessive' && first.body.kind === 'set' && sizeOf(first.body.set) === 256;
}
