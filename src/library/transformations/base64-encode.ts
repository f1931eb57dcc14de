// t:base64Encode. Standard alphabet, padded, one line.

import { encodeBase64 } from '../../base/base64.ts';
import type { Transformation } from '../../model/transformation.ts';

export const base64Encode: Transformation = Object.freeze({
  name: 'base64Encode',
  summary: 'encodes as Base64',
  apply: (value: string) => (value === '' ? value : encodeBase64(value)),
});
