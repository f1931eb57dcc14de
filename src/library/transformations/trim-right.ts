// t:trimRight. ASCII white space goes at the end.

import { endOfNonSpace } from '../../base/ascii.ts';
import type { Transformation } from '../../model/transformation.ts';

export const trimRight: Transformation = Object.freeze({
  name: 'trimRight',
  summary: 'deletes white space at the end',
  alters: '\t\n\v\f\r ',
  adds: () => '',
  growth: () => 1,
  deletes: () => '\t\n\v\f\r ',
  apply: (value: string) => {
    const end = endOfNonSpace(value);
    return end === value.length ? value : value.slice(0, end);
  },
});
