// SecParseXmlIntoArgs: the text of leaf elements as arguments named by their path, `xml.root.item`.

import type { Pair } from '../model/pair.ts';
import type { XmlDocument, XmlElement } from './xml-tree.ts';

export interface XmlArguments {
  readonly args: readonly Pair[];
  /** There were more leaves than `limit`. */
  readonly truncated: boolean;
}

/** Leaves in document order, at most `limit` of them. Names are local names. */
export function xmlArguments(document: XmlDocument, limit: number): XmlArguments {
  const args: Pair[] = [];
  const open: { readonly element: XmlElement; readonly path: string }[] = [
    { element: document.root, path: `xml.${document.root.local}` },
  ];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { element, path } = next;
    const children = element.children.filter((child) => child.kind === 'element');
    if (children.length === 0) {
      if (args.length >= limit) return { args, truncated: true };
      args.push({ key: path, value: document.text.slice(element.textStart, element.textEnd) });
    }
    for (let at = children.length - 1; at >= 0; at--) {
      const child = children[at] as XmlElement;
      open.push({ element: child, path: `${path}.${child.local}` });
    }
  }
  return { args, truncated: false };
}
