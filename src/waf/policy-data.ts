// The data types of a policy: those that come along, its own ones, and sets of both.

import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { ReadPolicy } from '../policy/document/read.ts';
import { selectTypes } from '../policy/entities/data-sets.ts';
import type { DataType } from '../policy/entities/data-type.ts';
import { DataTypeError } from '../policy/entities/data-type-error.ts';
import { DATA_TYPES } from '../policy/entities/index.ts';
import { compileOwnType } from '../policy/entities/own-types.ts';

export interface PolicyData {
  /** Types by the names of types and sets; without names all of them. */
  readonly select: (names: readonly string[]) => readonly DataType[];
  readonly own: readonly DataType[];
}

/** Which field a mistake is in, where it is not the one that was being read. */
const PLACES: Readonly<Record<string, string>> = Object.freeze({
  'bad-data-type-name': 'name',
  'data-type-exists': 'name',
  'unknown-checksum': 'checksum',
});

/** A type with a mistake is reported and left out. */
export function loadPolicyData(
  { document, spanOf }: ReadPolicy,
  report: (diagnostic: Diagnostic) => void,
): PolicyData {
  const own: DataType[] = [];
  const refuse = (part: object, field: string, error: unknown): void => {
    if (!(error instanceof DataTypeError)) throw error;
    const { code, message, help } = error;
    const place = PLACES[code] ?? field;
    report({ severity: 'error', code, message, span: spanOf(part, [place]), help });
  };
  for (const type of document.dataTypes) {
    const { summary, checksum, context } = type;
    try {
      const compiled = compileOwnType({
        name: type.name,
        pattern: type.pattern,
        ignoreCase: type.ignoreCase,
        ...(summary !== undefined && { summary }),
        ...(checksum !== undefined && { checksum }),
        ...(context !== undefined && { context }),
      });
      selectTypes([compiled.name], [...own, compiled]);
      own.push(compiled);
    } catch (error) {
      refuse(type, 'pattern', error);
    }
  }
  const sets = new Map<string, readonly DataType[]>();
  const ownSets = new Set(document.dataSets.map(({ name }) => name));
  for (const set of document.dataSets) {
    try {
      // A set inside a set is told of with the names.
      const types = set.types.filter((type) => !ownSets.has(type));
      sets.set(set.name, selectTypes(types, own));
    } catch (error) {
      refuse(set, 'types', error);
    }
  }
  return {
    own,
    select: (names) => {
      if (names.length === 0) return [...DATA_TYPES, ...own];
      const ownSets = names.filter((name) => sets.has(name));
      const others = names.filter((name) => !sets.has(name));
      const chosen = [
        ...ownSets.flatMap((name) => sets.get(name) ?? []),
        ...selectTypes(others, own),
      ];
      return [...new Set(chosen)];
    },
  };
}
