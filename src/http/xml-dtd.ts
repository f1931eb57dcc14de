// Reads a document type declaration: full syntax of the internal subset, nothing external.
//
// Internal entities and default attribute values are kept because the back end's parser will put them
// into the document. External subsets and entities are noted and never fetched.

import { XmlCursor, XmlFault } from './xml-cursor.ts';
import type { XmlEntities, XmlEntity } from './xml-entities.ts';

const DEEPEST_PARAMETER_ENTITY = 20;
const ATTRIBUTE_TYPES = /(?:CDATA|IDREFS|IDREF|ID|ENTITY|ENTITIES|NMTOKENS|NMTOKEN)(?=[ \t\r\n])/y;

/** `cursor` stands behind `<!DOCTYPE`; it is left behind the closing `>`. */
export function readDoctype(cursor: XmlCursor, entities: XmlEntities): void {
  cursor.requireSpace();
  entities.declarations.add('root', cursor.readName());
  const subset = cursor.skipSpace() ? readExternalId(cursor, false) : undefined;
  if (subset !== undefined) {
    entities.declarations.add('subset', subset);
    entities.hasUnreadDeclarations = true;
    cursor.skipSpace();
  }
  if (cursor.take('[')) {
    new SubsetReader(entities).read(cursor);
    cursor.skipSpace();
  }
  cursor.expect('>');
}

/** The system identifier of the `SYSTEM "..."` or `PUBLIC "..." "..."` that stood here. */
function readExternalId(cursor: XmlCursor, publicIdAlone: boolean): string | undefined {
  if (cursor.take('SYSTEM')) {
    cursor.requireSpace();
    return cursor.readQuoted();
  }
  if (!cursor.take('PUBLIC')) return undefined;
  cursor.requireSpace();
  const id = cursor.readQuoted();
  if (/[^ \r\na-zA-Z0-9\-'()+,./:=?;!*#@$_%]/.test(id)) cursor.fail('malformed public identifier');
  const spaced = cursor.skipSpace();
  const hasSystemId = cursor.startsWith('"') || cursor.startsWith("'");
  if (!hasSystemId && publicIdAlone) return '';
  if (!spaced) cursor.fail('expected white space');
  return cursor.readQuoted();
}

class SubsetReader {
  readonly #entities: XmlEntities;

  constructor(entities: XmlEntities) {
    this.#entities = entities;
  }

  /** `cursor` stands behind `[` and is left behind `]`. */
  read(cursor: XmlCursor): void {
    const open: { readonly cursor: XmlCursor; readonly name: string }[] = [{ cursor, name: '' }];
    for (;;) {
      const top = open.at(-1)!.cursor;
      top.skipSpace();
      if (top.ended) {
        if (open.length === 1) top.fail("missing ']'");
        open.pop();
      } else if (top.take('%')) {
        const name = top.readName();
        top.expect(';');
        const text = this.#parameterText(name, open);
        if (text !== undefined) open.push({ cursor: new XmlCursor(text), name });
      } else if (open.length === 1 && top.take(']')) {
        return;
      } else if (!top.skipMarkup()) {
        this.#readDeclaration(top);
      }
    }
  }

  #parameterText(name: string, open: readonly { readonly name: string }[]): string | undefined {
    const text = this.#entities.parameter.get(name)?.text;
    if (text === undefined) {
      this.#entities.hasUnreadDeclarations = true;
      return undefined;
    }
    if (open.length > DEEPEST_PARAMETER_ENTITY || open.some((entity) => entity.name === name)) {
      throw new XmlFault('parameter entities nested too deeply');
    }
    this.#entities.spend(text.length);
    return text;
  }

  #readDeclaration(cursor: XmlCursor): void {
    if (cursor.take('<!ENTITY')) this.#readEntity(cursor);
    else if (cursor.take('<!ATTLIST')) this.#readAttributes(cursor);
    else if (cursor.take('<!ELEMENT')) readElementType(cursor);
    else if (cursor.take('<!NOTATION')) readNotation(cursor);
    else cursor.fail('malformed declaration');
    cursor.skipSpace();
    cursor.expect('>');
  }

  #readEntity(cursor: XmlCursor): void {
    cursor.requireSpace();
    const isParameter = cursor.take('%');
    if (isParameter) cursor.requireSpace();
    const name = cursor.readName();
    cursor.requireSpace();
    this.#entities.declarations.add(isParameter ? 'parameter' : 'entity', name);
    const entity = this.#readEntityValue(cursor, isParameter);
    const known = isParameter ? this.#entities.parameter : this.#entities.general;
    // The first declaration binds.
    if (!known.has(name)) known.set(name, entity);
  }

  #readEntityValue(cursor: XmlCursor, isParameter: boolean): XmlEntity {
    const systemId = readExternalId(cursor, false);
    if (systemId !== undefined) {
      this.#entities.declarations.add('external', systemId);
      const spaced = cursor.skipSpace();
      if (isParameter || !spaced || !cursor.take('NDATA')) {
        return { text: undefined, unparsed: false };
      }
      cursor.requireSpace();
      cursor.readName();
      return { text: undefined, unparsed: true };
    }
    return { text: replacementText(cursor.readQuoted()), unparsed: false };
  }

  #readAttributes(cursor: XmlCursor): void {
    cursor.requireSpace();
    const element = cursor.readName();
    const defaults = this.#entities.defaults.get(element) ?? new Map<string, string>();
    const declared = new Set<string>();
    while (cursor.skipSpace() && !cursor.startsWith('>')) {
      const name = cursor.readName();
      cursor.requireSpace();
      readAttributeType(cursor);
      cursor.requireSpace();
      if (!cursor.take('#REQUIRED') && !cursor.take('#IMPLIED')) {
        if (cursor.take('#FIXED')) cursor.requireSpace();
        const value = this.#entities.attributeValue(cursor.readQuoted());
        if (!declared.has(name) && !defaults.has(name)) defaults.set(name, value);
      }
      declared.add(name);
    }
    if (defaults.size > 0) this.#entities.defaults.set(element, defaults);
  }
}

