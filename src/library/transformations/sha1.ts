// t:sha1. The raw 20 bytes; rules add t:hexEncode to read them.

import { sha1 as digest } from '../../base/sha1.ts';
import type { Transformation } from '../../model/transformation.ts';

export const sha1: Transformation = Object.freeze({
  name: 'sha1',
  summary: 'the raw SHA-1 digest, 20 bytes',
  apply: digest,
});
