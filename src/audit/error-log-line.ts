// One line of an error log for one matched rule, in the layout of ModSecurity 2.
//
// Log tools look for `ModSecurity:`, `[id "`, `[msg "` and `[unique_id "`, so layout and escaping are a
// promise: one match is one line of printable ASCII whatever a request held.

import type { Interruption } from '../model/interruption.ts';
import { SEVERITY_NAMES } from '../model/severity.ts';
import type { RuleMatch } from '../model/verdict.ts';

/** What the line says of the transaction, behind what it says of the rule. */
export interface ErrorLogFacts {
  readonly clientAddress: string;
  readonly hostname: string;
  readonly uri: string;
  readonly uniqueId: string;
}

// ModSecurity 2 cuts `data` at 512 bytes; the other texts are as long as the rules make them.
const MAX_DATA_BYTES = 512;
const MAX_EVIDENCE_BYTES = 1024;

/**
 * The line without its line end.
 *
 * `interruption` is that of the transaction; it colours the line only if this match carried it out.
 */
export function errorLogLine(
  match: RuleMatch,
  facts: ErrorLogFacts,
  interruption: Interruption | null = null,
): string {
  const tail = [
    field('hostname', facts.hostname),
    field('uri', facts.uri),
    field('unique_id', facts.uniqueId),
  ];
  const client = `[client ${escapeLogText(facts.clientAddress)}]`;
  return `${client} ModSecurity: ${alertText(match, interruption)} ${tail.join(' ')}`;
}

/** The line without what it says of the transaction: a `Message:` of the audit log. */
export function alertText(match: RuleMatch, interruption: Interruption | null): string {
  const { rule } = match;
  const evidence = escapeEvidence(cut(match.evidence, MAX_EVIDENCE_BYTES));
  const fields = [
    field('file', rule.file),
    field('line', String(rule.line)),
    field('id', String(rule.id)),
    optional('rev', rule.rev),
    optional('msg', match.message),
    optional('data', cut(match.data, MAX_DATA_BYTES)),
    rule.severity === undefined ? '' : field('severity', SEVERITY_NAMES[rule.severity] ?? ''),
    optional('ver', rule.ver),
    rule.maturity > 0 ? field('maturity', String(rule.maturity)) : '',
    rule.accuracy > 0 ? field('accuracy', String(rule.accuracy)) : '',
    ...match.tags.map((tag) => field('tag', tag)),
  ];
  const outcome = outcomeOf(match, interruption);
  const opening = evidence === '' ? outcome : `${outcome} ${evidence}`;
  return `${opening} ${fields.filter((text) => text !== '').join(' ')}`;
}

/** Printable ASCII with `"` and `\` escaped; every other byte as \xhh, in lower case. */
export function escapeLogText(text: string): string {
  return text.replace(/["\\]|[^\x20-\x7e]/g, (char) =>
    char === '"' || char === '\\' ? `\\${char}` : hexEscape(char),
  );
}

function outcomeOf(match: RuleMatch, interruption: Interruption | null): string {
  const at = `(phase ${match.phase})`;
  const isCarriedOut = interruption !== null && interruption.rule === match.rule.id;
  switch (match.disruptive) {
    case 'deny':
      return `Access denied with code ${isCarriedOut ? interruption.status : 403} ${at}.`;
    case 'drop':
      return `Access denied with connection close ${at}.`;
    case 'redirect': {
      const url = escapeLogText((isCarriedOut ? interruption.url : undefined) ?? '');
      const status = isCarriedOut ? interruption.status : 302;
      return `Access denied with redirection to ${url} using status ${status} ${at}.`;
    }
    case 'proxy': {
      const url = escapeLogText((isCarriedOut ? interruption.url : undefined) ?? '');
      return `Access denied using proxy to ${at} ${url}.`;
    }
    case 'allow':
      return `Access allowed ${at}.`;
    case undefined:
      return 'Warning.';
  }
}

function field(name: string, value: string): string {
  return `[${name} "${escapeLogText(value)}"]`;
}

function optional(name: string, value: string): string {
  return value === '' ? '' : field(name, value);
}

/**
 * Quotes are left alone here, since the evidence brings its own around patterns. So that a hostile
 * argument name cannot forge a field, a bracket that would open one is written as \x5b.
 */
function escapeEvidence(text: string): string {
  return text.replace(/[^\x20-\x7e]|\[(?=[^\s\]"]{1,64}[ :]*")/g, hexEscape);
}

function hexEscape(char: string): string {
  return `\\x${(char.charCodeAt(0) & 0xff).toString(16).padStart(2, '0')}`;
}

function cut(text: string, max: number): string {
  return text.length > max ? `${text.slice(0, max)}...` : text;
}
