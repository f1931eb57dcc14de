// t:base64DecodeExt. Decodes the Base64 digits and skips every other byte between them.

import { decodeBase64Anywhere } from '../../base/base64.ts';
import type { Transformation, TransformationEnvironment } from '../../model/transformation.ts';

/** Coraza also knows the digits of base64url, and `=` ends them all. */
function standardDigits(value: string): string {
  return value.replace(/=.*/s, '').replaceAll('-', '+').replaceAll('_', '/');
}

export const base64DecodeExt: Transformation = Object.freeze({
  name: 'base64DecodeExt',
  summary: 'decodes Base64, skipping foreign bytes',
  apply: (value: string, { behaviour }: TransformationEnvironment) => {
    if (value === '') return value;
    return decodeBase64Anywhere(
      behaviour?.base64Ext === 'url-safe' ? standardDigits(value) : value,
    );
  },
});
