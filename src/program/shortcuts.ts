// Which pipelines leave a value as it is, told by the kinds of its bytes.
//
// Most values are plain, and for them no pipeline does anything. The answer for a combination of byte classes is
// worked out once. Senders choose the combinations, so only so many are remembered.

import type { GappedSearch } from '../regex/gapped-search.ts';
import { inAnyCase, summarised } from './byte-classes.ts';
import type { PipelineNode, ValueFilter } from './program.ts';
import { type RuleWords, ruleWords } from './rule-words.ts';
import type { TierSource } from './tiers.ts';

/** A step that can tell of a value that its form will be too short. */
export interface FormBound {
  /** The value has to be the same up to here. */
  readonly before: PipelineNode;
  readonly mostBytes: (text: string, enough: number) => number;
  /** What must come out of the step at least. */
  readonly enough: number;
}

/** Rules that look at one form of a value. */
export interface FormRules extends RuleWords {
  readonly stage: PipelineNode;
  /** No form of fewer bytes is matched by one of the rules. */
  readonly minBytes: number;
  /** No value of fewer bytes has a form that one of the rules matches. */
  readonly shortest: number;
  readonly bound: FormBound | undefined;
  /** Undefined where nothing is told without making the form. */
  readonly search: GappedSearch | undefined;
}

/** What to do with a value of one source. */
export interface ReadingPlan {
  /** The rules that look at the value as it is, behind whatever pipeline. */
  readonly same: RuleWords;
  /** Those that look at it in another case; undefined where no rule does. */
  readonly recased: RuleWords | undefined;
  /** The forms that it may have otherwise. */
  readonly altered: readonly FormRules[];
}

/** A plan for all values that the same pipelines alter, and what tells which of its forms matter to some of them. */
class FullPlan {
  readonly same: RuleWords;
  readonly recased: RuleWords | undefined;
  readonly altered: readonly FormRules[];
  /** By altered form: classes that it may have and the value has not; -1 for any. */
  readonly adds: readonly number[];
  readonly #reduced = new Map<string, ReadingPlan>();

  constructor(
    same: RuleWords,
    recased: RuleWords | undefined,
    altered: readonly FormRules[],
    adds: readonly number[],
  ) {
    this.same = same;
    this.recased = recased;
    this.altered = altered;
    this.adds = adds;
  }

  /** The plan with these forms alone; the same object for the same ones. */
  reducedTo(places: readonly number[]): ReadingPlan {
    if (places.length === this.altered.length) return this;
    const key = String.fromCharCode(...places);
    let plan = this.#reduced.get(key);
    if (plan === undefined) {
      const { same, recased } = this;
      plan = { same, recased, altered: places.map((place) => this.altered[place] as FormRules) };
      this.#reduced.set(key, plan);
    }
    return plan;
  }
}

const ALTERED = 0;
const SAME = 1;
const RECASED = 2;

/** Where values are the same behind a pipeline, and so how those of each source are read. */
export class Sameness {
  /** By pipeline node: `SAME` where such values are what they were, `RECASED` where only their case changed, or 0. */
  readonly sameAt: Uint8Array;
  readonly #plans: (FullPlan | undefined)[] = [];

  constructor(sameAt: Uint8Array) {
    this.sameAt = sameAt;
  }

  planOf(source: TierSource): FullPlan {
    return this.#plans[source.id] ?? this.#makePlan(source);
  }

  #makePlan({ id, forms }: TierSource): FullPlan {
    const words = forms[0]?.rules.length ?? 0;
    const same = new Int32Array(words);
    let recased: Int32Array | undefined;
    const altered: FormRules[] = [];
    const adds: number[] = [];
    for (const form of forms) {
      const sameness = this.sameAt[form.stage.id];
      if (sameness === ALTERED) {
        altered.push(form);
        adds.push(this.#addsUpTo(form.stage));
      } else {
        if (sameness === RECASED) recased ??= new Int32Array(words);
        const rules = sameness === RECASED && recased !== undefined ? recased : same;
        for (let word = 0; word < words; word++) rules[word]! |= form.rules[word]!;
      }
    }
    const plan = new FullPlan(ruleWords(same), recased && ruleWords(recased), altered, adds);
    this.#plans[id] = plan;
    return plan;
  }

  /** What the steps may bring in that lie behind the last one that leaves such values as they are. */
  #addsUpTo(stage: PipelineNode): number {
    let classes = 0;
    for (let at: PipelineNode | undefined = stage; at !== undefined; at = at.parent) {
      if (this.sameAt[at.id] === SAME) break;
      if (at.adds === -1) return -1;
      classes |= at.adds;
    }
    return classes;
  }
}

/** What is known of all values of the same kinds of bytes. */
export class Shortcut {
  readonly #plans: (ReadingPlan | undefined)[] = [];
  /** Shared with all other kinds that pipelines treat alike. */
  readonly sameness: Sameness;
  readonly #possible: (readonly number[] | undefined)[] = [];
  /** By filter and classes: what is possible for such values with some more. */
  readonly #wider: (Map<number, readonly number[]> | undefined)[] = [];
  readonly #classes: number;