/** Characters by number are resolved now, entities when the entity is used. */
function replacementText(literal: string): string {
  if (!/[&%]/.test(literal)) return literal;
  const cursor = new XmlCursor(literal);
  let text = '';
  let copied = 0;
  while (!cursor.ended) {
    if (cursor.startsWith('%')) cursor.fail('parameter entity inside a declaration');
    if (!cursor.startsWith('&')) {
      cursor.at += 1;
      continue;
    }
    const start = cursor.at;
    const reference = cursor.readReference();
    if (reference.kind === 'character') {
      text += literal.slice(copied, start) + reference.value;
      copied = cursor.at;
    }
  }
  return text + literal.slice(copied);
}

function readAttributeType(cursor: XmlCursor): void {
  ATTRIBUTE_TYPES.lastIndex = cursor.at;
  const word = ATTRIBUTE_TYPES.exec(cursor.text)?.[0];
  if (word !== undefined) {
    cursor.at += word.length;
    return;
  }
  const isNotation = cursor.take('NOTATION');
  if (isNotation) cursor.requireSpace();
  cursor.expect('(');
  do {
    cursor.skipSpace();
    if (isNotation) cursor.readName();
    else cursor.readNmtoken();
    cursor.skipSpace();
  } while (cursor.take('|'));
  cursor.expect(')');
}

function readNotation(cursor: XmlCursor): void {
  cursor.requireSpace();
  cursor.readName();
  cursor.requireSpace();
  if (readExternalId(cursor, true) === undefined) cursor.fail('malformed notation');
}

function readElementType(cursor: XmlCursor): void {
  cursor.requireSpace();
  cursor.readName();
  cursor.requireSpace();
  if (cursor.take('EMPTY') || cursor.take('ANY')) return;
  cursor.expect('(');
  cursor.skipSpace();
  if (cursor.take('#PCDATA')) readMixedContent(cursor);
  else readContentModel(cursor);
}

function readMixedContent(cursor: XmlCursor): void {
  let names = 0;
  cursor.skipSpace();
  while (cursor.take('|')) {
    cursor.skipSpace();
    cursor.readName();
    cursor.skipSpace();
    names += 1;
  }
  cursor.expect(')');
  if (!cursor.take('*') && names > 0) cursor.fail('malformed content model');
}

/** Names and nested groups; each group has one kind of separator. Stands behind the first `(`. */
function readContentModel(cursor: XmlCursor): void {
  const separators: string[] = [''];
  while (separators.length > 0) {
    cursor.skipSpace();
    if (cursor.take('(')) {
      separators.push('');
      continue;
    }
    cursor.readName();
    skipOccurrence(cursor);
    // Behind an item: groups may end here, or another item follows a separator.
    for (;;) {
      cursor.skipSpace();
      if (separators.length === 0 || !cursor.take(')')) break;
      separators.pop();
      skipOccurrence(cursor);
      if (separators.length === 0) return;
    }
    const separator = cursor.text[cursor.at] ?? '';
    const before = separators.at(-1);
    if ((separator !== ',' && separator !== '|') || (before !== '' && before !== separator)) {
      cursor.fail('malformed content model');
    }
    separators[separators.length - 1] = separator;
    cursor.at += 1;
  }
}

function skipOccurrence(cursor: XmlCursor): void {
  if (cursor.startsWith('?') || cursor.startsWith('*') || cursor.startsWith('+')) cursor.at += 1;
}
