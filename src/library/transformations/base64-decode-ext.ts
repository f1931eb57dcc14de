// t:base64DecodeExt. Decodes the Base64 digits and skips every other byte between them.

import { decodeBase64Anywhere } from '../../base/base64.ts';
import type { Transformation } from '../../model/transformation.ts';

export const base64DecodeExt: Transformation = Object.freeze({
  name: 'base64DecodeExt',
  summary: 'decodes Base64, skipping foreign bytes',
  apply: (value: string) => (value === '' ? value : decodeBase64Anywhere(value)),
});
