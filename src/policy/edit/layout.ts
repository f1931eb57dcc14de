// Where the parts of a YAML text stand, and how new parts are written in the same layout.

import {
  type Document,
  isCollection,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  Scalar,
  stringify,
  visit,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';

export type EditPath = readonly (string | number)[];

/** A text as JavaScript has it, not its bytes. */
export interface LaidOut {
  readonly text: string;
  readonly document: Document;
  readonly isJson: boolean;
}

export interface Range {
  readonly start: number;
  readonly end: number;
}

export function rangeOf(node: unknown): Range | undefined {
  if (!isNode(node) || !node.range) return undefined;
  const [start] = node.range;
  const end = contentEnd(node);
  return end === undefined ? undefined : { start, end };
}

/** Where the node's own text ends: `range` of a block collection reaches over comments behind it. */
export function contentEnd(node: unknown): number | undefined {
  if (!isNode(node) || !node.range) return undefined;
  if (!isCollection(node) || node.flow === true) return node.range[1];
  const last: unknown = node.items.at(-1);
  if (last === undefined) return node.range[1];
  if (!isPair(last)) return contentEnd(last);
  return contentEnd(last.value) ?? contentEnd(last.key);
}

export function pairAt(map: YAMLMap, key: string): Pair | undefined {
  return map.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === key);
}

/** The node below, or undefined. */
export function childOf(node: unknown, step: string | number): unknown {
  if (isSeq(node)) return node.items[Number(step)];
  return isMap(node) ? pairAt(node, String(step))?.value : undefined;
}

export function nodeAt(document: Document, path: EditPath): unknown {
  let node: unknown = document.contents;
  for (const step of path) node = childOf(node, step);
  return node;
}

export function sectionAt(document: Document, section: string): YAMLSeq | undefined {
  const node = childOf(document.contents, section);
  return isSeq(node) ? node : undefined;
}

export function lineStart(text: string, at: number): number {
  return text.lastIndexOf('\n', at - 1) + 1;
}

/** Behind the line break of the line in which the content ends; the length of the text for the last line. */
export function nextLine(text: string, contentEnds: number): number {
  // The text of a block scalar includes its last line break.
  if (contentEnds > 0 && text[contentEnds - 1] === '\n') return contentEnds;
  const at = text.indexOf('\n', contentEnds);
  return at < 0 ? text.length : at + 1;
}

export const columnOf = (text: string, at: number): number => at - lineStart(text, at);

/** White space in front of a place. */
export function gapBefore(text: string, at: number): string {
  return /\s*$/.exec(text.slice(0, at))?.[0] ?? '';
}

export function replaced(text: string, { start, end }: Range, by: string): string {
  return text.slice(0, start) + by + text.slice(end);
}

/** Whole lines put in at the start of a line; at the end of a text without a line break, behind one. */
export function insertLines(text: string, at: number, lines: string): string {
  const needsBreak = at > 0 && text[at - 1] !== '\n';
  return replaced(text, { start: at, end: at }, `${needsBreak ? '\n' : ''}${lines}`);
}

const WIDE = { lineWidth: 0, indent: 2 } as const;

/** Block style, every line indented by `column`, with a line break at the end. */
export function blockLines(value: unknown, column: number): string {
  const pad = ' '.repeat(column);
  return stringify(value, WIDE).replace(/^(?=.)/gm, pad);
}

/** Block style to stand at `column` in a line that has begun: no indentation in the first line, no end. */
export function blockText(value: unknown, column: number): string {
  return blockLines(value, column).trim();
}

/** On one line, or in the layout of JSON where `gap`, the white space in front, has a line break. */
export function flowText(value: unknown, gap: string, isJson: boolean): string {
  const lastBreak = gap.lastIndexOf('\n');
  if (lastBreak >= 0) {
    const pad = gap.slice(lastBreak + 1);
    return JSON.stringify(value, undefined, 2).replaceAll('\n', `\n${pad}`);
  }
  if (isJson) return JSON.stringify(value);
  return stringify(value, { ...WIDE, collectionStyle: 'flow' }).trim();
}

/** A scalar in the quotes that the old one had. */
export function scalarText(value: unknown, old: Scalar, isJson: boolean): string {
  if (isJson) return JSON.stringify(value);
  const fresh = new Scalar(value);
  if (old.type !== undefined && typeof value === 'string') fresh.type = old.type;
  return stringify(fresh, WIDE).trim();
}

export function isPlainValue(value: unknown): boolean {
  return value === null || typeof value !== 'object';
}

/** A copy of its text would define its anchors twice. */
export function hasAnchors(node: Node): boolean {
  let found = false;
  visit(node, {
    Node: (_key, { anchor }: { anchor?: string }) => {
      if (anchor === undefined) return undefined;
      found = true;
      return visit.BREAK;
    },
  });
  return found;
}
