// t:trimLeft. ASCII white space goes at the beginning.

import { firstNonSpace } from '../../base/ascii.ts';
import type { Transformation } from '../../model/transformation.ts';

export const trimLeft: Transformation = Object.freeze({
  name: 'trimLeft',
  summary: 'deletes white space at the beginning',
  alters: '\t\n\v\f\r ',
  adds: () => '',
  growth: () => 1,
  deletes: () => '\t\n\v\f\r ',
  apply: (value: string) => {
    const start = firstNonSpace(value);
    return start === 0 ? value : value.slice(start);
  },
});
