import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatIp } from '../../../src/base/ip.ts';
import { renderDiagnostics } from '../../../src/diagnostics/render.ts';
import { parsePlainIp } from '../../../src/http/forwarded.ts';
import { parseRange } from '../../../src/policy/intelligence/address-range.ts';
import { type Files, intelligenceOf } from '../../support/policy-request.ts';

const bytes = (address: string): Uint8Array => parsePlainIp(address) as Uint8Array;

function load(list: object, text: string, file = 'ranges.csv') {
  const { intelligence, diagnostics } = intelligenceOf(
    { ranges: [{ file, ...list }] },
    { [file]: text },
  );
  return { addresses: intelligence.addresses, diagnostics };
}

describe('parseRange', () => {
  const shown = (text: string) =>
    parseRange(text)?.map(({ address, bits }) => `${formatIp(address)}/${bits}`);

  it.each([
    ['192.0.2.7', ['192.0.2.7/32']],
    ['192.0.2.0/24', ['192.0.2.0/24']],
    ['192.0.2.1-192.0.2.4', ['192.0.2.1/32', '192.0.2.2/31', '192.0.2.4/32']],
    ['192.0.2.0 - 192.0.2.255', ['192.0.2.0/24']],
    ['0.0.0.0-255.255.255.255', ['0.0.0.0/0']],
    ['::ffff:192.0.2.0/120', ['192.0.2.0/24']],
    ['::ffff:192.0.2.0-192.0.2.1', ['192.0.2.0/31']],
    ['2001:db8::-2001:db8::3', ['2001:db8::/126']],
    ['192.0.2.4-192.0.2.1', undefined],
    ['192.0.2.4-2001:db8::1', undefined],
    ['192.0.2.0/33', undefined],
    ['192.0.2', undefined],
    ['', undefined],
    ['-', undefined],
  ])('reads %j', (text, expected) => {
    expect(shown(text)).toEqual(expected);
  });

  it('covers what lies between first and last, and nothing else', () => {
    const address = fc.integer({ min: 0, max: 0xffff });
    const text = (low: number): string => `10.0.${low >> 8}.${low & 255}`;
    fc.assert(
      fc.property(address, address, address, (one, other, probe) => {
        const [first, last] = [Math.min(one, other), Math.max(one, other)];
        const prefixes = parseRange(`${text(first)}-${text(last)}`) ?? [];
        const number = (at: Uint8Array): number => ((at[2] ?? 0) << 8) | (at[3] ?? 0);
        const holds = prefixes.some(({ address: start, bits }) => {
          const size = 2 ** (32 - bits);
          return probe >= number(start) && probe < number(start) + size;
        });
        expect(holds).toBe(probe >= first && probe <= last);
      }),
    );
  });
});

