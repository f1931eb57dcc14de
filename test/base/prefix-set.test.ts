import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type IpPrefix, parseIp, parsePrefix } from '../../src/base/ip.ts';
import { buildPrefixSet } from '../../src/base/prefix-set.ts';

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 100);

function setOf(...texts: readonly string[]): ReturnType<typeof buildPrefixSet> {
  return buildPrefixSet(texts.map((text) => parsePrefix(text)!));
}

function holds(prefix: IpPrefix, address: Uint8Array): boolean {
  if (prefix.address.length !== address.length) return false;
  for (let bit = 0; bit < prefix.bits; bit++) {
    const mask = 0x80 >> (bit & 7);
    if ((prefix.address[bit >> 3]! & mask) !== (address[bit >> 3]! & mask)) return false;
  }
  return true;
}

/** Few distinct bytes, so that prefixes nest and touch. */
const byte = fc.constantFrom(0, 1, 127, 128, 254, 255);
const address = fc
  .oneof(
    fc.array(byte, { minLength: 4, maxLength: 4 }),
    fc.array(byte, { minLength: 16, maxLength: 16 }),
  )
  .map((bytes) => Uint8Array.from(bytes));
const prefix = fc
  .tuple(address, fc.nat(128))
  .map(([bytes, bits]): IpPrefix => ({ address: bytes, bits: bits % (bytes.length * 8 + 1) }));

describe('prefix set', () => {
  it('answers the longest prefix, as a search through all does', () => {
    fc.assert(
      fc.property(
        fc.array(prefix, { maxLength: 20 }),
        fc.array(address, { maxLength: 20 }),
        (prefixes, probes) => {
          const set = buildPrefixSet(prefixes);
          for (const probe of [...probes, ...prefixes.map((one) => one.address)]) {
            let best = -1;
            for (const [index, one] of prefixes.entries()) {
              if (holds(one, probe) && (best < 0 || one.bits >= prefixes[best]!.bits)) best = index;
            }
            expect(set.longest(probe)).toBe(best);
            expect(set.contains(probe)).toBe(best >= 0);
          }
        },
      ),
      { numRuns: RUNS * 5 },
    );
  });

  it('holds both ends of the address line', () => {
    const set = setOf('0.0.0.0/0', '255.255.255.0/24', '::/0', 'ffff::/16');
    expect(set.longest(parseIp('0.0.0.0')!)).toBe(0);
    expect(set.longest(parseIp('255.255.255.255')!)).toBe(1);
    expect(set.longest(parseIp('::')!)).toBe(2);
    expect(set.longest(parseIp('ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff')!)).toBe(3);
  });

  it('keeps IPv4 and IPv6 apart', () => {
    expect(setOf('192.0.2.0/24').contains(parseIp('::ffff:192.0.2.1')!)).toBe(false);
  });

  it('holds nothing when empty', () => {
    const set = setOf();
    expect(set.contains(parseIp('1.2.3.4')!)).toBe(false);
    expect(set.contains(parseIp('::1')!)).toBe(false);
  });
});
