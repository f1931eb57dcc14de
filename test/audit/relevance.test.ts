import { describe, expect, it } from 'vitest';
import { relevance } from '../../src/audit/relevance.ts';
import type { TransactionOutline } from '../../src/model/transaction-record.ts';
import { aMatch } from './support/record.ts';

const outline = (fields: Partial<TransactionOutline>): TransactionOutline => ({
  auditEngine: 'RelevantOnly',
  engine: 'On',
  matches: [],
  status: 200,
  ...fields,
});

const cases: readonly (readonly [string, Partial<TransactionOutline>, boolean])[] = [
  ['writes all when it is On', { auditEngine: 'On' }, true],
  ['writes nothing when it is Off', { auditEngine: 'Off', matches: [aMatch()] }, false],
  ['writes nothing when no rule could run', { auditEngine: 'On', engine: 'Off' }, false],
  ['writes what a rule for the audit log matched', { matches: [aMatch()] }, true],
  ['passes over matches with nolog', { matches: [aMatch({ audited: false })] }, false],
  ['writes a status that the pattern finds', { status: 503 }, true],
  ['passes over a status that it excludes', { status: 404 }, false],
  ['passes over a status that it does not find', { status: 200 }, false],
];

describe('relevance', () => {
  const isRelevant = relevance('^(?:5|4(?!04))');

  it.each(cases)('%s', (_, fields, expected) => {
    expect(isRelevant(outline(fields))).toBe(expected);
  });

  it('finds no status relevant without a pattern', () => {
    expect(relevance(undefined)(outline({ status: 500 }))).toBe(false);
  });

  it('does not ask for the status of what a rule matched', () => {
    expect(isRelevant(outline({ status: 200, matches: [aMatch()] }))).toBe(true);
  });
});
