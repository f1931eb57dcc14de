// What loading works out from texts alone, and may find again instead of working it out again.
//
// Promise: what is found is what would have been made. So the text says everything that the answer depends on, and
// nobody changes the answer. But for trees it is plain data: strings, numbers, lists, records and typed arrays.

/** One for each function of a text. Trees of patterns are held while loading lasts, and never kept. */
export type MemoKind =
  | 'document'
  | 'tree'
  | 'pattern'
  | 'literals'
  | 'needs'
  | 'phrases'
  | 'scanner';

export interface Memo {
  /** What is recalled may have been made by a load before. */
  readonly outlivesLoad: boolean;
  /** What `make` gives for this text; what it throws is thrown and not remembered. */
  readonly recall: <T extends object | number | null>(
    kind: MemoKind,
    text: string,
    make: () => T,
  ) => T;
  /** Loading is over: keeps what is new for the next time, lets go of everything, and remembers nothing more. */
  readonly settle: () => void;
}

/** Remembers nothing. */
export const NO_MEMO: Memo = Object.freeze({
  outlivesLoad: false,
  recall: <T>(_kind: MemoKind, _text: string, make: () => T): T => make(),
  settle: () => {},
});

/** Remembers while loading lasts: rules share patterns and lists. */
export function createLoadMemo(): Memo {
  const kinds = new Map<MemoKind, Map<string, object | number | null>>();
  let isSettled = false;
  return {
    outlivesLoad: false,
    recall: (kind, text, make) => {
      if (isSettled) return make();
      let known = kinds.get(kind);
      if (known === undefined) {
        known = new Map();
        kinds.set(kind, known);
      }
      const before = known.get(text);
      if (before !== undefined) return before as ReturnType<typeof make>;
      const value = make();
      known.set(text, value);
      return value;
    },
    settle: () => {
      isSettled = true;
      kinds.clear();
    },
  };
}
