// @validateByteRange. Matches when the value holds a byte that is in none of the ranges.
//
// Without an argument every byte is outside. What is no range does not load; ModSecurity v2 reads text
// as 0 and accepts it.

import { asciiTrim, firstNonSpace, isAsciiDigit } from '../../base/ascii.ts';
import {
  type MatchSpan,
  OperatorArgumentError,
  type OperatorDefinition,
} from '../../model/operator.ts';

/** Bytes that a log line names at most. */
const MAX_SPANS = 100;

export const validateByteRange: OperatorDefinition = Object.freeze({
  name: 'validateByteRange',
  summary: 'the value holds bytes outside of ranges',
  argument: 'optional',
  macros: false,
  compile: (argument, { behaviour }) => {
    const allowed = allowedBytes(argument, behaviour?.reversedByteRanges === 'empty');
    return {
      needs: ({ ofByte }) =>
        allowed.reduce((sum, isAllowed, byte) => (isAllowed === 0 ? sum | ofByte(byte) : sum), 0),
      isPure: true,
      evaluate: (value, run) => {
        let outside = 0;
        for (let at = 0; at < value.length; at++) {
          if (allowed[value.charCodeAt(at) & 0xff] === 0) outside++;
        }
        if (outside === 0) return false;
        run.detail = `Found ${outside} byte(s) outside range: ${argument}`;
        return true;
      },
      locate: (value) => {
        const spans: MatchSpan[] = [];
        for (let at = 0; at < value.length && spans.length < MAX_SPANS; at++) {
          if (allowed[value.charCodeAt(at) & 0xff] === 0) spans.push([at, 1]);
        }
        return spans;
      },
    };
  },
} satisfies OperatorDefinition);

function allowedBytes(argument: string, reversible: boolean): Uint8Array {
  const allowed = new Uint8Array(256);
  let offset = 0;
  for (const written of argument.split(',')) {
    const item = asciiTrim(written);
    if (item !== '') {
      const dash = item.indexOf('-');
      const first = byteNumber(dash < 0 ? item : asciiTrim(item.slice(0, dash)));
      const last = dash < 0 ? first : byteNumber(asciiTrim(item.slice(dash + 1)));
      if (first < 0 || last < 0 || (last < first && !reversible)) {
        throw new OperatorArgumentError(`"${item}" is not a range of bytes`, {
          code: 'bad-byte-range',
          offset: offset + firstNonSpace(written),
          length: item.length,
          help: 'write numbers from 0 to 255, the smaller one first: 32-126',
        });
      }
      if (first <= last) allowed.fill(1, first, last + 1);
    }
    offset += written.length + 1;
  }
  return allowed;
}

/** 0-255, or -1. */
function byteNumber(text: string): number {
  if (text === '' || text.length > 3) return -1;
  let value = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (!isAsciiDigit(code)) return -1;
    value = value * 10 + code - 0x30;
  }
  return value > 255 ? -1 : value;
}
