import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ruleLine } from '../../src/audit/rule-line.ts';
import { aMatch, aRecord } from './support/record.ts';

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 100);

describe('ruleLine', () => {
  it('has all fields, set or not, in the order of libmodsecurity', () => {
    const match = aMatch(
      { message: '', data: '', tags: [], disruptive: undefined },
      { severity: undefined, rev: '2', ver: 'v1', maturity: 9, accuracy: 8 },
    );
    expect(ruleLine(match, aRecord({ interruption: null }), { client: true })).toBe(
      "[client 192.0.2.1] ModSecurity: Warning. Matched \"Operator `Rx' with parameter `evil' " +
        'against variable `ARGS:a\' (Value: `evil\' ) [file "/etc/crs/a.conf"] [line "46"] ' +
        '[id "942100"] [rev "2"] [msg ""] [data ""] [severity "0"] [ver "v1"] [maturity "9"] ' +
        '[accuracy "8"] [hostname "shop.test"] [uri "/cart?x=1"] ' +
        '[unique_id "YaBcDeFgHiJkLmNoPqRsTuVw"] [ref "o0,4v19,4"]',
    );
  });

  it('says with which status the exchange was stopped', () => {
    const record = aRecord({
      interruption: { rule: 942100, phase: 1, action: 'deny', status: 418 },
    });
    expect(ruleLine(aMatch({ phase: 1 }), record)).toMatch(
      /^ModSecurity: Access denied with code 418 \(phase 1\)\. Matched "Operator/,
    );
  });

  it('cuts long values and says by how much', () => {
    const line = ruleLine(
      aMatch({
        value: 'v'.repeat(150),
        data: 'd'.repeat(250),
        test: { operator: 'beginsWith', argument: 'p'.repeat(201), negated: true },
      }),
      aRecord(),
    );
    expect(line).toContain(`(Value: \`${'v'.repeat(100)} (50 characters omitted)' )`);
    expect(line).toContain(`[data "${'d'.repeat(200)} (50 characters omitted)"]`);
    expect(line).toContain(`Operator \`BeginsWith' with parameter \`${'p'.repeat(200)} (1 cha`);
  });

  it('says nothing of an operator where there is none', () => {
    const line = ruleLine(aMatch({ test: undefined, disruptive: undefined }), aRecord());
    expect(line).toMatch(/^ModSecurity: Warning\. \[file "/);
  });

  it.each([
    ['pmFromFile', 'PmFromFile'],
    ['detectSQLi', 'DetectSQLi'],
    ['streq', 'StrEq'],
    ['ipMatch', 'IpMatch'],
    ['verifyCC', 'VerifyCC'],
    ['eq', 'Eq'],
  ])('names @%s as libmodsecurity does', (operator, title) => {
    const test = { operator, argument: '', negated: false };
    expect(ruleLine(aMatch({ test }), aRecord())).toContain(`Operator \`${title}'`);
  });

  it('is one line of printable ASCII in which no field can be forged', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const bytes = [...`${text}"] [id "1"`].map((c) =>
          String.fromCharCode(c.charCodeAt(0) & 255),
        );
        const hostile = bytes.join('');
        const match = aMatch({ message: hostile, data: hostile, tags: [hostile] });
        const line = ruleLine(match, aRecord({ hostname: hostile, request: { uri: hostile } }));
        expect(line).toMatch(/^[\x20-\x7e]+$/);
        expect(line.match(/\[id "/g)).toHaveLength(1);
      }),
      { numRuns: RUNS },
    );
  });
});
