// SecParseXmlIntoArgs: the text of leaf elements as arguments named by their path, `xml.root.item`.

import type { Pair } from '../model/pair.ts';
import type { XmlDocument, XmlElement } from './xml-tree.ts';

export interface XmlArguments {
  readonly args: readonly Pair[];
  /** There were more leaves than `limit`, or their names are too long together. */
  readonly truncated: boolean;
}

/**
 * Leaves in document order, at most `limit` of them. Names are local names; they repeat those of all elements around
 * the leaf, and take at most `maxNameBytes` together.
 */
export function xmlArguments(
  document: XmlDocument,
  limit: number,
  maxNameBytes: number,
): XmlArguments {
  const args: Pair[] = [];
  let nameBytesLeft = maxNameBytes;
  const open: { readonly element: XmlElement; readonly path: string }[] = [
    { element: document.root, path: `xml.${document.root.local}` },
  ];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { element, path } = next;
    const children = element.children.filter((child) => child.kind === 'element');
    if (children.length === 0) {
      const value = document.text.slice(element.textStart, element.textEnd);
      nameBytesLeft -= path.length;
      if (args.length >= limit || nameBytesLeft < 0) return { args, truncated: true };
      args.push({ key: path, value });
    }
    for (let at = children.length - 1; at >= 0; at--) {
      const child = children[at] as XmlElement;
      open.push({ element: child, path: `${path}.${child.local}` });
    }
  }
  return { args, truncated: false };
}
