// Every name of the language has a row in the tables of this directory, and every row names something.
//
// The names are read from the library's own registries, so that whoever adds a record adds its test.

import { describe, expect, it } from 'vitest';
import { CTL_OPTIONS } from '../../src/library/actions/ctl.ts';
import { createLibrary } from '../../src/ruleset/library.ts';
import { DIRECTIVES } from '../../src/seclang/directives.ts';
import { ACTION_ROWS } from './tables/actions.ts';
import { CTL_ROWS } from './tables/ctl.ts';
import { DIRECTIVE_ROWS } from './tables/directives.ts';
import { OPERATOR_ROWS } from './tables/operators.data.ts';
import { TRANSFORMATION_ROWS } from './tables/transformations.data.ts';
import { VARIABLE_ROWS } from './tables/variables.data.ts';

interface Row {
  readonly name: string;
}

const library = createLibrary();

const TABLES: readonly (readonly [kind: string, names: readonly string[], rows: readonly Row[]])[] =
  [
    [
      'directives',
      DIRECTIVES.flatMap(({ name, aliases = [] }) => [name, ...aliases]),
      DIRECTIVE_ROWS,
    ],
    ['variables', library.variables.names, VARIABLE_ROWS],
    ['actions', library.actions.names, ACTION_ROWS],
    ['options of ctl', CTL_OPTIONS, CTL_ROWS],
    ['operators', library.operators.names, OPERATOR_ROWS],
    ['transformations', library.transformations.names, TRANSFORMATION_ROWS],
  ];

const namesOf = (rows: readonly Row[]): Set<string> => new Set(rows.map(({ name }) => name));

/** Names that no row tests. */
const untested = (names: readonly string[], rows: readonly Row[]): readonly string[] =>
  names.filter((name) => !namesOf(rows).has(name));

describe.each(TABLES)('the table of %s', (_kind, names, rows) => {
  it.each(names)('has a row for %s', (name) => {
    expect(untested([name], rows)).toEqual([]);
  });

  it('has rows for existing names only', () => {
    const known = new Set(names);
    expect([...namesOf(rows)].filter((name) => !known.has(name))).toEqual([]);
  });
});

describe('a row', () => {
  it('has rules with the variable that it names', () => {
    const others = VARIABLE_ROWS.filter(
      ({ name, target = name, rule = target }) => !new RegExp(`\\b${name}\\b`).test(rule),
    );
    expect(others).toEqual([]);
  });
});

describe('a record without a row', () => {
  it('is found', () => {
    const { transformations } = createLibrary({
      transformations: [
        { name: 'rot13', aliases: ['caesar'], summary: '', apply: (value) => value },
      ],
    });
    expect(untested(transformations.names, TRANSFORMATION_ROWS)).toEqual(['rot13', 'caesar']);
  });
});
