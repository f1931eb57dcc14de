// Changes to the text of a YAML or JSON file that touch nothing but what they change.
//
// Every function answers undefined where the text is written in a way that it does not know; `apply.ts`
// looks at what came out before it is used, and has another way.

import { isMap, isScalar, isSeq, type Pair, Scalar, type YAMLMap, type YAMLSeq } from 'yaml';
import {
  blockLines,
  blockText,
  childOf,
  columnOf,
  contentEnd,
  type EditPath,
  flowText,
  gapBefore,
  hasAnchors,
  insertLines,
  isPlainValue,
  type LaidOut,
  lineStart,
  nextLine,
  nodeAt,
  type Range,
  rangeOf,
  replaced,
  scalarText,
  sectionAt,
} from './layout.ts';

export function spliceSet(laid: LaidOut, path: EditPath, value: unknown): string | undefined {
  let node: unknown = laid.document.contents;
  for (const [depth, step] of path.entries()) {
    const child = childOf(node, step);
    if (child === undefined) {
      const inner = nested(path.slice(depth + 1), value);
      if (isMap(node)) return addPair(laid, node, String(step), inner);
      return isSeq(node) && step === node.items.length ? addItem(laid, node, inner) : undefined;
    }
    node = child;
  }
  return replaceValue(laid, path, node, value);
}

/** What stands at the rest of a path that is not there yet. */
export function nested(path: EditPath, value: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  const inner = nested(rest, value);
  return step === 0 ? [inner] : { [step]: inner };
}

function replaceValue(
  laid: LaidOut,
  path: EditPath,
  old: unknown,
  value: unknown,
): string | undefined {
  const { text, isJson } = laid;
  const range = rangeOf(old);
  if (range === undefined) return undefined;
  if (range.start === range.end) return fillPair(laid, path, value);
  const isBlockScalar = isScalar(old) && (old.type ?? '').startsWith('BLOCK');
  const isOneLine = isPlainValue(value) && !String(value).includes('\n');
  if (isScalar(old) && !isBlockScalar && isOneLine) {
    return replaced(text, range, scalarText(value, old as Scalar, isJson));
  }
  const parent = nodeAt(laid.document, path.slice(0, -1));
  if (!isMap(parent) && !isSeq(parent)) return undefined;
  if (parent.flow === true) {
    const at = isMap(parent) ? rangeOf(pairOf(parent, path)?.key)?.start : range.start;
    if (at === undefined) return undefined;
    return replaced(text, range, flowText(value, gapBefore(text, at), isJson));
  }
  const end = text[range.end - 1] === '\n' ? range.end - 1 : range.end;
  if (isSeq(parent)) {
    const column = columnOf(text, range.start);
    return replaced(text, { start: range.start, end }, blockText(value, column));
  }
  const start = rangeOf(pairOf(parent, path)?.key)?.start;
  if (start === undefined) return undefined;
  const pair = { [String(path.at(-1))]: value };
  return replaced(text, { start, end }, blockText(pair, columnOf(text, start)));
}

/** `key:` without a value. */
function fillPair({ text, document }: LaidOut, path: EditPath, value: unknown): string | undefined {
  const parent = nodeAt(document, path.slice(0, -1));
  const end = isMap(parent) ? rangeOf(pairOf(parent, path)?.key)?.end : undefined;
  if (end === undefined || text[end] !== ':' || !isPlainValue(value)) return undefined;
  const written = scalarText(value, new Scalar(null), false);
  if (written.includes('\n')) return undefined;
  return replaced(text, { start: end + 1, end: end + 1 }, ` ${written}`);
}

function pairOf(map: YAMLMap, path: EditPath): Pair | undefined {
  return map.items.find(({ key }) => isScalar(key) && String(key.value) === String(path.at(-1)));
}

