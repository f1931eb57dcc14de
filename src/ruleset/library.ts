// The names a rule set may use: the engine's own records and those an embedder adds.

import { ACTIONS } from '../library/actions/index.ts';
import { OPERATORS } from '../library/operators/index.ts';
import { createRegistry, type Registry } from '../library/registry.ts';
import { TRANSFORMATIONS } from '../library/transformations/index.ts';
import { VARIABLES } from '../library/variables/index.ts';
import type { ActionDefinition } from '../model/action.ts';
import type { OperatorDefinition } from '../model/operator.ts';
import type { Transformation } from '../model/transformation.ts';
import type { VariableDefinition } from '../model/variable.ts';

export interface Library {
  readonly variables: Registry<VariableDefinition>;
  readonly operators: Registry<OperatorDefinition>;
  readonly transformations: Registry<Transformation>;
  readonly actions: Registry<ActionDefinition>;
}

/** Records of an embedder's own. A name that the engine has already is an error. */
export interface LibraryExtension {
  readonly operators?: readonly OperatorDefinition[];
  readonly transformations?: readonly Transformation[];
  readonly variables?: readonly VariableDefinition[];
}

export function createLibrary(extension: LibraryExtension = {}): Library {
  return Object.freeze({
    variables: createRegistry([...VARIABLES, ...(extension.variables ?? [])]),
    operators: createRegistry([...OPERATORS, ...(extension.operators ?? [])]),
    transformations: createRegistry([...TRANSFORMATIONS, ...(extension.transformations ?? [])]),
    actions: createRegistry(ACTIONS),
  });
}
