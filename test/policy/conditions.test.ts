import { describe, expect, it } from 'vitest';
import { utf8ByteString } from '../../src/base/bytes.ts';
import { policyUnderTest } from './support.ts';

const judge = (payload: object, lists: object = {}) =>
  policyUnderTest({ lists, signatures: [{ name: 'sig', action: 'block', payload }] });
const query = (more: object) => ({ part: 'request.queryParameter', name: 'n', ...more });
const holds = (payload: object, uri: string, lists: object = {}): boolean =>
  judge(payload, lists).ask({ uri }).rule === 'sig';

describe('a comparison of numbers', () => {
  const greater = query({ operator: 'greater', value: 10 });
  it.each([
    ['11', true],
    ['10', false],
    ['10.5', true],
    ['-11', false],
    ['1e3', true],
    ['+11', true],
    ['%2011%20', true],
    ['', false],
    ['x', false],
    ['11x', false],
    ['NaN', false],
    ['1,000', false],
  ])('of "%s" with 10', (text, expected) => {
    expect(holds(greater, `/?n=${text.replace('+', '%2B')}`)).toBe(expected);
  });

  it('holds for any of several values', () => {
    expect(holds(greater, '/?n=1&n=11')).toBe(true);
    expect(holds(greater, '/?m=11')).toBe(false);
  });
});

describe('a condition on values that come more than once', () => {
  it('sees all of them, and a negation none', () => {
    expect(holds(query({ operator: 'equals', value: 'b' }), '/?n=a&n=b')).toBe(true);
    expect(holds(query({ operator: 'notEquals', value: 'b' }), '/?n=a&n=b')).toBe(false);
    expect(holds(query({ operator: 'notEquals', value: 'b' }), '/?n=a')).toBe(true);
    expect(holds(query({ operator: 'notEquals', value: 'b' }), '/')).toBe(true);
    expect(holds(query({ operator: 'notExists' }), '/?n')).toBe(false);
  });

  it('sees fields in any case, and joins none', () => {
    const field = { part: 'request.header', name: 'X-Role', operator: 'equals', value: 'root' };
    const headers = [
      ['x-role', 'guest'],
      ['X-ROLE', 'root'],
    ] as const;
    expect(judge(field).ask({ headers }).rule).toBe('sig');
    expect(judge(field).ask({ headers: headers.slice(0, 1) }).effect).toBe('allow');
  });
});

describe('a condition on what has no case', () => {
  const headers = [['X-Debug', '1']] as const;
  it.each([
    ['request.headerName', 'equals', 'X-Debug'],
    ['request.headerName', 'in', ['X-Debug']],
    ['request.headerName', 'startsWith', 'X-D'],
    ['request.headerName', 'matches', '^X-D'],
    ['request.host', 'equals', 'Shop.TEST'],
    ['request.host', 'matches', '^Shop'],
  ])('takes %s %s "%s" in any case', (part, operator, value) => {
    expect(judge({ part, operator, value }).ask({ headers }).rule).toBe('sig');
  });

  it('does so where it is negated, and in responses', () => {
    const negated = { part: 'request.headerName', operator: 'notEquals', value: 'X-Debug' };
    expect(judge(negated).ask({ headers }).effect).toBe('allow');
    const answered = { part: 'response.headerName', operator: 'equals', value: 'X-Powered-By' };
    const response = { status: 200, headers: [['x-powered-by', 'e']] as const };
    expect(judge(answered).ask({ response }).rule).toBe('sig');
  });
});

