// What a DTD declares that changes how a document reads, and the allowance for using it.
//
// Entities nest, so a short text can stand for a very long one ("billion laughs"). Every inclusion is
// paid for before it happens, and the sum is capped for the whole document.

import { XmlCursor, XmlFault } from './xml-cursor.ts';
import type { XmlDeclarations } from './xml-declarations.ts';

export interface XmlEntity {
  /** Undefined for external entities, which are never loaded. */
  readonly text: string | undefined;
  /** Declared with NDATA; must not be referenced in text. */
  readonly unparsed: boolean;
}

const PREDEFINED: ReadonlyMap<string, string> = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['amp', '&'],
  ['apos', "'"],
  ['quot', '"'],
]);

const DEEPEST = 40;

/**
 * What an inclusion costs beside its bytes: each makes nodes, which take far more time and memory than one
 * or two bytes of text. Without it, 500 bytes of entities make 100,000 texts.
 */
const INCLUSION = 100;

export class XmlEntities {
  readonly general: Map<string, XmlEntity> = new Map();
  readonly parameter: Map<string, XmlEntity> = new Map();
  /** Default attribute values by element name. */
  readonly defaults: Map<string, Map<string, string>> = new Map();
  /** There are declarations that we did not load, so an unknown name need not be an error. */
  hasUnreadDeclarations = false;
  standalone = false;
  readonly declarations: XmlDeclarations;
  #allowance: number;

  constructor(allowance: number, declarations: XmlDeclarations) {
    this.#allowance = allowance;
    this.declarations = declarations;
  }

  /** Takes one inclusion of `bytes` from the allowance for expanded text. */
  spend(bytes: number): void {
    this.#allowance -= bytes + INCLUSION;
    if (this.#allowance < 0) throw new XmlFault('entities expand to too much text');
  }

  /** The character of a predefined entity. */
  predefined(name: string): string | undefined {
    return PREDEFINED.get(name);
  }

  /**
   * Replacement text of a general entity, already paid for. `depth` is the number of entities open
   * around it. External and unread ones give undefined and contribute nothing.
   */
  replacement(name: string, depth: number): string | undefined {
    const entity = this.general.get(name);
    if (entity === undefined) {
      if (this.hasUnreadDeclarations && !this.standalone) return undefined;
      throw new XmlFault('reference to an undeclared entity');
    }
    if (entity.unparsed) throw new XmlFault('reference to an unparsed entity');
    if (entity.text === undefined) return undefined;
    if (depth >= DEEPEST) throw new XmlFault('entities nested too deeply');
    this.spend(entity.text.length);
    return entity.text;
  }

  /** An attribute value with references resolved and white space made blanks. */
  attributeValue(literal: string): string {
    if (!/[&<\t\n\r]/.test(literal)) return literal;
    let value = '';
    const open: { readonly cursor: XmlCursor; readonly name: string }[] = [
      { cursor: new XmlCursor(literal), name: '' },
    ];
    let top = open.at(-1);
    while (top !== undefined) {
      const { cursor } = top;
      if (cursor.ended) {
        open.pop();
      } else if (cursor.startsWith('&')) {
        const reference = cursor.readReference();
        if (reference.kind === 'character') {
          value += reference.value;
        } else {
          const plain = this.predefined(reference.name);
          if (plain === undefined) {
            open.push(this.#openInAttribute(reference.name, open));
          } else {
            value += plain;
          }
        }
      } else {
        value += readAttributeText(cursor);
      }
      top = open.at(-1);
    }
    return value;
  }

  #openInAttribute(
    name: string,
    open: readonly { readonly name: string }[],
  ): { readonly cursor: XmlCursor; readonly name: string } {
    if (open.some((entity) => entity.name === name)) throw new XmlFault('an entity holds itself');
    if (this.general.get(name)?.text === undefined && this.general.has(name)) {
      throw new XmlFault('external entity in an attribute');
    }
    return { cursor: new XmlCursor(this.replacement(name, open.length) ?? ''), name };
  }
}

function readAttributeText(cursor: XmlCursor): string {
  const start = cursor.at;
  while (!cursor.ended && !cursor.startsWith('&')) {
    if (cursor.startsWith('<')) cursor.fail("'<' in an attribute value");
    cursor.at += 1;
  }
  return cursor.text.slice(start, cursor.at).replace(/[\t\n\r]/g, ' ');
}
