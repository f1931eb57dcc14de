// The checks that a data type of one's own may ask for, by name.

import {
  digitsOf,
  passesLuhn,
  passesMod11And10,
  passesMod97,
  passesVerhoeff,
} from '../../base/checksum.ts';
import { decodeBase58Check } from './base58.ts';
import { isBech32 } from './bech32.ts';
import { hasTokenSum } from './token-crc.ts';

export interface Checksum {
  readonly name: string;
  readonly summary: string;
  /** Given a match of the pattern, separators and all. */
  readonly isValid: (value: string) => boolean;
}

export const CHECKSUMS: readonly Checksum[] = Object.freeze([
  {
    name: 'luhn',
    summary: 'the Luhn check over all digits',
    isValid: (value: string) => passesLuhn(digitsOf(value)),
  },
  {
    name: 'verhoeff',
    summary: 'the Verhoeff check over all digits',
    isValid: (value: string) => passesVerhoeff(digitsOf(value)),
  },
  {
    name: 'mod97',
    summary: 'ISO 7064 MOD 97-10 over letters and digits in the order written',
    isValid: passesMod97,
  },
  {
    name: 'iban',
    summary: 'ISO 7064 MOD 97-10 with the first four characters at the end',
    isValid: (value: string) => {
      const plain = value.replace(/[^0-9A-Za-z]/g, '');
      return plain.length > 4 && passesMod97(plain.slice(4) + plain.slice(0, 4));
    },
  },
  {
    name: 'mod11-10',
    summary: 'ISO 7064 MOD 11,10 over all digits',
    isValid: (value: string) => passesMod11And10(digitsOf(value)),
  },
  {
    name: 'base58check',
    summary: 'Base58Check',
    isValid: (value: string) => decodeBase58Check(value) !== undefined,
  },
  { name: 'bech32', summary: 'Bech32 or Bech32m', isValid: isBech32 },
  {
    name: 'crc32-base62',
    summary: 'six last characters that are the CRC-32 of those behind the last underscore',
    isValid: (value: string) => hasTokenSum(value.slice(value.lastIndexOf('_') + 1)),
  },
]);
