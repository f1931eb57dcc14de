// t:parityEven7bit. Bit 7 makes the number of set bits even.

import type { Transformation } from '../../model/transformation.ts';
import { withParity } from './parity.ts';

export const parityEven7bit: Transformation = Object.freeze({
  name: 'parityEven7bit',
  summary: 'bit 7 of each byte to even parity',
  apply: (value: string) => withParity(value, 0),
});
