// Private keys of Bitcoin and its kin: single ones in wallet import format and the roots of wallets (BIP 32), both in
// Base58Check.

import { decodeBase58Check } from '../base58.ts';
import type { DataType, Span } from '../data-type.ts';
import { defineDataType } from '../define.ts';
import { isWordByte } from '../shape.ts';

const LONGEST = 112;
const PREFIXES: readonly string[] = ['xprv', 'yprv', 'zprv', 'tprv'];

export const cryptoPrivateKey: DataType = defineDataType(
  {
    name: 'crypto-private-key',
    summary: 'private keys of crypto currencies (WIF, BIP 32)',
    sets: ['credentials', 'financial'],
    evidence: 'checksum',
    rank: 90,
  },
  {
    anchors: {
      words: [51, 52].map((length) => ({ kind: 'mixed' as const, length })),
      prefixes: PREFIXES,
    },
    recognise,
  },
);

function recognise(text: string, at: number): Span | undefined {
  let end = at;
  while (end - at <= LONGEST && isWordByte(text.charCodeAt(end))) end++;
  const value = text.slice(at, end);
  const root = PREFIXES.some((prefix) => value.startsWith(prefix));
  if (root ? end - at !== 111 : !/^[5KLc9]/.test(value)) return undefined;
  const payload = decodeBase58Check(value);
  if (payload === undefined) return undefined;
  const valid = root
    ? payload.length === 78
    : (payload[0] === 0x80 || payload[0] === 0xef) &&
      (payload.length === 33 || payload.length === 34);
  return valid ? { start: at, end } : undefined;
}