describe('a list of ranges', () => {
  it.each([
    ['connection', 'DATA_CENTER', 'datacentre'],
    ['connection', 'mobile', 'mobile'],
    ['reputation', '15', 15],
    ['region', 'us-ca', { country: 'US', subdivision: 'CA' }],
    ['asn', 'AS64496', 64496],
    ['organisation', '"Example, ""Inc"""', 'Example, "Inc"'],
  ] as const)('tells %s', (kind, written, value) => {
    const { addresses, diagnostics } = load({ kind }, `range,value\n192.0.2.0/24,${written}\r\n`);
    expect(diagnostics).toEqual([]);
    const ask = addresses[kind] as (address: Uint8Array) => unknown;
    expect(ask(bytes('192.0.2.7'))).toEqual({ known: true, value, from: 'ranges.csv' });
    expect(ask(bytes('192.0.3.7'))).toMatchObject({ known: false, why: 'not-in-data' });
  });

  it('takes the narrowest range, and of equal ones the last', () => {
    const text = '10.0.0.0/8,5\n10.1.0.0/16,90\n10.1.2.3,40\n10.1.2.3,41\n';
    const { addresses } = load({ kind: 'reputation' }, text);
    const value = (address: string) => addresses.reputation(bytes(address));
    expect(value('10.9.9.9')).toMatchObject({ value: 5 });
    expect(value('10.1.9.9')).toMatchObject({ value: 90 });
    expect(value('10.1.2.3')).toMatchObject({ value: 41 });
    expect(value('::ffff:10.1.2.3')).toMatchObject({ value: 41 });
  });

  it('reads blank lines, comments, blanks around cells and a byte order mark', () => {
    const text =
      '\xef\xbb\xbf# Tor\n\n  192.0.2.1 ,\ttorExitNode  \r\n#192.0.2.2,vpn\n192.0.2.3,tor';
    const { addresses, diagnostics } = load({ kind: 'ipType' }, text);
    expect(diagnostics).toEqual([]);
    expect(addresses.isOfType(bytes('192.0.2.1'), 'torExitNode')).toMatchObject({ value: true });
    expect(addresses.isOfType(bytes('192.0.2.2'), 'torExitNode')).toMatchObject({ value: false });
    expect(addresses.isOfType(bytes('192.0.2.3'), 'torExitNode')).toMatchObject({ value: true });
  });

  it('knows every type of an address in overlapping ranges', () => {
    const text = '10.0.0.0/8,hostingProvider\n10.1.0.0/16,anonymous_vpn\n10.1.2.3,bot\n';
    const { addresses } = load({ kind: 'ipType' }, text);
    for (const type of ['hostingProvider', 'anonymousVpn', 'bot'] as const) {
      expect(addresses.isOfType(bytes('10.1.2.3'), type)).toMatchObject({ value: true });
    }
    expect(addresses.isOfType(bytes('10.9.9.9'), 'anonymousVpn')).toMatchObject({ value: false });
    expect(addresses.isOfType(bytes('10.9.9.9'), 'torExitNode')).toMatchObject({
      why: 'not-configured',
    });
  });

  it('takes the value from the policy where that has one', () => {
    const { addresses, diagnostics } = load(
      { kind: 'ipType', value: 'tor' },
      '192.0.2.1\n2001:db8::/32\n',
    );
    expect(diagnostics).toEqual([]);
    expect(addresses.isOfType(bytes('2001:db8::9'), 'torExitNode')).toMatchObject({ value: true });
    const wrong = load({ kind: 'ipType', value: 'tor' }, '192.0.2.1,vpn\n');
    expect(wrong.diagnostics).toMatchObject([{ code: 'bad-intelligence-data' }]);
  });

  it.each([
    ['[{"range": "192.0.2.0/24", "value": 7, "note": null}]'],
    ['{"192.0.2.0/24": 7}'],
    ['\xef\xbb\xbf {"192.0.2.0/24":"7"} \n'],
  ])('is read as JSON: %s', (text) => {
    const { addresses, diagnostics } = load({ kind: 'reputation' }, text, 'ranges.json');
    expect(diagnostics).toEqual([]);
    expect(addresses.reputation(bytes('192.0.2.1'))).toMatchObject({ value: 7 });
  });

  it('says that nothing is known where no list is configured', () => {
    const { intelligence } = intelligenceOf({});
    expect(intelligence.addresses.reputation(bytes('192.0.2.1'))).toMatchObject({
      why: 'not-configured',
    });
  });
});

