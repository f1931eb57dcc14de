import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { errorLogLine, escapeLogText } from '../../src/audit/error-log-line.ts';
import type { RuleMatch } from '../../src/model/verdict.ts';

const FACTS = { clientAddress: '192.0.2.1', hostname: 'a.test', uri: '/x?y', uniqueId: 'abc' };
const RUNS = Number(process.env['FUZZ_RUNS'] ?? 100);

function match(fields: Partial<RuleMatch> = {}, rule: Partial<RuleMatch['rule']> = {}): RuleMatch {
  return {
    rule: {
      id: 942100,
      phase: 2,
      file: '/etc/crs/rules/a.conf',
      line: 46,
      rev: '',
      ver: '',
      severity: undefined,
      maturity: 0,
      accuracy: 0,
      ...rule,
    },
    phase: 2,
    message: '',
    data: '',
    tags: [],
    variable: 'ARGS:a',
    value: 'x',
    evidence: 'Pattern match "x" at ARGS:a.',
    logged: true,
    audited: true,
    disruptive: undefined,
    ...fields,
  };
}

describe('errorLogLine', () => {
  it('leaves out what the rule does not say', () => {
    expect(errorLogLine(match(), FACTS)).toBe(
      '[client 192.0.2.1] ModSecurity: Warning. Pattern match "x" at ARGS:a. ' +
        '[file "/etc/crs/rules/a.conf"] [line "46"] [id "942100"] ' +
        '[hostname "a.test"] [uri "/x?y"] [unique_id "abc"]',
    );
  });

  it('gives all fields in the order of ModSecurity 2', () => {
    const line = errorLogLine(
      match(
        { message: 'm', data: 'd', tags: ['t1', 't/2'] },
        { rev: '1', ver: 'v', severity: 2, maturity: 9, accuracy: 8 },
      ),
      FACTS,
    );
    expect(line).toContain(
      '[id "942100"] [rev "1"] [msg "m"] [data "d"] [severity "CRITICAL"] [ver "v"] ' +
        '[maturity "9"] [accuracy "8"] [tag "t1"] [tag "t/2"] [hostname "a.test"]',
    );
  });

  it('says how the exchange was stopped', () => {
    const opening = (disruptive: RuleMatch['disruptive'], url?: string): string => {
      const action = disruptive === 'allow' || disruptive === undefined ? 'deny' : disruptive;
      const interruption = { rule: 942100, phase: 2, action, status: 401, url } as const;
      const line = errorLogLine(match({ disruptive, evidence: '' }), FACTS, interruption);
      return line.slice(line.indexOf('ModSecurity: ') + 13, line.indexOf(' [file'));
    };
    expect(opening('deny')).toBe('Access denied with code 401 (phase 2).');
    expect(opening('drop')).toBe('Access denied with connection close (phase 2).');
    expect(opening('redirect', 'https://b.test/')).toBe(
      'Access denied with redirection to https://b.test/ using status 401 (phase 2).',
    );
    expect(opening('proxy', 'http://c.test')).toBe(
      'Access denied using proxy to (phase 2) http://c.test.',
    );
    expect(opening('allow')).toBe('Access allowed (phase 2).');
    expect(opening(undefined)).toBe('Warning.');
  });

  it('cuts long data', () => {
    const line = errorLogLine(match({ data: 'a'.repeat(600) }), FACTS);
    expect(line).toContain(`[data "${'a'.repeat(512)}..."]`);
  });

  it('is one line of printable ASCII, with one id that is its own', () => {
    const bytes = fc.string({
      unit: fc.integer({ min: 0, max: 255 }).map((n) => String.fromCharCode(n)),
    });
    const hostile = fc.oneof(
      bytes,
      fc.constant('x"] [id "1"] [msg "'),
      fc.constant('\\"] [id "1"]'),
    );
    fc.assert(
      fc.property(hostile, hostile, hostile, (data, name, uri) => {
        const line = errorLogLine(
          match({
            data,
            message: data,
            tags: [data],
            evidence: `Pattern match "x" at ARGS:${name}.`,
          }),
          { ...FACTS, uri, hostname: name },
        );
        expect(line).toMatch(/^[\x20-\x7e]*$/);
        expect(line.match(/(?<!\\)\[id "\d+"\]/g)).toEqual(['[id "942100"]']);
      }),
      { numRuns: RUNS },
    );
  });
});

describe('escapeLogText', () => {
  it('escapes quotes, backslashes and all that is not printable', () => {
    expect(escapeLogText('a"b\\c\n\x00\x7f\xe9')).toBe('a\\"b\\\\c\\x0a\\x00\\x7f\\xe9');
  });
});
