// Diagnostics as SARIF 2.1.0, the format that code hosts read findings in.

import { decoded } from './code-points.ts';
import { CODES } from './codes.ts';
import type { Diagnostic } from './diagnostic.ts';
import { foldDiagnostics, includeChain } from './gather.ts';
import { createLocator, type Locator } from './position.ts';
import type { Span } from './span.ts';

const SCHEMA = 'https://json.schemastore.org/sarif-2.1.0.json';

/** One run of the tool `portcullis`, with a rule for each code that occurs. */
export function renderSarif(diagnostics: readonly Diagnostic[]): string {
  const locator = createLocator();
  const folded = foldDiagnostics(diagnostics);
  const codes = [...new Set(folded.map((diagnostic) => diagnostic.code))].sort();
  const log = {
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'portcullis', rules: codes.map(sarifRule) } },
        columnKind: 'unicodeCodePoints',
        results: folded.map((diagnostic) => sarifResult(diagnostic, codes, locator)),
      },
    ],
  };
  return `${JSON.stringify(log, undefined, 2)}\n`;
}

function sarifRule(code: string): object {
  const explanation = CODES[code];
  if (explanation === undefined) return { id: code };
  return {
    id: code,
    shortDescription: { text: firstSentence(explanation) },
    fullDescription: { text: explanation },
  };
}

function sarifResult(diagnostic: Diagnostic, codes: readonly string[], locator: Locator): object {
  const { severity, code, message, span, help, notes = [] } = diagnostic;
  const lines = [message, ...(help === undefined ? [] : [help]), ...notes];
  const related = span === undefined ? [] : includeChain(span.source);
  return {
    ruleId: code,
    ruleIndex: codes.indexOf(code),
    level: severity,
    message: { text: lines.map(decoded).join('\n') },
    ...(span === undefined ? {} : { locations: [location(span, locator)] }),
    ...(related.length === 0
      ? {}
      : { relatedLocations: related.map((at) => includingLocation(at, locator)) }),
  };
}

function includingLocation(span: Span, locator: Locator): object {
  return { ...location(span, locator), message: { text: 'included from here' } };
}

function location(span: Span, locator: Locator): { readonly physicalLocation: object } {
  const start = locator.position(span.source, span.start);
  const end = locator.position(span.source, span.end);
  return {
    physicalLocation: {
      artifactLocation: { uri: uriOf(span.source.name) },
      region: {
        startLine: start.line,
        startColumn: start.column,
        endLine: end.line,
        endColumn: end.column,
      },
    },
  };
}

/** A path as a URI reference: segments escaped, and nothing in it taken for a scheme. */
function uriOf(name: string): string {
  return decoded(name)
    .replaceAll('\\', '/')
    .split('/')
    .map((segment) => encodeURIComponent(segment.replace(/\p{Surrogate}/gu, '\ufffd')))
    .join('/');
}

function firstSentence(text: string): string {
  const end = text.indexOf('. ');
  return end < 0 ? text : text.slice(0, end + 1);
}
