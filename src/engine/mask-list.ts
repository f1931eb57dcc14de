// Gathers what rules want kept out of the audit log; each thing once, however often a rule matches.

import { type Masks, type MatchedMask, NO_MASKS } from '../model/masks.ts';

export type MaskedNames = Exclude<keyof Masks, 'matched'>;

export class MaskList {
  readonly #names: Readonly<Record<MaskedNames, Set<string>>> = {
    args: new Set(),
    requestHeaders: new Set(),
    responseHeaders: new Set(),
  };
  readonly #matched = new Map<string, MatchedMask>();
  #isEmpty = true;

  add(part: MaskedNames, name: string): void {
    this.#isEmpty = false;
    this.#names[part].add(name);
  }

  addMatched(mask: MatchedMask): void {
    this.#isEmpty = false;
    const { variable, text, keepLeft, keepRight } = mask;
    this.#matched.set(JSON.stringify([variable, text ?? null, keepLeft, keepRight]), mask);
  }

  get masks(): Masks {
    if (this.#isEmpty) return NO_MASKS;
    const { args, requestHeaders, responseHeaders } = this.#names;
    return {
      args: [...args],
      requestHeaders: [...requestHeaders],
      responseHeaders: [...responseHeaders],
      matched: [...this.#matched.values()],
    };
  }
}