/** `enabled` stands behind the name, everything else at the end. */
function addPair(laid: LaidOut, map: YAMLMap, key: string, value: unknown): string | undefined {
  const { text, isJson } = laid;
  const range = rangeOf(map);
  const last = map.items.at(-1);
  if (last === undefined) {
    if (range === undefined || map.flow !== true) return undefined;
    return replaced(text, range, flowText({ [key]: value }, '', isJson));
  }
  const named = key === 'enabled' ? map.items.find((pair) => isKey(pair, 'name')) : undefined;
  const after = named ?? last;
  const first = rangeOf(map.items[0]?.key)?.start;
  const end = contentEnd(after.value) ?? contentEnd(after.key);
  const start = rangeOf(after.key)?.start;
  if (end === undefined || start === undefined || first === undefined) return undefined;
  if (map.flow === true) {
    const written = /\n/.test(gapBefore(text, start)) ? gapBefore(text, start) : ' ';
    const word = isJson ? JSON.stringify(key) : key;
    const pair = `,${written}${word}: ${flowText(value, written, isJson)}`;
    return replaced(text, { start: end, end }, pair);
  }
  return insertLines(
    text,
    nextLine(text, end),
    blockLines({ [key]: value }, columnOf(text, first)),
  );
}

const isKey = ({ key }: Pair, name: string): boolean => isScalar(key) && key.value === name;

export function spliceUnset(laid: LaidOut, path: EditPath): string | undefined {
  const { text, document } = laid;
  const parent = nodeAt(document, path.slice(0, -1));
  if (!isMap(parent)) return undefined;
  const index = parent.items.findIndex((pair) => isKey(pair, String(path.at(-1))));
  const pair = parent.items[index];
  const start = rangeOf(pair?.key)?.start;
  const end = contentEnd(pair?.value) ?? contentEnd(pair?.key);
  if (start === undefined || end === undefined) return undefined;
  if (parent.flow === true) {
    const starts = parent.items.map(({ key }) => rangeOf(key)?.start);
    const ends = parent.items.map(({ key, value }) => contentEnd(value) ?? contentEnd(key));
    return withoutFlowItem(text, { start, end }, starts, ends, index);
  }
  if (index > 0) {
    return replaced(text, { start: lineStart(text, start), end: nextLine(text, end) }, '');
  }
  const next = rangeOf(parent.items[1]?.key)?.start;
  if (next === undefined || text.slice(end, next).includes('#')) return undefined;
  return replaced(text, { start, end: next }, '');
}

function withoutFlowItem(
  text: string,
  own: Range,
  starts: readonly (number | undefined)[],
  ends: readonly (number | undefined)[],
  index: number,
): string {
  const before = index > 0 ? ends[index - 1] : undefined;
  if (before !== undefined) return replaced(text, { start: before, end: own.end }, '');
  return replaced(text, { start: own.start, end: starts[index + 1] ?? own.end }, '');
}

/** Where an item of a block sequence begins: its dash, when it stands in front in the same line. */
function dashOf(text: string, itemStart: number): number | undefined {
  const dash = /-[ \t]+$/.exec(text.slice(lineStart(text, itemStart), itemStart));
  return dash === null ? undefined : itemStart - dash[0].length;
}

/** The lines of an item of a block sequence. */
function itemLines(text: string, seq: YAMLSeq, index: number): Range | undefined {
  const range = rangeOf(seq.items[index]);
  const dash = range && dashOf(text, range.start);
  if (range === undefined || dash === undefined) return undefined;
  if (text.slice(lineStart(text, dash), dash).trim() !== '') return undefined;
  return { start: lineStart(text, dash), end: nextLine(text, range.end) };
}

