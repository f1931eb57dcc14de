// t:replaceComments. Each C comment becomes one blank, an unclosed one, too.

import type { Transformation } from '../../model/transformation.ts';

export const replaceComments: Transformation = Object.freeze({
  name: 'replaceComments',
  summary: 'each C comment to one blank',
  alters: '/',
  adds: () => ' ',
  growth: () => 1,
  apply: (value: string) => {
    let open = value.indexOf('/*');
    if (open < 0) return value;
    let kept = '';
    let from = 0;
    while (open >= 0) {
      kept += value.slice(from, open) + ' ';
      const close = value.indexOf('*/', open + 2);
      if (close < 0) return kept;
      from = close + 2;
      open = value.indexOf('/*', from);
    }
    return kept + value.slice(from);
  },
});
