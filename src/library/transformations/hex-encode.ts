// t:hexEncode. Two lower-case digits per byte.

import { encodeHex } from '../../base/hex.ts';
import type { Transformation } from '../../model/transformation.ts';

export const hexEncode: Transformation = Object.freeze({
  name: 'hexEncode',
  summary: 'two lower-case hexadecimal digits per byte',
  apply: (value: string) => (value === '' ? value : encodeHex(value)),
});
