// What is known about each directive: how many words it takes, what they are, what it does here.
//
// Every name that ModSecurity 2, ModSecurity 3 or Coraza accepts is listed, so that existing files
// load; `effect` tells which of them change something in Portcullis.

import { asciiLower } from '../base/ascii.ts';
import { DIRECTIVES } from './directives.data.ts';

export type DirectiveShape =
  | 'rule'
  | 'action'
  | 'default-action'
  | 'script'
  | 'marker'
  | 'include'
  | 'remove'
  | 'update-target'
  | 'update-action'
  | 'dataset'
  | 'setting';

export interface DirectiveDefinition {
  /** Canonical spelling; looked up case-insensitively. */
  readonly name: string;
  /** Older names of the same directive. */
  readonly aliases?: readonly string[];
  readonly minimum: number;
  /** Infinity when there is no upper bound. */
  readonly maximum: number;
  readonly shape: DirectiveShape;
  readonly summary: string;
  /**
   * `engine`: carried out. `accepted`: read and checked for its words, without effect, for `reason`.
   * `refused`: an error, for `reason`.
   */
  readonly effect: 'engine' | 'accepted' | 'refused';
  readonly reason?: string;
}

export { DIRECTIVES };

const BY_NAME: ReadonlyMap<string, DirectiveDefinition> = new Map(
  DIRECTIVES.flatMap((definition) =>
    [definition.name, ...(definition.aliases ?? [])].map((name): [string, DirectiveDefinition] => [
      asciiLower(name),
      definition,
    ]),
  ),
);

/** Every name a directive may have, aliases included. */
export const DIRECTIVE_NAMES: readonly string[] = Object.freeze(
  DIRECTIVES.flatMap((definition) => [definition.name, ...(definition.aliases ?? [])]),
);

/** The directive of this name, in any case; undefined when there is none. */
export function findDirective(name: string): DirectiveDefinition | undefined {
  return BY_NAME.get(asciiLower(name));
}
