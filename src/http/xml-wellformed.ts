// Checks that a text is well-formed XML 1.0 and hands on what is in it.
//
// Names, attributes and text leave through `XmlSink` with all references resolved, in document order.
// At the first violation the reading stops, and what was handed on until then stands: rules go on to
// inspect it. No call stack grows with the document.

import { XmlCursor, XmlFault } from './xml-cursor.ts';
import type { XmlDeclarations } from './xml-declarations.ts';
import { readDoctype } from './xml-dtd.ts';
import { XmlEntities } from './xml-entities.ts';
import { findForbidden } from './xml-names.ts';

export interface XmlSink {
  /** Attribute names are distinct. The map is filled anew for the next element. */
  open(name: string, attributes: ReadonlyMap<string, string>): void;
  text(value: string): void;
  close(): void;
}

export interface XmlLimits {
  /** Open elements, the root counted. */
  readonly maxDepth: number;
  /** Bytes that entities and default attributes may add to the document. */
  readonly maxExpansion: number;
  /** Elements and attributes together. */
  readonly maxNodes: number;
}

const DECLARATION =
  /^<\?xml[ \t\n]+version[ \t\n]*=[ \t\n]*(?:"1\.[0-9]+"|'1\.[0-9]+')(?:[ \t\n]+encoding[ \t\n]*=[ \t\n]*(?:"[A-Za-z][A-Za-z0-9._-]*"|'[A-Za-z][A-Za-z0-9._-]*'))?(?:[ \t\n]+standalone[ \t\n]*=[ \t\n]*(?:"(yes|no)"|'(yes|no)'))?[ \t\n]*\?>/;

/** What is wrong with `text` (well-formed UTF-8), undefined when nothing is. `declarations` is filled. */
export function checkXml(
  text: string,
  sink: XmlSink,
  limits: XmlLimits,
  declarations: XmlDeclarations,
): string | undefined {
  const lines = text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
  const forbidden = findForbidden(lines);
  const readable = forbidden === -1 ? lines : lines.slice(0, forbidden);
  try {
    new DocumentReader(readable, sink, limits, declarations).read();
  } catch (fault) {
    if (!(fault instanceof XmlFault)) throw fault;
    return forbidden === -1 ? fault.message : `character not allowed at offset ${forbidden}`;
  }
  return forbidden === -1 ? undefined : `character not allowed at offset ${forbidden}`;
}

/** The document itself, or an entity being read in its place. */
interface Frame {
  readonly cursor: XmlCursor;
  readonly entity: string;
  /** Elements open when the frame began; an entity must close exactly what it opens. */
  readonly depth: number;
}

class DocumentReader {
  readonly #sink: XmlSink;
  readonly #maxDepth: number;
  #nodesLeft: number;
  readonly #entities: XmlEntities;
  readonly #frames: Frame[];
  readonly #openNames: string[] = [];
  readonly #openEntities = new Set<string>();
  /** Of the tag that is being read. */
  readonly #attributes = new Map<string, string>();

  constructor(text: string, sink: XmlSink, limits: XmlLimits, declarations: XmlDeclarations) {
    this.#sink = sink;
    this.#maxDepth = limits.maxDepth;
    this.#nodesLeft = limits.maxNodes;
    this.#entities = new XmlEntities(limits.maxExpansion, declarations);
    this.#frames = [{ cursor: new XmlCursor(text), entity: '', depth: 0 }];
  }

  read(): void {
    const { cursor } = this.#frames[0]!;
    this.#readDeclaration(cursor);
    let hasDoctype = false;
    for (;;) {
      cursor.skipSpace();
      if (cursor.ended) cursor.fail('no root element');
      if (cursor.skipMarkup()) continue;
      if (!hasDoctype && cursor.take('<!DOCTYPE')) {
        readDoctype(cursor, this.#entities);
        hasDoctype = true;
        continue;
      }
      if (!cursor.take('<')) cursor.fail('no root element');
      break;
    }
    this.#readStartTag(cursor);
    this.#readContent();
    for (;;) {
      cursor.skipSpace();
      if (cursor.ended) return;
      if (!cursor.skipMarkup()) cursor.fail('text behind the root element');
    }
  }

  #readDeclaration(cursor: XmlCursor): void {
    if (!/^<\?xml[ \t\n]/.test(cursor.text)) return;
    const declaration = DECLARATION.exec(cursor.text);
    if (declaration === null) cursor.fail('malformed XML declaration');
    cursor.at = declaration[0].length;
    this.#entities.standalone = (declaration[1] ?? declaration[2]) === 'yes';
  }

