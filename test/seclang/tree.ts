// Trees without their positions, to compare what two texts say.

import type { Document } from '../../src/seclang/ast.ts';
import { parse } from '../../src/seclang/parse.ts';

const POSITIONS = new Set([
  'span',
  'nameSpan',
  'valueSpan',
  'argumentSpan',
  'source',
  'word',
  'offsets',
  'contentStart',
  'argumentStart',
]);

/** The document as plain data without spans. */
export function withoutSpans(document: Document): unknown {
  return JSON.parse(
    JSON.stringify(document, (key, value: unknown) => (POSITIONS.has(key) ? undefined : value)),
  );
}

export function parseText(text: string): ReturnType<typeof parse> {
  return parse({ name: 'test.conf', text });
}

export function codesOf(text: string): readonly string[] {
  return parseText(text).diagnostics.map((diagnostic) => diagnostic.code);
}
