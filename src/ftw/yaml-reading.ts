// Reads YAML nodes field by field, naming each unknown or ill-typed field with its line and column.
//
// Nothing throws: a field that cannot be used reads as undefined and leaves a problem behind. Texts are
// taken as they stand in the source, so that `Content-Length: 007` stays `007`, as in Go's typed reader.

import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type ParsedNode,
  parseDocument,
  type YAMLMap,
} from 'yaml';
import type { FtwProblem } from './test-file.ts';

export interface YamlReading {
  readonly file: string;
  /** Undefined when the document is empty. */
  readonly root: Node | undefined;
  readonly problems: FtwProblem[];
  /** The syntax error that makes the file unreadable. */
  readonly broken: FtwProblem | undefined;
  readonly document: Document.Parsed<ParsedNode>;
  readonly lines: LineCounter;
}

export type FieldReader = (node: Node | undefined) => void;

/** Opens the first document of a text. Repeated keys are a problem, not a syntax error. */
export function openYaml(file: string, text: string): YamlReading {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: false,
    logLevel: 'silent',
  });
  const root = document.contents ?? undefined;
  const error = document.errors[0];
  const reading: YamlReading = {
    file,
    root: isScalar(root) && root.value === null ? undefined : root,
    problems: [],
    document,
    lines,
    broken:
      error === undefined
        ? undefined
        : problemAt(file, lines, error.pos[0], `not valid YAML: ${error.message}`, true),
  };
  if (reading.broken !== undefined) reading.problems.push(reading.broken);
  return reading;
}

/** Adds a problem at a node; without a node it belongs to the start of the file. */
export function addProblem(
  reading: YamlReading,
  node: Node | undefined,
  message: string,
  fatal: boolean,
): void {
  const offset = node?.range?.[0] ?? 0;
  reading.problems.push(problemAt(reading.file, reading.lines, offset, message, fatal));
}

export function lineOf(reading: YamlReading, node: Node | undefined): number {
  return reading.lines.linePos(node?.range?.[0] ?? 0).line;
}

/** Calls the reader of each field that is there; `what` names the mapping in problems. */
export function readMapping(
  reading: YamlReading,
  node: Node | undefined,
  what: string,
  fields: Readonly<Record<string, FieldReader>>,
): void {
  const seen = new Set<string>();
  for (const [name, value, keyNode] of entriesOf(reading, node, what)) {
    const reader = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (reader === undefined) {
      addProblem(reading, keyNode, `unknown field "${name}" in ${what}`, false);
      continue;
    }
    if (seen.has(name)) addProblem(reading, keyNode, `"${name}" is given twice in ${what}`, true);
    seen.add(name);
    reader(value);
  }
}

/** Keys, values and key nodes in source order; `<<` brings in the entries of other mappings. */
export function entriesOf(
  reading: YamlReading,
  node: Node | undefined,
  what: string,
): [name: string, value: Node | undefined, key: Node | undefined][] {
  const target = follow(reading, node);
  if (target === undefined) return [];
  if (!isMap(target)) {
    addProblem(reading, node, `${what} must be a mapping, not ${kindOf(target)}`, true);
    return [];
  }
  const own: [string, Node | undefined, Node | undefined][] = [];
  const merged: [string, Node | undefined, Node | undefined][] = [];
  for (const pair of (target as YAMLMap<Node, Node | null>).items) {
    const name = textOf(pair.key);
    if (name === undefined) {
      addProblem(reading, pair.key, `a key in ${what} is not a plain text`, true);
    } else if (name === '<<') {
      merged.push(...mergedEntries(reading, pair.value ?? undefined, what));
    } else {
      own.push([name, pair.value ?? undefined, pair.key]);
    }
  }
  const names = new Set(own.map(([name]) => name));
  return [...own, ...merged.filter(([name]) => !names.has(name))];
}

function mergedEntries(
  reading: YamlReading,
  node: Node | undefined,
  what: string,
): [string, Node | undefined, Node | undefined][] {
  const target = follow(reading, node);
  // One level only: merges of merges are legal YAML, but no test needs them and cycles hide there.
  const sources = isSeq(target) ? (target.items as Node[]) : target === undefined ? [] : [target];
  const entries = new Map<string, [string, Node | undefined, Node | undefined]>();
  for (const source of sources) {
    const map = follow(reading, source);
    if (!isMap(map)) {
      addProblem(reading, node, `"<<" in ${what} must name a mapping`, true);
      continue;
    }
    for (const pair of (map as YAMLMap<Node, Node | null>).items) {
      const name = textOf(pair.key);
      if (name !== undefined && !entries.has(name)) {
        entries.set(name, [name, pair.value ?? undefined, pair.key]);
      }
    }
  }
  return [...entries.values()];
}

/** Each element of a list; a missing or empty value is an empty list. */
export function readList<T>(
  reading: YamlReading,
  node: Node | undefined,
  what: string,
  read: (element: Node | undefined, index: number) => T | undefined,
): T[] {
  const target = follow(reading, node);
  if (target === undefined) return [];
  if (!isSeq(target)) {
    addProblem(reading, node, `${what} must be a list, not ${kindOf(target)}`, true);
    return [];
  }
  const values: T[] = [];
  for (const [index, element] of target.items.entries()) {
    const value = read((element as Node | null) ?? undefined, index);
    if (value !== undefined) values.push(value);
  }
  return values;
}

/** Any scalar, as written; nothing (`key:`) reads as the empty text. */
export function readText(
  reading: YamlReading,
  node: Node | undefined,
  what: string,
): string | undefined {
  const target = follow(reading, node);
  if (target === undefined) return '';
  const text = textOf(target);
  if (text === undefined) {
    addProblem(reading, node, `${what} must be a text, not ${kindOf(target)}`, true);
  }
  return text;
}

export function readInteger(
  reading: YamlReading,
  node: Node | undefined,
  what: string,
): number | undefined {
  const target = follow(reading, node);
  if (isScalar(target) && typeof target.value === 'number' && Number.isSafeInteger(target.value)) {
    return target.value;
  }
  addProblem(reading, node, `${what} must be a whole number, not ${kindOf(target)}`, true);
  return undefined;
}

export function readBoolean(
  reading: YamlReading,
  node: Node | undefined,
  what: string,
): boolean | undefined {
  const target = follow(reading, node);
  if (isScalar(target) && typeof target.value === 'boolean') return target.value;
  addProblem(reading, node, `${what} must be true or false, not ${kindOf(target)}`, true);
  return undefined;
}

/** The node itself, or what an alias stands for; a null scalar counts as nothing. */
export function follow(reading: YamlReading, node: Node | undefined): Node | undefined {
  const target = isAlias(node) ? node.resolve(reading.document) : node;
  if (isScalar(target) && target.value === null) return undefined;
  return target as Node | undefined;
}

function textOf(node: unknown): string | undefined {
  if (!isScalar(node)) return undefined;
  if (typeof node.value === 'string') return node.value;
  return node.source ?? (node.value === null ? '' : String(node.value));
}

function kindOf(node: Node | undefined): string {
  if (node === undefined) return 'nothing';
  if (isMap(node)) return 'a mapping';
  if (isCollection(node)) return 'a list';
  return `"${textOf(node) ?? ''}"`;
}

function problemAt(
  file: string,
  lines: LineCounter,
  offset: number,
  message: string,
  fatal: boolean,
): FtwProblem {
  const { line, col } = lines.linePos(offset);
  return { file, line: Math.max(line, 1), column: Math.max(col, 1), message, fatal };
}
