// What a document type declaration declares that the reader behind may act on: XML_DTD shows it to rules.
//
// Nothing of it is fetched here. A reader that resolves external entities, as many do unless told not to,
// reads files and asks other machines for them (XXE), which no text of the document gives away.

import type { Pair } from '../model/pair.ts';

/**
 * `root`: the name behind DOCTYPE. `subset`: the system identifier of a DTD outside. `entity`, `parameter`:
 * names of entities. `external`: system identifiers of entities outside, of both kinds.
 */
export type XmlDeclaration = 'root' | 'subset' | 'entity' | 'parameter' | 'external';

/** Of each kind, so that many of one kind hide none of another. */
const MOST_OF_A_KIND = 100;

export class XmlDeclarations {
  readonly #pairs: Pair[] = [];
  readonly #counts = new Map<XmlDeclaration, number>();

  add(kind: XmlDeclaration, value: string): void {
    const count = this.#counts.get(kind) ?? 0;
    if (count >= MOST_OF_A_KIND) return;
    this.#counts.set(kind, count + 1);
    this.#pairs.push({ key: kind, value });
  }

  /** In the order of the document. */
  get pairs(): readonly Pair[] {
    return this.#pairs;
  }
}
