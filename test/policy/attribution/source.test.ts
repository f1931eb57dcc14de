import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clientAddress } from '../../../src/policy/attribution/schema.ts';
import { createSourceReader, type RequestSource } from '../../../src/policy/attribution/source.ts';
import {
  attribution,
  type Files,
  intelligenceOf,
  type RequestParts,
  request,
  type Values,
} from '../../support/policy-request.ts';

const NOW = 1_700_000_000_000;

interface Setup {
  readonly address?: object;
  readonly rules?: readonly unknown[];
  readonly intelligence?: object;
  readonly files?: Files;
}

function read(peer: string, parts: RequestParts = {}, setup: Setup = {}): RequestSource {
  const { address, rules = [], intelligence = {}, files = {} } = setup;
  const reader = createSourceReader(
    address && clientAddress.parse(address),
    attribution(rules).identifier,
    intelligenceOf(intelligence, files).intelligence,
  );
  return reader.read({ clientAddress: peer, request: request(parts) }, NOW);
}

const forwarded = (...values: string[]): RequestParts => ({
  headers: values.map((value) => ['X-Forwarded-For', value] as const),
});

describe('the address of a client', () => {
  const ranges = { trustedProxies: ['10.0.0.0/8', '2001:db8:ffff::/48'] };

  it.each([
    ['is the peer where no proxy is trusted', undefined, '10.0.0.1', ['1.1.1.1'], '10.0.0.1'],
    ['is not what an untrusted peer says', ranges, '6.6.6.6', ['1.1.1.1'], '6.6.6.6'],
    [
      'is not what an untrusted peer says of a proxy',
      ranges,
      '6.6.6.6',
      ['1.1.1.1, 10.0.0.9'],
      '6.6.6.6',
    ],
    [
      'is the right-most that is not a proxy',
      ranges,
      '10.0.0.1',
      ['9.9.9.9, 1.1.1.1, 10.0.0.2'],
      '1.1.1.1',
    ],
    [
      'is read over several lines',
      ranges,
      '10.0.0.1',
      ['9.9.9.9', '1.1.1.1', '10.0.0.2'],
      '1.1.1.1',
    ],
    [
      'is seen through a dual-stack socket',
      ranges,
      '::ffff:10.0.0.1',
      ['::ffff:1.1.1.1'],
      '1.1.1.1',
    ],
    [
      'is seen through proxies with IPv6',
      ranges,
      '2001:db8:ffff::1',
      ['2001:DB8::0:7'],
      '2001:db8::7',
    ],
    [
      'is the last certain one before junk',
      ranges,
      '10.0.0.1',
      ['1.1.1.1, <script>, 10.0.0.2'],
      '10.0.0.2',
    ],
    ['is the proxy itself without a header', ranges, '10.0.0.1', [], '10.0.0.1'],
    [
      'is so many hops away',
      { trustedProxies: 2 },
      '6.6.6.6',
      ['9.9.9.9, 1.1.1.1, 7.7.7.7'],
      '1.1.1.1',
    ],
    ['may be behind a Unix socket', { trustedProxies: 1 }, '', ['1.1.1.1'], '1.1.1.1'],
    ['is IPv4 in one spelling', undefined, '::FFFF:1.2.3.4', [], '1.2.3.4'],
    ['is IPv6 in one spelling', undefined, '2001:0DB8:0:0::1', [], '2001:db8::1'],
  ])('%s', (_name, address, peer, values, expected) => {
    const source = read(peer, forwarded(...values), address === undefined ? {} : { address });
    expect(source.address).toBe(expected);
    expect(source.peer).toBe(peer);
  });

  it('is link-local whatever the interface', () => {
    expect(read('fe80::1%eth0')).toMatchObject({ address: 'fe80::1', isInternal: true });
    const address = { trustedProxies: ['fe80::/10'] };
    expect(read('fe80::1%eth0', forwarded('1.1.1.1'), { address }).address).toBe('1.1.1.1');
  });

  it('stands in the header that the policy names, and in no other', () => {
    const headers: Values = [
      ['X-Forwarded-For', '6.6.6.6'],
      ['x-real-ip', '1.1.1.1'],
      ['X_Real_IP', '7.7.7.7'],
    ];
    const address = { header: 'X-Real-IP', trustedProxies: 1 };
    expect(read('10.0.0.1', { headers }, { address }).address).toBe('1.1.1.1');
  });

  it('is read from Forwarded as RFC 7239 has it', () => {
    const headers: Values = [
      ['Forwarded', 'for=6.6.6.6, for="[2001:db8::7]:80";proto=https;by=10.0.0.1'],
    ];
    const address = { header: 'forwarded', trustedProxies: 1 };
    expect(read('10.0.0.1', { headers }, { address }).address).toBe('2001:db8::7');
  });

  it('is internal or not by what it is, not by who the proxy is', () => {
    const address = { trustedProxies: 1 };
    expect(read('10.0.0.1', forwarded('1.1.1.1'), { address }).isInternal).toBe(false);
    expect(read('10.0.0.1').isInternal).toBe(true);
    expect(read('').isInternal).toBe(false);
  });
});

describe('the schema of the client address', () => {
  it.each([
    [{}],
    [{ trustedProxies: [] }],
    [{ trustedProxies: ['10.0.0.0/33'] }],
    [{ trustedProxies: 0 }],
    [{ trustedProxies: 1.5 }],
    [{ header: 'X Forwarded', trustedProxies: 1 }],
  ])('refuses %j', (section) => {
    expect(clientAddress.safeParse(section).success).toBe(false);
  });
});

