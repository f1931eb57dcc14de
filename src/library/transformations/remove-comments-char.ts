// t:removeCommentsChar. The marks of comments go (`/*`, `*/`, `<!--`, `-->`, `--`, `#`), their text stays.

import type { Transformation } from '../../model/transformation.ts';

export const removeCommentsChar: Transformation = Object.freeze({
  name: 'removeCommentsChar',
  summary: 'deletes the marks of comments',
  alters: '*#-',
  adds: () => '',
  growth: () => 1,
  apply: (value: string) => {
    if (!/[*#]|--/.test(value)) return value;
    const result = value.replace(/\/\*|\*\/|<!--|-->|--|#/g, '');
    return result === value ? value : result;
  },
});
