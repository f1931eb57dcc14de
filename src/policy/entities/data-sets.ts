// Named groups of data types, what each is for, and the selection of types by the names of either.

import { suggest } from '../../diagnostics/suggest.ts';
import type { DataSetName, DataType, Evidence } from './data-type.ts';
import { DataTypeError } from './data-type-error.ts';
import { DATA_TYPES } from './index.ts';

export interface DataSet {
  readonly name: DataSetName;
  readonly summary: string;
}

export const DATA_SETS: readonly DataSet[] = Object.freeze([
  { name: 'payment', summary: 'what payments are made with: cards and bank accounts' },
  { name: 'financial', summary: 'payment, and bank codes and crypto currencies beside' },
  { name: 'national-id', summary: 'numbers that states give to people and companies' },
  { name: 'contact', summary: 'how to reach somebody: email addresses and telephone numbers' },
  { name: 'pii', summary: 'what identifies a person, alone or with little else' },
  { name: 'health', summary: 'numbers of patients, insured people and prescribers' },
  { name: 'credentials', summary: 'what opens something: keys, tokens, passwords' },
  { name: 'network', summary: 'addresses of machines' },
  { name: 'vehicle', summary: 'numbers of vehicles' },
]);

/** A row of the table of types. */
export interface DataTypeRow {
  readonly name: string;
  readonly sets: readonly DataSetName[];
  readonly evidence: Evidence;
  readonly summary: string;
}

/** All types in the order of listings; `types` may hold own ones. */
export function listDataTypes(types: readonly DataType[] = DATA_TYPES): readonly DataTypeRow[] {
  return types.map(({ name, sets, evidence, summary }) => ({ name, sets, evidence, summary }));
}

/**
 * The types that the names of types and sets stand for, each once. Throws `DataTypeError` for a name that
 * stands for nothing, and when an own type is called like another type or a set.
 */
export function selectTypes(
  names: readonly string[],
  own: readonly DataType[] = [],
): readonly DataType[] {
  const all = [...DATA_TYPES, ...own];
  checkNames(own);
  const selected = new Set<DataType>();
  for (const name of names) {
    const found = all.filter((type) => type.name === name || type.sets.some((set) => set === name));
    if (found.length === 0 && !DATA_SETS.some((set) => set.name === name)) throw unknown(name, all);
    for (const type of found) selected.add(type);
  }
  return [...selected];
}

function checkNames(own: readonly DataType[]): void {
  const taken = new Set([...DATA_TYPES, ...DATA_SETS].map(({ name }): string => name));
  for (const { name } of own) {
    if (taken.has(name)) {
      throw new DataTypeError('data-type-exists', `"${name}" is the name of another type or set`, {
        help: 'give the type another name',
      });
    }
    taken.add(name);
  }
}

function unknown(name: string, all: readonly DataType[]): DataTypeError {
  const known = [...all, ...DATA_SETS].map((one): string => one.name);
  const closest = suggest(name, known);
  return new DataTypeError('unknown-data-type', `"${name}" is not a data type or data set`, {
    offset: 0,
    length: name.length,
    ...(closest !== undefined && { help: `did you mean "${closest}"?` }),
  });
}
