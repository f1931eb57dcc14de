// t:phpArgsNames. The name under which PHP will file a parameter.
//
// Leading blanks go; blanks and dots before the first bracket become `_`, and so does that bracket when
// nothing closes it. Behind the last closed bracket of `a[b][c]` PHP ignores the rest. A name that begins
// with a bracket is no name at all. No released ModSecurity has it; its newest sources do.

import { isAsciiSpace } from '../../base/ascii.ts';
import type { Transformation } from '../../model/transformation.ts';

export const phpArgsNames: Transformation = Object.freeze({
  name: 'phpArgsNames',
  summary: 'a parameter name as PHP will see it',
  apply: (value: string) => {
    if (!/[ .[]/.test(value)) return value;
    const name = value.replace(/^ +/, '');
    const bracket = name.indexOf('[');
    if (bracket === 0) return '';
    const head = (bracket < 0 ? name : name.slice(0, bracket)).replace(/[ .]/g, '_');
    const result = bracket < 0 ? head : withIndexes(head, name, bracket);
    return result === value ? value : result;
  },
});

function withIndexes(head: string, name: string, firstBracket: number): string {
  let kept = head;
  let bracket = firstBracket;
  while (name.charCodeAt(bracket) === 0x5b) {
    const close = name.indexOf(']', bracket + 1);
    if (close < 0) return bracket === firstBracket ? `${head}_${name.slice(bracket + 1)}` : kept;
    // `[ ]` is an empty index: PHP skips one blank before it looks for the bracket.
    const empty = close === bracket + 2 && isAsciiSpace(name.charCodeAt(bracket + 1));
    kept += empty ? '[]' : name.slice(bracket, close + 1);
    bracket = close + 1;
  }
  return kept;
}
