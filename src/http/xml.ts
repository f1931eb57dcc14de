// Reads an XML body into a tree that XPath expressions run on.
//
// The steps are separate because no parser does all of them as a firewall needs: charsets (ours),
// well-formedness with entities under an allowance (ours), the tree (fast-xml-parser). External
// entities and DTDs are never loaded. On an error the part before it is still there to be inspected.

import type { Pair } from '../model/pair.ts';
import { decodeXml } from './xml-charset.ts';
import { XmlDeclarations } from './xml-declarations.ts';
import { type XmlDocument, XmlTreeBuilder } from './xml-tree.ts';
import { checkXml } from './xml-wellformed.ts';

export interface XmlOptions {
  /** Open elements at a time; default 256, as libxml2. */
  readonly maxDepth?: number;
  /** Bytes that entities and default attributes may add, 100 more for each; default 1,000,000. */
  readonly maxExpansion?: number;
  /** Elements and attributes together; each takes some 500 bytes. Default 1,000,000. */
  readonly maxNodes?: number;
}

export interface XmlReading {
  /** Undefined for a well-formed document and for an empty body. */
  readonly error: string | undefined;
  /** What was read before an error; undefined when that is no element. */
  readonly document: XmlDocument | undefined;
  /** What the document type declaration declares, also before an error. */
  readonly dtd: readonly Pair[];
}

const DEFAULT_DEPTH = 256;
const DEFAULT_EXPANSION = 1_000_000;
const DEFAULT_NODES = 1_000_000;

/** An empty body is nothing to parse and no error. */
export function parseXml(body: string, options: XmlOptions = {}): XmlReading {
  if (body === '') return { error: undefined, document: undefined, dtd: [] };
  const maxDepth = options.maxDepth ?? DEFAULT_DEPTH;
  const decoded = decodeXml(body);
  const builder = new XmlTreeBuilder(maxDepth);
  const limits = {
    maxDepth,
    maxExpansion: options.maxExpansion ?? DEFAULT_EXPANSION,
    maxNodes: options.maxNodes ?? DEFAULT_NODES,
  };
  const declarations = new XmlDeclarations();
  const fault = checkXml(decoded.text, builder, limits, declarations);
  const dtd = declarations.pairs;
  try {
    return { error: decoded.error ?? fault, document: builder.build(), dtd };
  } catch (failure) {
    // fast-xml-parser refused; unreachable as far as we know, and never a reason to let a body pass.
    const error = `tree not built: ${String(failure).slice(0, 100)}`;
    return { error, document: undefined, dtd };
  }
}