describe('a text of the document', () => {
  it('is compared as UTF-8, the bytes that requests bring', () => {
    expect(holds(query({ operator: 'equals', value: 'Müller' }), '/?n=M%C3%BCller')).toBe(true);
    expect(holds(query({ operator: 'contains', value: 'ü' }), '/?n=M%C3%BCller')).toBe(true);
    expect(
      holds(query({ operator: 'in', value: 'names' }), '/?n=%E2%82%AC', { names: ['€'] }),
    ).toBe(true);
    const matches = (value: string) => query({ operator: 'matches', value });
    expect(holds(matches('^(?:ü)+$'), '/?n=%C3%BC%C3%BC')).toBe(true);
    expect(holds(matches('^M(?:ä|ü)ller$'), '/?n=M%C3%BCller')).toBe(true);
  });

  it.each(['ü+', '[äü]', '[^]ü]', 'é?', 'x{2}€{3}'])(
    'is refused as the pattern %s, which would tear a letter apart',
    (value) => {
      expect(() => judge(query({ operator: 'matches', value }))).toThrow(/policy-pattern-bytes/);
    },
  );

  it.each(['[a]ü', '\\[ü', 'ü|ä', '[\\]]ü', '[]]ü'])('is taken as the pattern %s', (value) => {
    expect(() => judge(query({ operator: 'matches', value }))).not.toThrow();
  });

  it('is found behind a NUL and across lines', () => {
    expect(holds(query({ operator: 'contains', value: 'evil' }), '/?n=a%00evil')).toBe(true);
    expect(holds(query({ operator: 'matches', value: 'e.il' }), '/?n=e%0Ail')).toBe(true);
    expect(holds(query({ operator: 'matches', value: '^evil$' }), '/?n=a%0Aevil')).toBe(false);
    expect(holds(query({ operator: 'equals', value: 'a' }), '/?n=a%00')).toBe(false);
  });

  it('ignores the case of letters only where it says so', () => {
    expect(holds(query({ operator: 'equals', value: 'Root' }), '/?n=ROOT')).toBe(false);
    const ignoring = query({ operator: 'equals', value: 'Root', ignoreCase: true });
    expect(holds(ignoring, '/?n=rOOT')).toBe(true);
    expect(holds({ ...ignoring, operator: 'notEquals' }, '/?n=rOOT')).toBe(false);
    const list = query({ operator: 'in', value: ['Root'], ignoreCase: true });
    expect(holds(list, '/?n=root')).toBe(true);
  });
});

describe('"exclude" on something unknown', () => {
  it('does not hold', () => {
    const cases = [
      { userId: { any: ['ann'], exclude: true } },
      { emailDomain: { any: ['a.test'], exclude: true } },
      { region: { any: ['DE'], exclude: true } },
      { asn: { any: [64500], exclude: true } },
      { userAgent: { matches: 'x', exclude: true } },
    ];
    for (const source of cases) {
      const { ask } = policyUnderTest({ signatures: [{ name: 's', action: 'block', source }] });
      expect(ask().effect).toBe('allow');
    }
    const { ask } = policyUnderTest({
      signatures: [{ name: 's', action: 'block', source: cases[0] }],
    });
    expect(ask({ user: 'bob' }).rule).toBe('s');
    expect(ask({ user: 'ann' }).effect).toBe('allow');
  });
});

describe('two rules of one name and different types', () => {
  it('both count', () => {
    const { ask } = policyUnderTest({
      rateLimits: [{ name: 'x', action: 'block', conditions: { moreThan: 1, in: '1m' } }],
      enumeration: [
        { name: 'x', action: 'block', of: 'query', conditions: { moreThan: 2, in: '1h' } },
      ],
    });
    expect(ask({ user: 'a', uri: '/?q=1' }).effect).toBe('allow');
    expect(ask({ user: 'a', uri: '/?q=2', at: 61_000 }).effect).toBe('allow');
    expect(ask({ user: 'a', uri: '/?q=3', at: 122_000 })).toMatchObject({ status: 403, rule: 'x' });
    ask({ user: 'b' });
    expect(ask({ user: 'b' })).toMatchObject({ status: 429, rule: 'x' });
  });
});

