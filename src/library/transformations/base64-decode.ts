// t:base64Decode. Decodes the prefix that is Base64, padded or not; CR and LF inside it are skipped.
//
// libmodsecurity 3.0.16 leaves the value alone when one foreign byte is in it, and so never sees what
// lenient decoders behind it will see. ModSecurity v2 stops at CR and LF, too.

import { decodeBase64Prefix } from '../../base/base64.ts';
import type { Transformation } from '../../model/transformation.ts';

export const base64Decode: Transformation = Object.freeze({
  name: 'base64Decode',
  summary: 'decodes Base64 up to the first foreign byte',
  apply: (value: string) => (value === '' ? value : decodeBase64Prefix(value)),
});
