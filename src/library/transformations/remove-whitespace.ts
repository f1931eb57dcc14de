// t:removeWhitespace. White space goes, with A0 and the whole of C2 A0 (the same in UTF-8).
//
// v2 leaves a stray C2 behind and v3 deletes every C2, which breaks other UTF-8 letters.

import type { Transformation, TransformationEnvironment } from '../../model/transformation.ts';

export const removeWhitespace: Transformation = Object.freeze({
  name: 'removeWhitespace',
  summary: 'deletes white space',
  apply: (value: string, { behaviour }: TransformationEnvironment) => {
    const c2 = behaviour?.c2;
    if (c2 === 'deleted') return value.replace(/[\t-\r \xa0\xc2]+/g, '');
    if (!/[\t-\r \xa0]/.test(value)) return value;
    if (c2 === 'kept') return value.replace(/[\t-\r \xa0]+/g, '');
    return value.replace(/(?:\xc2?\xa0|[\t-\r ])+/g, '');
  },
});
