// t:compressWhitespace. Each run of white space becomes one blank. A0 counts as white space, as in v2.

import type { Transformation } from '../../model/transformation.ts';

export const compressWhitespace: Transformation = Object.freeze({
  name: 'compressWhitespace',
  summary: 'each run of white space to one blank',
  alters: '\t\n\v\f\r \xa0',
  adds: () => ' ',
  growth: () => 1,
  deletes: () => '\t\n\v\f\r \xa0',
  apply: (value: string) => {
    if (!/[\t-\r\xa0]| [\t-\r \xa0]/.test(value)) return value;
    return value.replace(/[\t-\r \xa0]+/g, ' ');
  },
});
