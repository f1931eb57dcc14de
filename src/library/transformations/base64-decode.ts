// t:base64Decode. Decodes the prefix that is Base64, padded or not; CR and LF inside it are skipped.
//
// libmodsecurity 3.0.16 leaves the value alone when one foreign byte is in it or padding is missing, and so never
// sees what lenient decoders behind it will see. It reads up to a NUL. ModSecurity v2 stops at CR and LF, too.

import { base64PrefixLength, decodeBase64Prefix } from '../../base/base64.ts';
import type { Behaviour } from '../../model/compatibility.ts';
import type { Transformation, TransformationEnvironment } from '../../model/transformation.ts';

const WHOLE = /^(?:[A-Za-z0-9+/][\r\n]*){0,}={0,2}[\r\n]*$/;

export const base64Decode: Transformation = Object.freeze({
  name: 'base64Decode',
  summary: 'decodes Base64 up to the first foreign byte',
  growth: (behaviour: Behaviour | undefined) =>
    behaviour?.base64 === 'all-or-nothing' ? 1 : 3 / 4,
  mostBytes: (value: string, enough: number, behaviour: Behaviour | undefined) =>
    behaviour?.base64 === 'all-or-nothing'
      ? value.length
      : (base64PrefixLength(value, Math.ceil((enough * 4) / 3)) * 3) / 4,
  apply: (value: string, { behaviour }: TransformationEnvironment) => {
    if (value === '') return value;
    if (behaviour?.base64 !== 'all-or-nothing') return decodeBase64Prefix(value);
    const nul = value.indexOf('\0');
    const text = nul < 0 ? value : value.slice(0, nul);
    const whole = WHOLE.test(text) && text.replace(/[\r\n]+/g, '').length % 4 === 0;
    return whole ? decodeBase64Prefix(text) : value;
  },
});