describe('a list with mistakes', () => {
  const place = (diagnostics: ReturnType<typeof load>['diagnostics']) =>
    renderDiagnostics(diagnostics).split('\n')[0];

  it.each([
    ['192.0.2.0/24,5\n192.0.2.0/33,5\n', 'ranges.csv:2:1'],
    ['192.0.2.0/24,5\n\n  192.0.3.0/24,101\n', 'ranges.csv:3:3'],
    ['192.0.2.0/24\n', 'ranges.csv:1:1'],
    ['192.0.2.0/24,5,x\n', 'ranges.csv:1:1'],
    ['192.0.2.0/24,"5\n', 'ranges.csv:1:1'],
    ['192.0.2.0/24,"5"x\n', 'ranges.csv:1:1'],
    ['\x00\xff\xfe\n', 'ranges.csv:1:1'],
  ])('%j is off as a whole and says where', (text, expected) => {
    const { addresses, diagnostics } = load({ kind: 'reputation' }, text);
    expect(diagnostics).toMatchObject([{ severity: 'warning', code: 'bad-intelligence-data' }]);
    expect(place(diagnostics)).toContain(`${expected}: `);
    expect(addresses.reputation(bytes('192.0.2.1'))).toEqual({
      known: false,
      why: 'source-off',
      detail: 'ranges.csv is off: the file has mistakes',
    });
  });

  it.each([
    ['[{"range": "192.0.2.0/24", "value": 5},\n {"range": "x", "value": 5}]', '2:2'],
    ['[{"value": 5}]', '1:2'],
    ['[{"range": 5, "value": 5}]', '1:2'],
    ['[{"range": "192.0.2.1", "value": 5}', '1:36'],
    ['{"192.0.2.1": [5]}', '1:15'],
    ['{"192.0.2.1": 5} x', '1:18'],
    ['"x"', '1:1'],
    ['', '1:1'],
  ])('%j as JSON is off and says where', (text, expected) => {
    const { diagnostics } = load({ kind: 'reputation' }, text, 'ranges.json');
    expect(diagnostics.length).toBe(1);
    expect(place(diagnostics)).toContain(`ranges.json:${expected}: `);
  });

  it('tells of ten mistakes at most', () => {
    const { diagnostics } = load({ kind: 'asn' }, 'x\n'.repeat(5000));
    expect(diagnostics).toHaveLength(10);
  });

  it('leaves the other lists on, and a fact that one of them knows is known', () => {
    const files: Files = { 'good.csv': '192.0.2.1,5\n' };
    const { intelligence, diagnostics } = intelligenceOf(
      {
        ranges: [
          { file: 'gone.csv', kind: 'reputation' },
          { file: 'good.csv', kind: 'reputation' },
        ],
      },
      files,
    );
    expect(diagnostics).toMatchObject([{ code: 'missing-intelligence-file' }]);
    expect(intelligence.addresses.reputation(bytes('192.0.2.1'))).toMatchObject({ value: 5 });
    expect(intelligence.addresses.reputation(bytes('192.0.2.2'))).toMatchObject({
      why: 'source-off',
    });
  });

  it('does not say that an address is of no type while a list of types is off', () => {
    const { intelligence } = intelligenceOf(
      {
        ranges: [
          { file: 'tor.txt', kind: 'ipType', value: 'torExitNode' },
          { file: 'gone.csv', kind: 'ipType' },
        ],
      },
      { 'tor.txt': '192.0.2.1\n' },
    );
    const { isOfType } = intelligence.addresses;
    expect(isOfType(bytes('192.0.2.1'), 'torExitNode')).toMatchObject({ value: true });
    expect(isOfType(bytes('192.0.2.2'), 'torExitNode')).toMatchObject({ why: 'source-off' });
    expect(isOfType(bytes('192.0.2.1'), 'anonymousVpn')).toMatchObject({ why: 'source-off' });
  });

  it('never throws, whatever its bytes', () => {
    const text = fc
      .array(
        fc.oneof(
          fc.constantFrom('192.0.2.0/24', ',', '\n', '"', '{', '}', '[', ']', ':', '5', '"range"'),
          fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)),
        ),
        { maxLength: 40 },
      )
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, fc.constantFrom('ranges.csv', 'ranges.json'), (written, file) => {
        const { addresses, diagnostics } = load({ kind: 'reputation' }, written, file);
        const fact = addresses.reputation(bytes('192.0.2.1'));
        if (diagnostics.length > 0) expect(fact).toMatchObject({ why: 'source-off' });
      }),
      { numRuns: 500 },
    );
  });
});
