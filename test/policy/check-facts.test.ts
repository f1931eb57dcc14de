import { describe, expect, it } from 'vitest';
import { CODES } from '../../src/diagnostics/codes.ts';
import { definePolicy } from '../../src/waf/policy.ts';

const OFF = { package: false };
const QUIET = { bots: OFF, scanners: OFF, disposableDomains: OFF };

/** What is marked in the document, one text for each warning. */
function missing(document: object): readonly string[] {
  const files = { read: (): string => '192.0.2.0/24,DE\n' };
  return definePolicy(document, { files })
    .diagnostics.filter(({ code }) => code === 'policy-no-source')
    .map(({ severity, code, span }) => {
      expect(severity).toBe('warning');
      expect(CODES[code]).toBeDefined();
      return span?.source.text.slice(span.start, span.end).replace(/\s+/g, '') ?? '';
    });
}

const signature = (criteria: object) => ({
  signatures: [{ name: 'r', action: 'monitor', ...criteria }],
});

describe('a fact that nothing in the document gives', () => {
  it('is told where a source rule asks for it', () => {
    const regions = { sources: [{ name: 'r', action: 'block', regions: ['KP'] }] };
    expect(missing(regions)).toEqual(['["KP"]']);
    const ranges = [{ kind: 'region', file: 'r.csv' }];
    expect(missing({ ...regions, intelligence: { ranges } })).toEqual([]);
    const types = { sources: [{ name: 'r', action: 'block', ipTypes: ['bot', 'torExitNode'] }] };
    expect(missing(types)).toHaveLength(1);
    expect(missing({ ...types, intelligence: QUIET })).toHaveLength(2);
    const emails = {
      sources: [
        {
          name: 'r',
          action: 'block',
          emails: { disposable: true, leaked: true, fraudScoreAbove: 50 },
        },
      ],
    };
    expect(missing(emails)).toHaveLength(3);
    const attribution = [{ from: 'header', name: 'X-User', trusted: true, email: true }];
    expect(missing({ ...emails, attribution })).toEqual(['true', '50']);
  });

  it('is told for each criterion and attribute of a rule', () => {
    const source = {
      region: 'DE',
      asn: 64500,
      organisation: 'x',
      connection: 'mobile',
      reputation: { below: 10 },
      userId: 'ann',
      userIdLike: 'x',
      emailDomain: 'example.com',
      abuseVelocity: { above: 3 },
      ipType: ['publicProxy'],
    };
    expect(missing(signature({ source }))).toHaveLength(10);
    for (const [key, value] of Object.entries(source)) {
      expect(missing(signature({ source: { [key]: value } })), key).toHaveLength(1);
    }
    const attribute = (name: string, operator: object) =>
      signature({ attributes: [{ attribute: name, ...operator }] });
    expect(missing(attribute('role', { operator: 'equals', value: 'x' }))).toEqual(['"role"']);
    expect(missing(attribute('user', { operator: 'notExists' }))).toEqual([]);
  });

  it('is not told of what every request has, or packages that come along give', () => {
    const source = { address: '192.0.2.1', userAgent: 'x', scanner: true, ipType: 'bot' };
    expect(missing(signature({ source }))).toEqual([]);
    const scanner = signature({ source: { scanner: true } });
    expect(missing({ ...scanner, intelligence: QUIET })).toHaveLength(1);
    const score = signature({ source: { abuseVelocity: { above: 3 } } });
    expect(missing({ ...score, actors: { score: {} } })).toEqual([]);
  });
});

describe('a field for the request', () => {
  const inject = { request: [{ name: 'X-Risk', value: '1' }] };
  it('is refused where the rule waits for the response', () => {
    const status = { part: 'response.status', operator: 'equals', value: 401 };
    const path = { part: 'request.path', operator: 'exists' };
    const rule = { name: 'r', action: 'monitor', inject };
    const conditions = { moreThan: 1, in: '1m' };
    const define = (document: object) => (): unknown => definePolicy(document);
    const late = [
      { signatures: [{ ...rule, payload: [path, status] }] },
      { rateLimits: [{ ...rule, conditions, payload: status }] },
      { dataLossPrevention: [{ ...rule, kind: 'request', data: 'email' }] },
      { dataLossPrevention: [{ ...rule, kind: 'user', data: 'email', conditions }] },
    ];
    for (const document of late) expect(define(document)).toThrow(/policy-field-without-effect/);
    const inTime = [
      { signatures: [{ ...rule, payload: path }] },
      { rateLimits: [{ ...rule, conditions }] },
      { dataLossPrevention: [{ ...rule, kind: 'request', data: 'email', in: 'both' }] },
      { dataLossPrevention: [{ ...rule, kind: 'user', data: 'email', conditions, in: 'request' }] },
    ];
    for (const document of inTime) expect(define(document)).not.toThrow();
  });
});

describe('a rule over requests that asks for the response', () => {
  it('is refused, because it would never look', () => {
    const payload = { part: 'response.status', operator: 'equals', value: 200 };
    const rule = { name: 'r', kind: 'request', action: 'block', data: 'payment-card', payload };
    const define = (where: string) => () =>
      definePolicy({ dataLossPrevention: [{ ...rule, in: where }] });
    expect(define('request')).toThrow(/policy-unreachable/);
    expect(define('response')).not.toThrow();
  });
});
