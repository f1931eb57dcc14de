// t:removeComments. C and HTML comments go; `--` or `#` outside of them cuts off the rest.
//
// Each of the closers ends either kind. An unclosed comment leaves one blank. The byte behind a closer is
// copied without being looked at, and behind a closer at the very end that is a NUL: a quirk of
// ModSecurity that its own test vectors hold on to.

import type { Transformation } from '../../model/transformation.ts';

export const removeComments: Transformation = Object.freeze({
  name: 'removeComments',
  summary: 'deletes C, HTML and SQL comments',
  alters: '/<-#',
  apply: (value: string) => {
    const opener = /\/\*|<!--|--|#/g;
    const closer = /\*\/|-->/g;
    let open = opener.exec(value);
    if (open === null) return value;
    let kept = '';
    let from = 0;
    while (open !== null) {
      kept += value.slice(from, open.index);
      if (open[0] === '--' || open[0] === '#') return kept;
      closer.lastIndex = opener.lastIndex;
      const close = closer.exec(value);
      if (close === null) return kept + ' ';
      kept += value.charAt(closer.lastIndex) || '\0';
      from = closer.lastIndex + 1;
      opener.lastIndex = from;
      open = from < value.length ? opener.exec(value) : null;
    }
    return kept + value.slice(from);
  },
});