describe('the facts of a source', () => {
  it('are unknown with a reason where nothing is configured', () => {
    const source = read('192.0.2.1');
    const { user, email, organisation, roles, region, asn, connection, reputation } = source;
    const { isDisposableEmail, isLeakedEmail, fraudScore, isBot, isScanner } = source;
    const facts = { user, email, organisation, roles, region, asn, connection, reputation };
    for (const [name, fact] of Object.entries({ ...facts, isBot, isScanner })) {
      expect([name, fact]).toMatchObject([name, { known: false, why: 'not-configured' }]);
    }
    for (const fact of [isDisposableEmail, isLeakedEmail, fraudScore]) {
      expect(fact).toMatchObject({ known: false, why: 'no-input' });
    }
    expect(source.ipTypes).toEqual([]);
    expect(source.userAgent).toBeUndefined();
  });

  it('take types of addresses and of user agents together', () => {
    const setup: Setup = {
      intelligence: {
        bots: { package: true },
        scanners: { package: true },
        ranges: [{ file: 'types.csv', kind: 'ipType' }],
      },
      files: { 'types.csv': '192.0.2.0/24,hosting\n192.0.2.1,bot\n' },
    };
    const chrome: RequestParts = { headers: [['User-Agent', 'Mozilla/5.0 Chrome/126.0.0.0']] };
    expect(read('192.0.2.1', chrome, setup).ipTypes).toEqual(['hostingProvider', 'bot']);
    const sqlmap: RequestParts = { headers: [['user-agent', 'sqlmap/1.8']] };
    const source = read('192.0.3.1', sqlmap, setup);
    expect(source.ipTypes).toEqual(['bot', 'scanner']);
    expect(source.isOfType('hostingProvider')).toMatchObject({ value: false });
    expect(source.isOfType('torExitNode')).toMatchObject({ why: 'not-configured' });
    const silent = read('192.0.3.1', {}, setup);
    expect(silent.isOfType('bot')).toMatchObject({ why: 'no-input' });
  });

  it('follow from the email address of the user', () => {
    const setup: Setup = {
      rules: [{ from: 'header', name: 'X-User' }],
      intelligence: {
        disposableDomains: { package: true },
        leakedEmails: { files: ['leaks.txt'] },
        emailFraudScores: { file: 'scores.csv' },
      },
      files: { 'leaks.txt': 'a@mailinator.com\n', 'scores.csv': 'mailinator.com,80\n' },
    };
    const source = read('192.0.2.1', { headers: [['X-User', 'A@Mailinator.com']] }, setup);
    expect(source.user).toMatchObject({ value: { id: 'A@Mailinator.com' } });
    expect(source.email).toMatchObject({ value: { domain: 'mailinator.com' } });
    expect(source.isDisposableEmail).toMatchObject({ value: true });
    expect(source.isLeakedEmail).toMatchObject({ value: true });
    expect(source.fraudScore).toMatchObject({ value: 80 });
    const nobody = read('192.0.2.1', { headers: [['X-User', 'alice']] }, setup);
    expect(nobody.isDisposableEmail).toMatchObject({
      why: 'no-input',
      detail: expect.stringContaining('gives no email address'),
    });
  });

  it('take the organisation of the address before that of a claim', () => {
    const claims = Buffer.from('{"sub":"a","org":"Claimed"}').toString('base64url');
    const token = `${Buffer.from('{"alg":"HS256"}').toString('base64url')}.${claims}.AA`;
    const rules = [{ from: 'jwt', organisation: 'org' }];
    const parts: RequestParts = { headers: [['Authorization', `Bearer ${token}`]] };
    const intelligence = { ranges: [{ file: 'orgs.csv', kind: 'organisation' }] };
    const setup: Setup = { rules, intelligence, files: { 'orgs.csv': '192.0.2.0/24,Listed\n' } };
    expect(read('192.0.2.1', parts, setup).organisation).toMatchObject({ value: 'Listed' });
    expect(read('192.0.3.1', parts, setup).organisation).toMatchObject({ value: 'Claimed' });
  });

  it('hold no value of the request in what is told of lies', () => {
    const parts: RequestParts = { headers: [['Authorization', 'Basic c2VjcmV0']] };
    const source = read('192.0.2.1', parts, { rules: [{ from: 'basic' }] });
    expect(source.evidence).toHaveLength(1);
    expect(source.evidence.join()).not.toMatch(/c2VjcmV0|secret/);
    expect(source.disbelieved).toMatchObject([{ kind: 'malformed-credentials' }]);
  });

  it('are worked out once', () => {
    const source = read('192.0.2.1', {}, { rules: [{ from: 'basic' }] });
    expect(source.user).toBe(source.user);
    expect(source.region).toBe(source.region);
  });

  it('never throw, whatever peer and header are', () => {
    const address = { trustedProxies: ['0.0.0.0/0', '::/0'] };
    fc.assert(
      fc.property(fc.string(), fc.array(fc.string()), (peer, values) => {
        const source = read(peer, forwarded(...values), { address });
        expect(typeof source.isInternal).toBe('boolean');
        expect(source.region.known).toBe(false);
      }),
    );
  });
});

describe('the question after a type of address', () => {
  it('can be asked apart from the source', () => {
    const { isOfType } = read('192.0.2.1', {}, { intelligence: { bots: { package: true } } });
    expect(isOfType('bot')).toMatchObject({ why: 'no-input' });
    expect(isOfType('torExitNode')).toMatchObject({ why: 'not-configured' });
  });
});
