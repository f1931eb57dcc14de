// Chooses whose behaviour a rule set is read with: the load's option, else SecCompatibility.
//
// The choice is made before any rule is checked, so it does not matter where the directive stands.

import {
  BEHAVIOURS,
  type Behaviour,
  COMPATIBILITIES,
  type Compatibility,
} from '../model/compatibility.ts';
import type { Directive } from '../seclang/ast.ts';

export function chooseBehaviour(
  directives: readonly Directive[],
  option: Compatibility | undefined,
): Behaviour {
  if (option !== undefined) return BEHAVIOURS[option];
  let chosen: Compatibility = 'portcullis';
  for (const directive of directives) {
    if (directive.type !== 'setting' || directive.name.toLowerCase() !== 'seccompatibility')
      continue;
    const word = directive.arguments[0]?.text.toLowerCase();
    chosen = COMPATIBILITIES.find((name) => name === word) ?? chosen;
  }
  return BEHAVIOURS[chosen];
}
