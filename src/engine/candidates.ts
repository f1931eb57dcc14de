// Tells which rules of a phase cannot match, and which values of the others, before anything is run.
//
// The values of a tier's rules are collected and read once; a rule that none of them may match costs a bit test,
// and one that some may match is run on those alone. A rule without a value has no match at all, negated or not.

import type { Phase } from '../model/phase.ts';
import type {
  Instruction,
  PhaseFilter,
  Places,
  Program,
  QuietPlaces,
  TargetGroup,
  ValueFilter,
  ValueSource,
} from '../program/program.ts';
import type { RuleWords } from '../program/rule-words.ts';
import type { FormRules } from '../program/shortcuts.ts';
import type { Tier, TierPart, TierSource } from '../program/tiers.ts';
import { hasRule, meets, NO_PAIRS, type RulePairs, takeOut, takePairs } from './rule-pairs.ts';
import type { TransactionState } from './state.ts';
import { type Element, expandTargets, isLeftOut } from './targets.ts';
import { Sparse, type Value } from './value.ts';
import { mayBeKept } from './value-cache.ts';
import type { Values } from './values.ts';

interface SourceValues {
  readonly areFinal: boolean;
  readonly elements: readonly Element[];
}

/** Of shorter values classes are told as fast as literals are, and forms made as fast as what they hold. */
const LONG = 256;

function isRuledOut(value: Value, filter: ValueFilter, bit: number): boolean {
  return ((value.ruledOutFor(filter)?.[bit >> 5] ?? 0) & (1 << (bit & 31))) !== 0;
}

const isPowerOfTwo = (count: number): boolean => (count & (count - 1)) === 0;

/** Whether one of the rules is not found yet. */
function isWanted({ rules, words }: FormRules, found: readonly number[]): boolean {
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    if ((rules[word]! & ~found[word]!) !== 0) return true;
  }
  return false;
}

export class Candidates {
  readonly #program: Program;
  readonly #state: TransactionState;
  readonly #values: Values;
  #phase: PhaseFilter | undefined;
  /** Words of the phase's rules: those that some value may match, and all of tiers that are not read yet. */
  #rules: number[] = [];
  #isRead: boolean[] = [];
  /** The elements that some rule of a tier may match, source by source, and which rules. */
  #open: Element[] = [];
  #openRules: RulePairs[] = [];
  /** By source of a tier, from the phase's first on: where its elements begin and end in those lists. */
  #openFrom: number[] = [];
  #openEnd: number[] = [];
  /** The rules that the value may match that is being read. */
  #reading: number[] = [];
  /** Of TX, when it was looked at last; -1 for never in this phase. */
  #changesSeen = -1;
  #isQuiet = false;
  /** By source; `known` is set in all elements. */
  #sources: (SourceValues | undefined)[] = [];

  constructor(program: Program, state: TransactionState, values: Values) {
    this.#program = program;
    this.#state = state;
    this.#values = values;
  }

