// SecParseXmlIntoArgs: the text of leaf elements as arguments named by their path, `xml.root.item`.

import type { Pair } from '../model/pair.ts';
import type { XmlDocument, XmlElement } from './xml-tree.ts';

export interface XmlArguments {
  readonly args: readonly Pair[];
  /** There were more leaves than `limit`, or too long ones. */
  readonly truncated: boolean;
}

// Bound on the bytes of all names and values together: paths grow with depth, leaves with width.
const OUTPUT_BYTES = 32 * 1024 * 1024;

/** Leaves in document order, at most `limit` of them. Names are local names. */
export function xmlArguments(document: XmlDocument, limit: number): XmlArguments {
  const args: Pair[] = [];
  let bytesLeft = OUTPUT_BYTES;
  const open: { readonly element: XmlElement; readonly path: string }[] = [
    { element: document.root, path: `xml.${document.root.local}` },
  ];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { element, path } = next;
    const children = element.children.filter((child) => child.kind === 'element');
    if (children.length === 0) {
      const value = document.text.slice(element.textStart, element.textEnd);
      bytesLeft -= path.length + value.length;
      if (args.length >= limit || bytesLeft < 0) return { args, truncated: true };
      args.push({ key: path, value });
    }
    for (let at = children.length - 1; at >= 0; at--) {
      const child = children[at] as XmlElement;
      open.push({ element: child, path: `${path}.${child.local}` });
    }
  }
  return { args, truncated: false };
}
