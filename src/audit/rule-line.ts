// The line of one matched rule as libmodsecurity writes it, in its server log and in part H.
//
// All fields are there whether or not the rule sets them.

import type { Interruption } from '../model/interruption.ts';
import type { TransactionRecord } from '../model/transaction-record.ts';
import type { RuleMatch } from '../model/verdict.ts';
import { operatorTitle } from './operator-title.ts';
import { hexEscaped, hexEscapedQuoted, limited } from './text.ts';

const MAX_TEXT = 200;
const MAX_VALUE = 100;

export interface RuleLineOptions {
  /** `[client 192.0.2.1] ` in front, as the server log has it. */
  readonly client?: boolean;
}

export function ruleLine(
  match: RuleMatch,
  record: Pick<
    TransactionRecord,
    'client' | 'hostname' | 'request' | 'id' | 'interruption' | 'reference'
  >,
  options: RuleLineOptions = {},
): string {
  const { rule } = match;
  const fields = [
    field('file', hexEscaped(rule.file)),
    field('line', String(rule.line)),
    field('id', String(rule.id)),
    field('rev', hexEscapedQuoted(rule.rev)),
    field('msg', hexEscapedQuoted(match.message)),
    field('data', hexEscapedQuoted(limited(match.data, MAX_TEXT))),
    field('severity', String(rule.severity ?? 0)),
    field('ver', hexEscapedQuoted(rule.ver)),
    field('maturity', String(rule.maturity)),
    field('accuracy', String(rule.accuracy)),
    ...match.tags.map((tag) => field('tag', hexEscapedQuoted(tag))),
    field('hostname', hexEscapedQuoted(record.hostname)),
    field('uri', hexEscapedQuoted(limited(record.request.uri, MAX_TEXT))),
    field('unique_id', hexEscapedQuoted(record.id)),
    field('ref', hexEscapedQuoted(record.reference(match))),
  ];
  const client = options.client === true ? `[client ${hexEscaped(record.client.address)}] ` : '';
  const seen = matchText(match);
  const outcome = outcomeOf(match, record.interruption);
  return `${client}ModSecurity: ${outcome} ${seen === '' ? '' : `${seen} `}${fields.join(' ')}`;
}

/** What the operator saw: empty for a rule without one. */
export function matchText({ test, variable, value }: RuleMatch): string {
  if (test === undefined) return '';
  // libmodsecurity does not say whether the test is negated.
  const name = operatorTitle(test.operator);
  const argument = hexEscaped(limited(test.argument, MAX_TEXT));
  const shown = hexEscaped(limited(value, MAX_VALUE));
  return `Matched "Operator \`${name}' with parameter \`${argument}' against variable \`${hexEscaped(variable)}' (Value: \`${shown}' )`;
}

function outcomeOf(match: RuleMatch, interruption: Interruption | null): string {
  if (match.disruptive === undefined || match.disruptive === 'allow') return 'Warning.';
  const status = interruption?.rule === match.rule.id ? interruption.status : 403;
  return `Access denied with code ${status} (phase ${match.phase}).`;
}

const field = (name: string, value: string): string => `[${name} "${value}"]`;