  start(phase: Phase): void {
    const before = this.#phase;
    this.#changesSeen = -1;
    this.#phase = this.#program.filters[phase];
    if (this.#phase === undefined) return;
    const { filter, words, rules, tiers, sources } = this.#phase;
    // Plain lists: typed ones take longer to make than to use.
    this.#rules = rules.slice();
    this.#isRead = new Array<boolean>(tiers.length).fill(false);
    this.#open = [];
    this.#openRules = [];
    this.#openFrom = new Array<number>(sources).fill(0);
    this.#openEnd = new Array<number>(sources).fill(0);
    this.#reading = new Array<number>(words).fill(0);
    // Logging rules may see another answer than those before them.
    if (before?.filter === filter && phase !== 5) this.#forgetPassing();
    else this.#sources = [];
  }

  /** Sources are shared by the phases of a filter, and of some the values were not final when they were read. */
  #forgetPassing(): void {
    for (let at = 0; at < this.#sources.length; at++) {
      if (this.#sources[at]?.areFinal === false) this.#sources[at] = undefined;
    }
  }

  /** True when the rule is sure not to match. What ctl took from its targets only makes that surer. */
  excludes({ tier, bit, group }: Instruction): boolean {
    if (tier < 0 || this.#hasPassing(group)) return false;
    const phase = this.#phase as PhaseFilter;
    if (this.#isRead[tier] === false) this.#read(phase.tiers[tier] as Tier, phase);
    return (this.#rules[(bit >> 5) - phase.fromWord]! & (1 << (bit & 31))) === 0;
  }

  /** Whether there are values that nothing is known of. */
  #hasPassing(group: TargetGroup | undefined): boolean {
    if (group === undefined || group.passing.length === 0) return false;
    return group.passing.some(({ link }) => expandTargets(link, undefined, this.#state).length > 0);
  }

  /** The first instruction at `pc` or behind it that is not sure to match nothing. */
  next(pc: number): number {
    if (this.#phase === undefined) return pc;
    const { places } = this.#phase;
    const { nextBit, ofBit } = places;
    const { nextOpen } = this.#quiet(places) ?? places;
    const rules = this.#rules;
    const open = nextOpen[pc]!;
    const bit = nextBit[pc]!;
    let word = bit >> 5;
    let left = word < rules.length ? rules[word]! & (-1 << (bit & 31)) : 0;
    while (left === 0) {
      word++;
      if (word >= rules.length) return open;
      left = rules[word]!;
    }
    return Math.min(open, ofBit[word * 32 + 31 - Math.clz32(left & -left)]!);
  }

  /** Undefined while TX is not as it is expected to be. */
  #quiet({ quiet }: Places): QuietPlaces | undefined {
    if (quiet === undefined) return undefined;
    const { tx } = this.#state;
    if (tx.changes !== this.#changesSeen) {
      this.#changesSeen = tx.changes;
      this.#isQuiet = tx.find(quiet.key)?.value === quiet.value;
    }
    return this.#isQuiet ? quiet : undefined;
  }

  /** The elements that the starter of a grouped rule may match, in order. */
  collect({ tier, bit }: Instruction, { sources }: TargetGroup): readonly Element[] {
    const phase = this.#phase as PhaseFilter;
    const { sourceIds } = phase.tiers[tier] as Tier;
    if (this.#isRead[tier] === false) this.#read(phase.tiers[tier] as Tier, phase);
    const word = (bit >> 5) - phase.fromWord;
    const mask = 1 << (bit & 31);
    const collected: Element[] = [];
    for (const source of sources) {
      if (source.isPassing) {
        collected.push(...expandTargets(source.link, undefined, this.#state));
        continue;
      }
      const at = sourceIds[source.id]! - phase.firstSource;
      const end = this.#openEnd[at]!;
      for (let open = this.#openFrom[at]!; open < end; open++) {
        if (!hasRule(this.#openRules[open] as RulePairs, word, mask)) continue;
        const element = this.#open[open] as Element;
        // For rules that look at the same values twice, and leave some out once.
        if (source.whole !== undefined && isLeftOut(element, source.link, this.#state)) continue;
        collected.push(element);
      }
    }
    return collected;
  }

  /** For forms of the values that were collected for a grouped rule. */
  mayMatch({ bit, links }: Instruction, form: Value): boolean {
    const { filter } = this.#phase as PhaseFilter;
    // Which of several stages it was collected for is not known.
    if (links[0]?.stages !== undefined) return this.#values.mayMatch(form, filter, bit);
    return !isRuledOut(form, filter, bit);
  }

  /** True when the operator of a negated starter is sure not to match the form by itself. */
  isDenied({ denial }: Instruction, form: Value): boolean {
    if (denial < 0) return false;
    return !this.#values.mayMatch(form, (this.#phase as PhaseFilter).filter, denial);
  }

  /** The starter was run on the form and did not match it. */
  ruleOut({ bit, isPure }: Instruction, form: Value): void {
    if (isPure) form.ruleOut((this.#phase as PhaseFilter).filter, bit);
  }

  #read({ id, rules, sources }: Tier, phase: PhaseFilter): void {
    for (let word = 0; word < rules.length; word++) this.#rules[word]! &= ~rules[word]!;
    const open = this.#open;
    for (const tierSource of sources) {
      const elements = this.#valuesOf(tierSource.source);
      const from = open.length;
      // By number: lists that are frozen are walked slowly otherwise.
      for (let at = 0; at < elements.length; at++) {
        const element = elements[at] as Element;
        const value = element.known as Value;
        const all = value.isKept
          ? this.#readKept(value, tierSource, phase)
          : this.#readValue(value, tierSource, phase);
        const pairs = this.#withoutParts(all, element, tierSource.parts);
        if (pairs.length === 0) continue;
        for (let pair = 0; pair < pairs.length; pair += 2) {
          this.#rules[pairs[pair]!]! |= pairs[pair + 1]!;
        }
        open.push(element);
        this.#openRules.push(pairs);
      }
      this.#openFrom[tierSource.id - phase.firstSource] = from;
      this.#openEnd[tierSource.id - phase.firstSource] = open.length;
    }
    this.#isRead[id] = true;
  }

  /** Without the rules that leave the element out. */
  #withoutParts(pairs: RulePairs, element: Element, parts: readonly TierPart[]): RulePairs {
    let left = pairs;
    for (let at = 0; at < parts.length && left.length > 0; at++) {
      const { rules, source } = parts[at] as TierPart;
      if (!meets(left, rules) || !isLeftOut(element, source.link, this.#state)) continue;
      left = takeOut(left, rules);
    }
    return left;
  }

  /** As `#readValue`: the same answer for each request. */
  #readKept(value: Value, source: TierSource, phase: PhaseFilter): RulePairs {
    const word = source.id >> 5;
    const mask = 1 << (source.id & 31);
    if (((value.hopeless?.[word] ?? 0) & mask) !== 0) return NO_PAIRS;
    const known = value.readings?.get(source.id);
    // Rules that were tried in the meantime may have been ruled out.
    if (known !== undefined && !isPowerOfTwo(++known.uses)) return known.rules;
    const rules = this.#readValue(value, source, phase);
    if (rules.length === 0) {
      value.hopeless ??= new Array<number>((this.#program.sources + 31) >> 5).fill(0);
      value.hopeless[word]! |= mask;
    } else if (known !== undefined) known.rules = rules;
    else {
      value.readings ??= new Sparse();
      value.readings.set(source.id, { rules, uses: 1 });
    }
    return rules;
  }

  /** The rules of the tier that may match the value. */
  #readValue(value: Value, source: TierSource, phase: PhaseFilter): RulePairs {
    const rules = this.#reading;
    const { filter, fromWord } = phase;
    const values = this.#values;
    const { length } = value.text;
    // What looks for literals tells the classes as well, and long values are hardly ever read for the latter alone.
    if (value.classes === -1 && length >= LONG) values.found(value, filter);
    const shortcut = values.shortcut(value);
    const { same, recased, altered } = shortcut.planOf(source, filter, fromWord);
    this.#add(value, same, phase, rules);
    if (recased !== undefined) {
      // Rules that have been tried on the value itself were not tried on it in another case.
      const possible = shortcut.possibleInAnyCase(filter);
      this.#addPossible(value, recased, possible, undefined, phase, rules);
    }
    for (let place = 0; place < altered.length; place++) {
      const form = altered[place] as FormRules;
      const { stage, minBytes, shortest, bound, search } = form;
      if (length < shortest || !isWanted(form, rules)) continue;
      if (bound !== undefined && shortcut.isSameAt(bound.before)) {
        if (bound.mostBytes(value.text, bound.enough) < bound.enough) continue;
      }
      if (search !== undefined && length >= LONG && !search(value.text)) continue;
      const after = values.form(value, stage);
      if (after.text.length >= minBytes) this.#add(after, form, phase, rules);
    }
    return takePairs(rules);
  }

  /** Adds those of the rules that may match the value as it is. */
  #add(value: Value, wanted: RuleWords, phase: PhaseFilter, rules: number[]): void {
    const { filter } = phase;
    const possible = this.#values.shortcut(value).possible(filter);
    this.#addPossible(value, wanted, possible, value.ruledOutFor(filter), phase, rules);
  }

  #addPossible(
    value: Value,
    asked: RuleWords,
    possible: readonly number[],
    ruledOut: readonly number[] | undefined,
    phase: PhaseFilter,
    rules: number[],
  ): void {
    const { filter, fromWord } = phase;
    const { rules: wanted, words } = asked;
    const found = value.foundFor(filter) ?? this.#findWanted(value, asked, phase, possible);
    for (let place = 0; place < words.length; place++) {
      const word = words[place]!;
      const at = fromWord + word;
      const added = found[at]! & possible[at]! & wanted[word]!;
      if (added !== 0) rules[word]! |= ruledOut === undefined ? added : added & ~ruledOut[at]!;
    }
  }

  /** Looks for literals where a wanted rule has some. */
  #findWanted(
    value: Value,
    { rules: wanted, words }: RuleWords,
    { filter, fromWord }: PhaseFilter,
    possible: readonly number[],
  ): readonly number[] {
    const { always } = filter;
    for (let place = 0; place < words.length; place++) {
      const word = words[place]!;
      const at = fromWord + word;
      if ((possible[at]! & wanted[word]! & ~always[at]!) !== 0)
        return this.#values.found(value, filter);
    }
    return always;
  }

  #valuesOf(source: ValueSource): readonly Element[] {
    const found = this.#sources[source.id];
    if (found !== undefined) return found.elements;
    const elements = this.#collectValues(source);
    const areFinal = source.finalFrom <= this.#state.phase;
    this.#sources[source.id] = { areFinal, elements };
    return elements;
  }

  #collectValues({ link }: ValueSource): readonly Element[] {
    const elements = expandTargets(link, undefined, this.#state);
    for (let at = 0; at < elements.length; at++) {
      const element = elements[at] as Element;
      const { value, target, pair } = element;
      element.known = mayBeKept(target, pair?.key)
        ? this.#values.ofRecurring(value)
        : this.#values.of(value);
    }
    return elements;
  }
}
