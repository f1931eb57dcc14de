// t:parityOdd7bit. Bit 7 makes the number of set bits odd.

import type { Transformation } from '../../model/transformation.ts';
import { withParity } from './parity.ts';

export const parityOdd7bit: Transformation = Object.freeze({
  name: 'parityOdd7bit',
  summary: 'bit 7 of each byte to odd parity',
  apply: (value: string) => withParity(value, 1),
});
