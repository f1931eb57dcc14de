// TX:0 to TX:9 after a match of a rule with `capture`.
//
// Of many matches hardly ever more than the last one's captures are read, so they may be taken later: TX asks for
// them when somebody looks at one of them, or at all of TX, and the next match replaces what nobody has asked for.
// That must not show, not even in the order of TX: what is replaced might have added captures or removed some. So
// those of groups wait only where they are sure to change no keys of TX, or where its last keys are those of groups.

import type { Behaviour } from '../model/compatibility.ts';
import type { CaptureFinder } from '../model/operator.ts';
import type { KeyedValues } from './collections.ts';

const SLOTS: readonly string[] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'];
const UNKNOWN = -1;

export class Captures {
  readonly #tx: KeyedValues;
  /** Earlier captures are cleared first (ModSecurity v2), or what is not overwritten stays (v3, Coraza). */
  readonly #clears: boolean;
  readonly #skipsEmpty: boolean;
  readonly #groupsMayWait: boolean;
  /** How many groups TX has while its short keys are the same. */
  #groups = 0;
  #shortKeys: number = UNKNOWN;
  /** The layout of TX in which these are its last keys. */
  #layout: number = UNKNOWN;
  #finder: CaptureFinder | undefined = undefined;
  #value = '';
  readonly #take = (): void => {
    const finder = this.#finder;
    this.#finder = undefined;
    if (finder !== undefined) this.#write(finder.find(this.#value));
  };

  constructor(tx: KeyedValues, { captures, missingCaptures }: Behaviour) {
    this.#tx = tx;
    this.#clears = captures === 'cleared';
    this.#skipsEmpty = missingCaptures === 'absent';
    this.#groupsMayWait = this.#clears && !this.#skipsEmpty;
  }

  /** The first is what the whole match captured. */
  store(captures: readonly string[]): void {
    this.#tx.wait(undefined);
    this.#write(captures);
  }

  storeLater(finder: CaptureFinder, value: string): void {
    const { fewest, most } = finder;
    if (most === 0) {
      if (this.#clears) this.#clearGroups();
    } else if (!this.#groupsMayWait || !(this.#has(fewest, most) || this.#groupsAreLast())) {
      this.store(finder.find(value));
      return;
    }
    this.#finder = finder;
    this.#value = value;
    this.#tx.wait(this.#take);
  }

  #write(captures: readonly string[]): void {
    const tx = this.#tx;
    const areLast = this.#layout === tx.layout;
    const isKnown = this.#shortKeys === tx.shortKeys;
    const count = isKnown ? Math.max(captures.length, this.#groups + 1) : SLOTS.length;
    for (let at = 0; at < count; at++) {
      const slot = SLOTS[at] as string;
      const value = captures[at];
      if (value === '' && at > 0 && this.#skipsEmpty) continue;
      if (value !== undefined) tx.set(slot, value);
      else if (this.#clears) tx.unset(slot);
    }
    if (this.#groupsMayWait) this.#know(captures.length - 1, areLast || captures.length <= 1);
  }

  /** True when TX has just as many groups as every match has. */
  #has(fewest: number, most: number): boolean {
    return fewest === most && this.#groups === most && this.#shortKeys === this.#tx.shortKeys;
  }

  #clearGroups(): void {
    const tx = this.#tx;
    if (this.#has(0, 0)) return;
    for (let at = 1; at < SLOTS.length; at++) tx.unset(SLOTS[at] as string);
    this.#know(0, true);
  }

  #groupsAreLast(): boolean {
    if (this.#layout === this.#tx.layout) return true;
    if (!this.#has(0, 0)) {
      for (let at = 1; at < SLOTS.length; at++) {
        if (this.#tx.find(SLOTS[at] as string) !== undefined) return false;
      }
    }
    this.#know(0, true);
    return true;
  }

  #know(groups: number, areLast: boolean): void {
    this.#groups = groups;
    this.#shortKeys = this.#tx.shortKeys;
    this.#layout = areLast ? this.#tx.layout : UNKNOWN;
  }
}
