// What a document looked like at a revision, from what each revision changed. The first one has every file.

import type { PolicyText } from '../document/positions.ts';

/** One file before and after; null: it was not there. */
export interface FileChange {
  readonly name: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** Files by name; null for those that are gone. */
export type DocumentState = ReadonlyMap<string, string | null>;

/** The state after the last of them. `before`: the state that they begin with; default: nothing. */
export function stateAfter(
  revisions: readonly { readonly files: readonly FileChange[] }[],
  before: DocumentState = new Map(),
): DocumentState {
  const state = new Map(before);
  for (const { files } of revisions) {
    for (const { name, after } of files) state.set(name, after);
  }
  return state;
}

/** What differs from the state; files that it does not know are new. */
export function changesSince(
  state: DocumentState,
  texts: readonly PolicyText[],
): readonly FileChange[] {
  const now = new Map(texts.map(({ name, text }) => [name, text]));
  const names = new Set([...state.keys(), ...now.keys()]);
  return [...names].flatMap((name): readonly FileChange[] => {
    const before = state.get(name) ?? null;
    const after = now.get(name) ?? null;
    return before === after ? [] : [{ name, before, after }];
  });
}

/** The files of a state as texts. */
export function textsOf(state: DocumentState): readonly PolicyText[] {
  return [...state].flatMap(([name, text]) => (text === null ? [] : [{ name, text }]));
}
