// Addresses of crypto currencies: Bitcoin, Litecoin, Dogecoin and Tron in Base58Check, Bitcoin and Litecoin in
// Bech32, Ethereum in hexadecimal, with the capitals of EIP-55 checked where there are any.

import { hexDigit } from '../../../base/hex.ts';
import { keccak256 } from '../../../base/keccak.ts';
import { decodeBase58Check } from '../base58.ts';
import { isBech32 } from '../bech32.ts';
import type { DataType, Span } from '../data-type.ts';
import { defineDataType } from '../define.ts';
import { isWordByte } from '../shape.ts';

/** First character to version bytes. */
const VERSIONS: Readonly<Record<string, readonly number[]>> = {
  '1': [0x00],
  '3': [0x05],
  L: [0x30],
  M: [0x32],
  D: [0x1e],
  T: [0x41],
};
const SHORTEST = 26;
const LONGEST = 35;
const LONGEST_BECH32 = 90;
const HASH_BYTES = 20;

export const cryptoAddress: DataType = defineDataType(
  {
    name: 'crypto-address',
    summary: 'addresses of Bitcoin, Ethereum, Litecoin, Dogecoin and Tron',
    sets: ['financial'],
    evidence: 'checksum',
    rank: 70,
    legible: 4,
  },
  {
    anchors: {
      words: Array.from({ length: LONGEST - SHORTEST + 1 }, (_, at) => ({
        kind: 'mixed' as const,
        length: SHORTEST + at,
      })),
      prefixes: ['bc1', 'BC1', 'ltc1', '0x'],
    },
    recognise,
  },
);

function recognise(text: string, at: number): Span | undefined {
  let end = at;
  while (end - at <= LONGEST_BECH32 && isWordByte(text.charCodeAt(end))) end++;
  if (end - at > LONGEST_BECH32) return undefined;
  const value = text.slice(at, end);
  const valid = value.startsWith('0x')
    ? isEthereum(value.slice(2))
    : /^(?:bc1|ltc1)/i.test(value)
      ? value.length > 40 && isBech32(value)
      : isBase58Address(value);
  return valid ? { start: at, end } : undefined;
}

function isBase58Address(value: string): boolean {
  const versions = VERSIONS[value.charAt(0)];
  if (versions === undefined || value.length < SHORTEST || value.length > LONGEST) return false;
  const payload = decodeBase58Check(value);
  return payload?.length === HASH_BYTES + 1 && versions.includes(payload[0]!);
}

/** Forty digits. A letter is a capital when its digit of the hash of the small ones is 8 or more. */
function isEthereum(digits: string): boolean {
  if (!/^[0-9a-fA-F]{40}$/.test(digits) || /^(.)\1*$/.test(digits)) return false;
  if (!/[a-f]/.test(digits) || !/[A-F]/.test(digits)) return true;
  const hash = keccak256(digits.toLowerCase());
  for (let at = 0; at < digits.length; at++) {
    const code = digits.charCodeAt(at);
    if (hexDigit(code) < 10) continue;
    const nibble = (hash.charCodeAt(at >> 1) >> (at % 2 === 0 ? 4 : 0)) & 15;
    if (nibble >= 8 !== code < 0x60) return false;
  }
  return true;
}
