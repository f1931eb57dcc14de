// Telegram's bot tokens: the number of the bot, a colon, and 35 characters that begin with AA.

import type { DataType, Span } from '../data-type.ts';
import { defineDataType } from '../define.ts';
import { looksRandom } from '../tokens.ts';

const LENGTHS: readonly number[] = [8, 9, 10];
const LONGEST = 10 + 1 + 35 + 1;

export const telegramToken: DataType = defineDataType(
  {
    name: 'telegram-token',
    summary: 'Telegram bot tokens',
    sets: ['credentials'],
    evidence: 'format',
    rank: 85,
  },
  {
    anchors: {
      words: LENGTHS.map((length) => ({ kind: 'digits' as const, length, next: ':' })),
    },
    recognise,
  },
);

function recognise(text: string, at: number): Span | undefined {
  const found = /^[0-9]{8,10}:(AA[0-9A-Za-z_-]{33})(?![0-9A-Za-z_-])/.exec(
    text.slice(at, at + LONGEST),
  );
  if (found === null || !looksRandom(found[1]!)) return undefined;
  return { start: at, end: at + found[0].length };
}
