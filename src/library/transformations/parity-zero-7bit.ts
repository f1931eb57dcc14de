// t:parityZero7bit. Bit 7 is cleared.

import { fromByteString, toByteString } from '../../base/bytes.ts';
import type { Transformation } from '../../model/transformation.ts';

export const parityZero7bit: Transformation = Object.freeze({
  name: 'parityZero7bit',
  summary: 'bit 7 of each byte to zero',
  apply: (value: string) => {
    if (!/[\x80-\xff]/.test(value)) return value;
    return toByteString(fromByteString(value).map((byte) => byte & 0x7f));
  },
});