  constructor(classes: number, sameness: Sameness) {
    this.#classes = classes;
    this.sameness = sameness;
  }

  isSameAt(stage: PipelineNode): boolean {
    return this.sameness.sameAt[stage.id] === SAME;
  }

  isRecasedAt(stage: PipelineNode): boolean {
    return this.sameness.sameAt[stage.id] === RECASED;
  }

  /** How values of the source are read for the rules of its tier, of which the first has bit 0 of `fromWord`. */
  planOf(source: TierSource, filter: ValueFilter, fromWord: number): ReadingPlan {
    return this.#plans[source.id] ?? this.#makePlan(source, filter, fromWord);
  }

  /** A form matters when it may hold what one of its rules needs. */
  #makePlan(source: TierSource, filter: ValueFilter, fromWord: number): ReadingPlan {
    const full = this.sameness.planOf(source);
    const places: number[] = [];
    full.altered.forEach(({ rules }, place) => {
      const adds = full.adds[place]!;
      const possible = adds === -1 ? undefined : this.#possibleWith(adds, filter);
      const matters = rules.some(
        (bits, word) => (bits & (possible === undefined ? -1 : possible[fromWord + word]!)) !== 0,
      );
      if (matters) places.push(place);
    });
    const plan = full.reducedTo(places);
    this.#plans[source.id] = plan;
    return plan;
  }

  /** The same for such values with some more classes. */
  #possibleWith(adds: number, filter: ValueFilter): readonly number[] {
    let known = this.#wider[filter.id];
    if (known === undefined) {
      known = new Map();
      this.#wider[filter.id] = known;
    }
    const classes = summarised(this.#classes | adds);
    let possible = known.get(classes);
    if (possible === undefined) {
      possible = filter.possible(classes);
      known.set(classes, possible);
    }
    return possible;
  }

  /** The rules of a filter that may match such values. */
  possible(filter: ValueFilter): readonly number[] {
    const known = this.#possible[filter.id];
    if (known !== undefined) return known;
    const possible = filter.possible(this.#classes);
    this.#possible[filter.id] = possible;
    return possible;
  }

  /** Those that may match them when the case of letters changes. */
  possibleInAnyCase(filter: ValueFilter): readonly number[] {
    return this.#possibleWith(inAnyCase(this.#classes), filter);
  }
}

/** An attacker's combinations take 30 MB at the most: a plan for each kind and source, and those that they share. */
const MOST_REMEMBERED = 2048;
const MOST_SAMENESSES = 256;

/** `nodes` by id; the answer for the same classes is the same object while it is remembered. */
export function createShortcuts(nodes: readonly PipelineNode[]): (classes: number) => Shortcut {
  const known = new Map<number, Shortcut>();
  const samenesses = new Map<string, Sameness>();

  /** By what it depends on: which of the steps' sets of classes such values touch. */
  const samenessOfTouched = new Map<string, Sameness>();
  const alterations = [...new Set(nodes.flatMap(({ alters, altersMore }) => [alters, altersMore]))];

  /** A char for each sixteen sets. */
  function touchedBy(classes: number): string {
    let touched = '';
    for (let at = 0; at < alterations.length; at += 16) {
      let bits = 0;
      const end = Math.min(alterations.length, at + 16);
      for (let set = at; set < end; set++) {
        bits = bits * 2 + ((alterations[set]! & classes) === 0 ? 0 : 1);
      }
      touched += String.fromCharCode(bits);
    }
    return touched;
  }

  function samenessOf(classes: number): Sameness {
    const touched = touchedBy(classes) + touchedBy(inAnyCase(classes));
    let sameness = samenessOfTouched.get(touched);
    if (sameness === undefined) {
      sameness = makeSameness(classes);
      samenessOfTouched.set(touched, sameness);
    }
    return sameness;
  }

  function makeSameness(classes: number): Sameness {
    const sameAt = new Uint8Array(nodes.length);
    for (const { id, parent, alters, altersMore } of nodes) {
      const before = parent === undefined ? SAME : sameAt[parent.id]!;
      const held = before === RECASED ? inAnyCase(classes) : classes;
      if (before === ALTERED || altersMore === -1) sameAt[id] = ALTERED;
      else if ((alters & held) === 0) sameAt[id] = before;
      else sameAt[id] = (altersMore & held) === 0 ? RECASED : ALTERED;
    }
    const key = String.fromCharCode(...sameAt);
    let sameness = samenesses.get(key);
    if (sameness === undefined) {
      sameness = new Sameness(sameAt);
      samenesses.set(key, sameness);
    }
    return sameness;
  }

  const shortcutOf = (classes: number): Shortcut => {
    const kind = summarised(classes);
    let shortcut = known.get(kind);
    if (shortcut === undefined) {
      if (known.size >= MOST_REMEMBERED || samenesses.size >= MOST_SAMENESSES) {
        known.clear();
        samenesses.clear();
        samenessOfTouched.clear();
      }
      shortcut = new Shortcut(kind, samenessOf(kind));
      known.set(kind, shortcut);
    }
    return shortcut;
  };
  return shortcutOf;
}
