// t:removeWhitespace. White space goes, with A0 and the whole of C2 A0 (the same in UTF-8).
//
// v2 leaves a stray C2 behind and v3 deletes every C2, which breaks other UTF-8 letters.

import type { Transformation } from '../../model/transformation.ts';

export const removeWhitespace: Transformation = Object.freeze({
  name: 'removeWhitespace',
  summary: 'deletes white space',
  apply: (value: string) => {
    if (!/[\t-\r \xa0]/.test(value)) return value;
    return value.replace(/(?:\xc2?\xa0|[\t-\r ])+/g, '');
  },
});