  /** Until the root element is closed. */
  #readContent(): void {
    while (this.#openNames.length > 0) {
      const frame = this.#frames.at(-1)!;
      const { cursor } = frame;
      if (cursor.ended) this.#endFrame(frame);
      else if (cursor.startsWith('&')) this.#readReference(cursor);
      else if (!cursor.startsWith('<')) this.#readText(cursor);
      else if (cursor.take('</')) this.#readEndTag(frame);
      else if (cursor.take('<![CDATA[')) this.#readCdata(cursor);
      else if (!cursor.skipMarkup()) {
        cursor.at += 1;
        this.#readStartTag(cursor);
      }
    }
  }

  #endFrame(frame: Frame): void {
    if (this.#frames.length === 1) frame.cursor.fail('elements not closed');
    if (this.#openNames.length !== frame.depth)
      frame.cursor.fail('element not closed in its entity');
    this.#frames.pop();
    this.#openEntities.delete(frame.entity);
  }

  #readReference(cursor: XmlCursor): void {
    const reference = cursor.readReference();
    if (reference.kind === 'character') {
      this.#sink.text(reference.value);
      return;
    }
    const { name } = reference;
    const plain = this.#entities.predefined(name);
    if (plain !== undefined) {
      this.#sink.text(plain);
      return;
    }
    if (this.#openEntities.has(name)) cursor.fail('an entity holds itself');
    const text = this.#entities.replacement(name, this.#frames.length - 1);
    if (text === undefined) return;
    this.#openEntities.add(name);
    const depth = this.#openNames.length;
    this.#frames.push({ cursor: new XmlCursor(text), entity: name, depth });
  }

  #readText(cursor: XmlCursor): void {
    const { text } = cursor;
    let end = cursor.at;
    for (; end < text.length; end++) {
      const code = text.charCodeAt(end);
      if (code === 0x3c || code === 0x26) break;
    }
    const value = text.slice(cursor.at, end);
    cursor.at = end;
    const cdataEnd = value.indexOf(']]>');
    this.#sink.text(cdataEnd === -1 ? value : value.slice(0, cdataEnd));
    if (cdataEnd !== -1) cursor.fail("']]>' in text");
  }

  #readCdata(cursor: XmlCursor): void {
    const end = cursor.text.indexOf(']]>', cursor.at);
    this.#sink.text(cursor.text.slice(cursor.at, end === -1 ? cursor.text.length : end));
    cursor.readUntil(']]>');
  }

  #readEndTag(frame: Frame): void {
    const { cursor } = frame;
    const name = cursor.readName();
    cursor.skipSpace();
    cursor.expect('>');
    if (this.#openNames.length === frame.depth)
      cursor.fail('end tag of an element outside the entity');
    if (this.#openNames.at(-1) !== name) cursor.fail('end tag does not match');
    this.#openNames.pop();
    this.#sink.close();
  }

  /** Stands behind `<`. What was read of a broken tag is still handed on. */
  #readStartTag(cursor: XmlCursor): void {
    const name = cursor.readName();
    if (this.#openNames.length >= this.#maxDepth) cursor.fail('elements nested too deeply');
    const attributes = this.#attributes;
    if (attributes.size > 0) attributes.clear();
    let isEmpty = false;
    try {
      isEmpty = this.#readAttributes(cursor, attributes);
      this.#addDefaults(name, attributes);
    } finally {
      this.#sink.open(name, attributes);
    }
    this.#nodesLeft -= 1 + attributes.size;
    if (this.#nodesLeft < 0) cursor.fail('too many elements and attributes');
    if (isEmpty) this.#sink.close();
    else this.#openNames.push(name);
  }

  /** True for an empty-element tag. */
  #readAttributes(cursor: XmlCursor, attributes: Map<string, string>): boolean {
    for (;;) {
      const spaced = cursor.skipSpace();
      if (cursor.take('>')) return false;
      if (cursor.take('/>')) return true;
      if (!spaced) cursor.fail('expected white space');
      const name = cursor.readName();
      cursor.skipSpace();
      cursor.expect('=');
      cursor.skipSpace();
      const value = this.#entities.attributeValue(cursor.readQuoted());
      if (attributes.has(name)) cursor.fail('attribute given twice');
      attributes.set(name, value);
    }
  }

  #addDefaults(element: string, attributes: Map<string, string>): void {
    const defaults = this.#entities.defaults.get(element);
    if (defaults === undefined) return;
    for (const [name, value] of defaults) {
      if (attributes.has(name)) continue;
      this.#entities.spend(name.length + value.length);
      attributes.set(name, value);
    }
  }
}