describe('who is asking', () => {
  const limit = { name: 'l', action: 'block', conditions: { moreThan: 1, in: '1m' } };
  it('is one address in all its spellings', () => {
    const { ask } = policyUnderTest({ rateLimits: [limit] });
    expect(ask({ address: '203.0.113.9' }).effect).toBe('allow');
    expect(ask({ address: '::ffff:203.0.113.9' }).effect).toBe('block');
    const { ask: listed } = policyUnderTest({
      sources: [{ name: 's', action: 'block', addresses: ['203.0.113.0/24', '2001:db8::/32'] }],
    });
    for (const address of ['::ffff:203.0.113.9', '2001:DB8:0::1', '2001:db8::1%eth0']) {
      expect(listed({ address }).rule).toBe('s');
    }
  });

  it('is nobody internal where there is no address', () => {
    const { ask } = policyUnderTest({
      sources: [{ name: 's', action: 'blockAllExcept', addresses: '203.0.113.0/24' }],
    });
    expect(ask({ address: '' }).rule).toBe('s');
    expect(ask({ address: '10.0.0.1' }).effect).toBe('allow');
  });

  it('is not who one of two user fields says', () => {
    const { ask } = policyUnderTest({ block: { actors: ['bob'] }, allow: { actors: ['ann'] } });
    expect(ask({ user: 'ann', headers: [['x-user', 'bob']] }).row).toBe('fallback');
    expect(ask({ headers: [['x-USER', 'bob']] }).row).toBe('actor-block');
    expect(ask({ address: '203.0.113.8', headers: [['X_User', 'bob']] }).row).toBe('fallback');
  });
});

describe('a name outside ASCII', () => {
  const organisations = utf8ByteString('203.0.113.0/24,Müller AG\n198.51.100.0/24,Meier\n');
  const by = (organisation: object) =>
    policyUnderTest(
      {
        intelligence: { ranges: [{ file: 'org.csv', kind: 'organisation' }] },
        signatures: [{ name: 'sig', action: 'block', source: { organisation } }],
      },
      { files: { read: () => organisations } },
    );

  it.each(['Müller AG', 'MÜLLER ag'])('is the organisation %s', (name) => {
    expect(by({ any: name }).ask().rule).toBe('sig');
    expect(by({ any: name, exclude: true }).ask().effect).toBe('allow');
    expect(by({ any: name, exclude: true }).ask({ address: '198.51.100.1' }).rule).toBe('sig');
  });

  it('is told as it is written', () => {
    expect(by({ any: 'müller ag' }).ask().reason('custom-signature-block')).toMatch(/Müller AG/);
  });

  it.each(['bücher.test', 'BÜCHER.test', 'xn--bcher-kva.test'])(
    'is the email domain %s',
    (domain) => {
      const documents = [
        { signatures: [{ name: 'r', action: 'block', source: { emailDomain: domain } }] },
        { sources: [{ name: 'r', action: 'block', emails: { domains: [domain] } }] },
        { block: { allEmailDomainsExcept: [domain, 'other.test'] } },
      ];
      const effects = documents.map((document) => {
        const { ask } = policyUnderTest(document);
        return ask({ user: utf8ByteString('x@bücher.test') }).effect;
      });
      expect(effects).toEqual(['block', 'block', 'allow']);
    },
  );
});

describe('the reason of a condition', () => {
  const reason = (payload: object, uri: string) =>
    judge(payload).ask({ uri }).reason('custom-signature-block');

  it('says what was asked for, and whether it holds', () => {
    const path = { part: 'request.path', operator: 'startsWith', value: '/admin' };
    expect(reason(path, '/admin/x')).toBe('"sig": request.path startsWith "/admin"');
    expect(reason(path, '/')).toBe('"sig": request.path startsWith "/admin" does not hold');
  });

  it('keeps values to itself where they may be secrets', () => {
    const token = query({ operator: 'equals', value: 's3cret' });
    expect(reason(token, '/?n=s3cret')).toBe('"sig": request.queryParameter "n" equals');
    expect(reason(token, '/?n=x')).toBe('"sig": request.queryParameter "n" equals does not hold');
    const path = { part: 'request.path', operator: 'endsWith', value: '/4111111111111111' };
    expect(reason(path, '/x')).toBe('"sig": request.path endsWith does not hold');
  });
});
