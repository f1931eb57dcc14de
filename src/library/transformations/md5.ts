// t:md5. The raw 16 bytes; rules add t:hexEncode to read them.

import { md5 as digest } from '../../base/md5.ts';
import type { Transformation } from '../../model/transformation.ts';

export const md5: Transformation = Object.freeze({
  name: 'md5',
  summary: 'the raw MD5 digest, 16 bytes',
  apply: digest,
});
