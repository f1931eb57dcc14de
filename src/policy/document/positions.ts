// One file of a policy as a YAML tree (JSON is YAML): values for the schema, and where each one stands.

import {
  type Document,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
} from 'yaml';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { Source } from '../../diagnostics/source.ts';
import type { Span } from '../../diagnostics/span.ts';

export type Path = readonly PropertyKey[];

export interface PolicyText {
  readonly name: string;
  /** A byte string, as read from disk. */
  readonly text: string;
}

export interface PolicyTree {
  readonly source: Source;
  /** Undefined when the text is no YAML. */
  readonly value: unknown;
  readonly diagnostics: readonly Diagnostic[];
  /** The value at the path; where that is missing, the nearest thing around it. */
  readonly spanOf: (path: Path) => Span;
  /** The key that is last in the path. */
  readonly keySpanOf: (path: Path) => Span;
}

/** Enough for an honest document, and no alias can blow it up. */
const MAX_ALIASES = 100;

export function readTree({ name, text }: PolicyText): PolicyTree {
  const source: Source = { name, text };
  const decoded = decodeUtf8(text);
  if (decoded === undefined) {
    const span = { source, start: 0, end: Math.min(1, text.length) };
    const message = 'the file is not UTF-8 text';
    const diagnostics: Diagnostic[] = [
      { severity: 'error', code: 'policy-syntax', message, span, help: 'save it as UTF-8' },
    ];
    return { source, value: undefined, diagnostics, spanOf: () => span, keySpanOf: () => span };
  }
  const offset = offsetsIn(decoded, text);
  const document = parseDocument(decoded, {
    uniqueKeys: true,
    prettyErrors: false,
    lineCounter: new LineCounter(),
  });
  const spanAt = (start: number, end: number): Span => ({
    source,
    start: offset(start),
    end: Math.max(offset(end), offset(start)),
  });
  const diagnostics: Diagnostic[] = document.errors.map(({ code, message, pos }) => ({
    severity: 'error',
    code: 'policy-syntax',
    ...(code === 'MULTIPLE_DOCS'
      ? {
          message: 'a second document begins here, and a file holds one',
          help: 'put it into a file of its own: all files of a policy are merged',
        }
      : { message: sentence(message) }),
    span: spanAt(...pos),
  }));
  let value: unknown;
  if (diagnostics.length === 0) {
    try {
      value = document.toJS({ maxAliasCount: MAX_ALIASES }) ?? {};
    } catch (error) {
      diagnostics.push({
        severity: 'error',
        code: 'policy-syntax',
        message: error instanceof Error ? sentence(error.message) : String(error),
        span: spanAt(0, Math.min(1, decoded.length)),
        help: 'write the values out instead of repeating them by alias',
      });
    }
  }
  const whole = spanAt(0, Math.min(1, decoded.length));
  const nodeSpan = (node: Node | null | undefined): Span | undefined =>
    node?.range ? spanAt(node.range[0], node.range[1]) : undefined;
  return {
    source,
    value,
    diagnostics,
    spanOf: (path) => nodeSpan(nearest(document, path)) ?? whole,
    keySpanOf: (path) =>
      nodeSpan(keyNode(document, path)) ?? nodeSpan(nearest(document, path)) ?? whole,
  };
}

function sentence(message: string): string {
  return message.charAt(0).toLowerCase() + message.slice(1);
}

function nearest(document: Document, path: Path): Node | undefined {
  let node: unknown = document.contents;
  for (const step of path) {
    // One value may be written where a list is meant.
    if (step === 0 && !isSeq(node)) continue;
    const next = child(node, step);
    if (!isNode(next)) break;
    node = next;
  }
  return isNode(node) ? node : undefined;
}

function child(node: unknown, step: PropertyKey): unknown {
  if (isSeq(node)) return node.items[Number(step)];
  if (!isMap(node)) return undefined;
  return node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step))?.value;
}

function keyNode(document: Document, path: Path): Node | undefined {
  const parent = nearest(document, path.slice(0, -1));
  if (!isMap(parent)) return undefined;
  const last = String(path.at(-1));
  const pair = parent.items.find(({ key }) => isScalar(key) && String(key.value) === last);
  return isNode(pair?.key) ? pair.key : undefined;
}

function decodeUtf8(text: string): string | undefined {
  const bytes = Uint8Array.from(text, (char) => char.charCodeAt(0));
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** From offsets in the decoded text to offsets in its bytes. */
function offsetsIn(decoded: string, text: string): (at: number) => number {
  if (decoded.length === text.length) return (at) => at;
  const encoder = new TextEncoder();
  return (at) => encoder.encode(decoded.slice(0, at)).length;
}
