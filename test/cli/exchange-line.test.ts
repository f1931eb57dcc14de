import { describe, expect, it } from 'vitest';
import type { ExchangeReport } from '../../src/adapters/proxy-report.ts';
import { jsonLine, mainEvidence, textLine } from '../../src/cli/exchange-line.ts';
import type { Severity } from '../../src/model/severity.ts';
import type { RuleMatch, Verdict } from '../../src/model/verdict.ts';

function match(id: number, severity: Severity | undefined, logged = true): RuleMatch {
  return {
    rule: { id, phase: 2, file: '', line: 1, rev: '', ver: '', severity, maturity: 0, accuracy: 0 },
    phase: 2,
    message: `message ${id}`,
    data: '',
    tags: [],
    variable: '',
    value: '',
    evidence: '',
    logged,
    audited: logged,
    disruptive: undefined,
  };
}

function report(matches: readonly RuleMatch[], rule: number | null, inbound = 0): ExchangeReport {
  const interruption =
    rule === null ? null : ({ rule, phase: 2, action: 'deny', status: 403 } as const);
  const verdict: Verdict = {
    id: 'x',
    interruption,
    matches,
    scores: { inbound, outbound: 0 },
    errors: [],
  };
  return {
    id: 'x',
    timeMs: 0,
    durationMs: 1,
    client: { address: '1.2.3.4', port: 5 },
    method: 'GET',
    uri: '/\x1b[31m\n\xe9',
    version: 'HTTP/1.1',
    status: rule === null ? 200 : 403,
    result: rule === null ? 'passed' : 'blocked',
    reason: rule === null ? undefined : 'signature-block',
    decision: {
      effect: rule === null ? 'allow' : 'block',
      row: rule === null ? 'fallback' : 'signature-block',
      status: rule === null ? undefined : 403,
      interruption,
      trace: [],
    },
    verdict,
    requestBytes: 0,
    responseBytes: 0,
  };
}

describe('mainEvidence', () => {
  it('names the gravest rule that scored when the interrupting rule only adds up', () => {
    const matches = [match(1, 4), match(2, 2), match(3, 2), match(949110, 0)];
    expect(mainEvidence(report(matches, 949110, 10))?.rule).toBe(2);
  });

  it('names the interrupting rule when nothing scores', () => {
    expect(mainEvidence(report([match(1, 4), match(7, undefined)], 7))?.rule).toBe(7);
  });

  it('names what matched in an exchange that passed', () => {
    expect(mainEvidence(report([match(5, 4)], null, 3))?.rule).toBe(5);
  });

  it('names nothing that does not log', () => {
    expect(mainEvidence(report([match(5, 4, false)], null))).toBeUndefined();
  });

  it('names nothing when the engine had no verdict', () => {
    expect(mainEvidence({ ...report([], null), verdict: null })).toBeUndefined();
  });
});

describe('exchange lines', () => {
  it('stay one line of printable ASCII, whatever the client sent', () => {
    for (const exchange of [report([], null), report([match(1, 2)], 1)]) {
      expect(textLine(exchange, false)).toMatch(/^[\x20-\x7e]+$/);
      expect(jsonLine(exchange)).not.toMatch(/[\x00-\x1f]/);
    }
  });

  it('keep the target verbatim in JSON', () => {
    const line = JSON.parse(jsonLine(report([match(1, 2)], 1)));
    expect(line).toMatchObject({
      uri: '/\x1b[31m\n\xe9',
      status: 403,
      result: 'blocked',
      decision: { effect: 'block', row: 'signature-block' },
      evidence: { rule: 1, message: 'message 1' },
      matched: [1],
    });
  });

  it('use colour only when asked', () => {
    expect(textLine(report([], null), true)).toContain('\x1b[');
  });

  it('shorten long targets', () => {
    const long = { ...report([], null), uri: `/${'x'.repeat(5000)}` };
    expect(textLine(long, false).length).toBeLessThan(200);
  });
});

describe('a line about what a policy rule has stopped', () => {
  const stopped = (rule: string): ExchangeReport => {
    const blocked = report([], 1);
    return { ...blocked, decision: { ...blocked.decision, row: 'ip-block', rule } };
  };

  it('names the rule', () => {
    expect(JSON.parse(jsonLine(stopped('closed network'))).decision).toEqual({
      effect: 'block',
      row: 'ip-block',
      rule: 'closed network',
    });
    expect(textLine(stopped('closed network'), false)).toContain('"closed network"');
  });

  it('stays one line whatever the name', () => {
    expect(textLine(stopped('a\n\x1b[31m'), false)).not.toMatch(/[\n\x1b]/);
  });
});

describe('a line about what could not be judged', () => {
  const failed = (): ExchangeReport => {
    const blocked = report([], null);
    const error = { code: 'match-limit', ruleId: 7, phase: 2, message: 'rule 7: match-limit' };
    return {
      ...blocked,
      result: 'blocked',
      decision: { ...blocked.decision, effect: 'block', row: 'engine-error' },
      verdict: { ...(blocked.verdict as Verdict), errors: [{ ...error, phase: 2 }] },
    };
  };

  it('says what it was', () => {
    expect(JSON.parse(jsonLine(failed())).errors).toEqual([
      { code: 'match-limit', rule: 7, message: 'rule 7: match-limit' },
    ]);
    expect(textLine(failed(), false)).toContain('rule 7: match-limit');
  });
});