export function spliceRemove(laid: LaidOut, section: string, index: number): string | undefined {
  const { text, document } = laid;
  const seq = sectionAt(document, section);
  const own = rangeOf(seq?.items[index]);
  if (seq === undefined || own === undefined) return undefined;
  if (seq.flow === true) {
    const ranges = seq.items.map(rangeOf);
    const starts = ranges.map((range) => range?.start);
    const ends = ranges.map((range) => range?.end);
    return withoutFlowItem(text, own, starts, ends, index);
  }
  const lines = itemLines(text, seq, index);
  if (lines === undefined) return undefined;
  if (seq.items.length === 1) {
    const pad = text.slice(lines.start, dashOf(text, own.start));
    return replaced(text, lines, `${pad === '' ? '  ' : pad}[]\n`);
  }
  let { start } = lines;
  // As everywhere in YAML, comments in front of the first item belong to the list.
  if (index > 0) {
    for (const isOurs of [/^[ \t]*#/, /^[ \t]*\r?$/]) {
      while (start > 0) {
        const above = lineStart(text, start - 1);
        if (!isOurs.test(text.slice(above, start - 1))) break;
        start = above;
      }
    }
  }
  return replaced(text, { start, end: lines.end }, '');
}

/** Blank lines between items, as between the first two. */
function separator(text: string, seq: YAMLSeq): string {
  const first = itemLines(text, seq, 0);
  if (first === undefined || seq.items.length < 2) return '';
  return /^[ \t]*\r?\n/.test(text.slice(first.end)) ? '\n' : '';
}

/** The same text once more behind the item. */
export function spliceCopy(laid: LaidOut, section: string, index: number): string | undefined {
  const { text, document } = laid;
  const seq = sectionAt(document, section);
  const item = seq?.items[index];
  const own = rangeOf(item);
  if (seq === undefined || own === undefined || !isMap(item) || hasAnchors(item)) return undefined;
  if (seq.flow === true) {
    const gap = gapBefore(text, own.start);
    const copy = `,${gap.includes('\n') ? gap : ' '}${text.slice(own.start, own.end)}`;
    return replaced(text, { start: own.end, end: own.end }, copy);
  }
  const lines = itemLines(text, seq, index);
  if (lines === undefined) return undefined;
  const copy = text.slice(lines.start, lines.end);
  const ended = copy.endsWith('\n') ? copy : `${copy}\n`;
  return insertLines(text, lines.end, `${separator(text, seq)}${ended}`);
}

/** A new item at the end of the section, which need not be there. */
export function spliceAppend(laid: LaidOut, section: string, value: object): string | undefined {
  const { text, document, isJson } = laid;
  const root = document.contents;
  const seq = sectionAt(document, section);
  if (seq === undefined) {
    if (childOf(root, section) !== undefined) return undefined;
    if (isMap(root) && root.flow === true) return addPair(laid, root, section, [value]);
    if (root !== null && !isMap(root)) return undefined;
    return insertLines(text, text.length, blockLines({ [section]: [value] }, 0));
  }
  const range = rangeOf(seq);
  if (range === undefined) return undefined;
  if (seq.items.length === 0) {
    if (isJson || (isMap(root) && root.flow === true)) {
      return replaced(text, range, flowText([value], '', isJson));
    }
    const isOwnLine = text.slice(lineStart(text, range.start), range.start).trim() === '';
    if (isOwnLine) {
      return replaced(text, range, blockText([value], columnOf(text, range.start)));
    }
    const start = range.start - gapBefore(text, range.start).length;
    return replaced(
      text,
      { start, end: range.end },
      `\n${blockLines([value], 2).replace(/\n$/, '')}`,
    );
  }
  return addItem(laid, seq, value);
}

/** Behind the last item; the sequence has one. */
function addItem({ text, isJson }: LaidOut, seq: YAMLSeq, value: unknown): string | undefined {
  const last = rangeOf(seq.items.at(-1));
  if (last === undefined) return undefined;
  if (seq.flow === true) {
    const gap = gapBefore(text, last.start);
    const written = gap.includes('\n') ? gap : ' ';
    const item = `,${written}${flowText(value, written, isJson)}`;
    return replaced(text, { start: last.end, end: last.end }, item);
  }
  const lines = itemLines(text, seq, seq.items.length - 1);
  const dash = dashOf(text, last.start);
  if (lines === undefined || dash === undefined) return undefined;
  const item = blockLines([value], columnOf(text, dash));
  return insertLines(text, lines.end, `${separator(text, seq)}${item}`);
}
