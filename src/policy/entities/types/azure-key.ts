// Azure: account keys in connection strings, signatures of shared access, and client secrets of Entra ID, which have
// `Q~` behind four characters.

import type { DataType, Span } from '../data-type.ts';
import { defineDataType } from '../define.ts';
import { isDigit, isWordByte } from '../shape.ts';
import { looksRandom } from '../tokens.ts';

const IN_FRONT = 5;
const LONGEST = 110;

export const azureKey: DataType = defineDataType(
  {
    name: 'azure-key',
    summary: 'Azure account keys, shared access signatures and client secrets',
    sets: ['credentials'],
    evidence: 'format',
    rank: 85,
  },
  {
    anchors: { bytes: '~', prefixes: ['AccountKey=', 'SharedAccessKey=', 'sig='] },
    lead: IN_FRONT,
    recognise,
  },
);

function recognise(text: string, at: number): Span | undefined {
  if (text.charAt(at) === '~') return clientSecret(text, at);
  const near = text.slice(at, at + LONGEST + 18);
  const key =
    /^(?:AccountKey|SharedAccessKey)=([0-9A-Za-z+/]{43}=|[0-9A-Za-z+/]{86}==)(?![0-9A-Za-z+/=])/.exec(
      near,
    );
  const found = key ?? /^sig=([0-9A-Za-z%+/]{43,64}(?:%3D|=))(?![0-9A-Za-z%+/=])/i.exec(near);
  if (found === null || !looksRandom(found[1]!)) return undefined;
  const start = at + found[0].length - found[1]!.length;
  return { start, end: start + found[1]!.length };
}

function clientSecret(text: string, at: number): Span | undefined {
  const start = at - IN_FRONT;
  if (start < 0 || text.charAt(at - 1) !== 'Q' || !isDigit(text.charCodeAt(at - 2)))
    return undefined;
  if (start > 0 && isWordByte(text.charCodeAt(start - 1))) return undefined;
  const found = /^[0-9A-Za-z_~.-]{3}[0-9]Q~[0-9A-Za-z_~.-]{31,34}(?![0-9A-Za-z_~.-])/.exec(
    text.slice(start, start + 48),
  );
  if (found === null || !looksRandom(found[0])) return undefined;
  return { start, end: start + found[0].length };
}
